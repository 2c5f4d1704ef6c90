// The command `decode`: the bytes on the wire in a log that was saved before, in words. The monitor does the same to a log
// that it receives, with --decode.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { HELP, helpOf, readWords } from "../../build/command-line.ts";
import { Failure, outcomesAsText } from "../failures.ts";
import { onlyOne, usage } from "../options.ts";
import { userPath } from "../paths.ts";
import { asJson, type Entry, readLine } from "./log-line.ts";
import { Translator } from "./translator.ts";

const OPTIONS = { ...HELP } as const;

export const DECODE_USAGE = `npx espruino-mqtt-ws decode [FILE] [options]

Prints a log with its bytes on the wire ("log": 4 in config.json) as WebSocket frames and MQTT packets, in words. FILE is
what the monitor has written with --log; without FILE the log comes from the standard input.

${helpOf(OPTIONS)}
Exit codes:
${outcomesAsText()}`;

export async function decode(args: string[]): Promise<number> {
  const { values, positionals } = usage(() => readWords(args, OPTIONS, true));
  if (values.help) {
    process.stdout.write(DECODE_USAGE);
    return 0;
  }
  const file = onlyOne(positionals, "file");
  const translator = new Translator();
  for await (const line of createInterface({ input: file === undefined ? process.stdin : await open(file) }))
    for (const text of inWords(translator, line)) console.log(text);
  return 0;
}

/** The time of the monitor's clock, which it has put in front of each line. */
const CLOCK = /^\d\d:\d\d:\d\d\.\d{3} /;

/** A line as the board sent it, as the monitor saved it, or as its --json saved it; and the same with words. */
function inWords(translator: Translator, line: string): string[] {
  const saved = line.startsWith("{") ? fromJson(line) : undefined;
  if (saved) return translator.take(saved).map(asJson);
  const [clock = ""] = CLOCK.exec(line) ?? [];
  const entry = readLine(line.slice(clock.length), new Date(0));
  return translator.take(entry).map((each) => clock + each.line);
}

/** An entry that was saved as JSON; undefined if the line is none. */
function fromJson(line: string): Entry | undefined {
  try {
    const { time, ms, level, module, text } = JSON.parse(line);
    if (typeof module !== "string" || typeof text !== "string") return undefined;
    return { time: new Date(time), line: text, log: { ms, level, module, text } };
  } catch {
    return undefined;
  }
}

/** Rejects with a Failure if the file cannot be read. */
function open(file: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const input = createReadStream(userPath(file), "latin1");
    input.once("open", () => resolve(input));
    input.once("error", () => reject(new Failure("file", `${file} cannot be read`)));
  });
}
