// Parses one line of the firmware's log, `<hex ms since boot> <level> <module> <text>`, and formats it for people or
// programs.

export interface Entry {
  /** Time of arrival by the PC's clock. */
  time: Date;
  /** The line as the board sent it. */
  line: string;
  /** Its parts, if it is a line of the firmware. */
  log?: { ms: number; level: number; module: string; text: string };
}

const LINE = /^([0-9a-f]{1,12}) ([1-4]) (\S+) (.*)$/;

export function readLine(line: string, time: Date): Entry {
  const found = LINE.exec(line);
  if (!found) return { time, line };
  const [, ms, level, module, text] = found as unknown as [string, string, string, string, string];
  return { time, line, log: { ms: Number.parseInt(ms, 16), level: Number(level), module, text } };
}

/** The same entry with another text. */
export function withText(entry: Entry, text: string): Entry {
  const { log } = entry;
  if (!log) return { ...entry, line: text };
  return {
    ...entry,
    line: `${log.ms.toString(16)} ${log.level} ${log.module} ${text}`,
    log: { ...log, text },
  };
}

/** Colours by level, errors first. Lines of the engine's console have their own. */
const COLOURS = ["", "31", "0", "36", "90"];
const CONSOLE_COLOUR = "33";

export function asText({ time, line, log }: Entry, colour: boolean): string {
  const clock = clockOf(time);
  if (!colour) return `${clock} ${line}`;
  return `\x1b[90m${clock}\x1b[0m \x1b[${log ? COLOURS[log.level] : CONSOLE_COLOUR}m${line}\x1b[0m`;
}

export function asJson({ time, line, log }: Entry): string {
  return JSON.stringify({ time: time.toISOString(), ...(log ?? { text: line }) });
}

/** Hours, minutes, seconds and milliseconds, local time. */
export function clockOf(time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const ms = String(time.getMilliseconds()).padStart(3, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
}
