// Judges a run of the board by its log: hello came back and the board is done, or the first failure.
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";

export type Verdict = { ok: true } | { ok: false; reason: string };

const RECEIVED = /^[0-9a-f]+ 2 \S+ RECEIVED /;
/** The link failed; the group is the reason. */
const DOWN = /^[0-9a-f]+ 1 link DOWN: (.*?)(?:, again in .*)?$/;
/** A mistake in config.json. Other errors, for example a message that was dropped, do not end the run. */
const ERROR = /^[0-9a-f]+ 1 (config .*)$/;
/** An exception that the firmware did not catch. */
const UNCAUGHT = /^(Uncaught .*)$/;

/**
 * Boots the board and waits until it is done, has failed, or `timeoutS` seconds of the PC's time are over.
 * @param patient whether a link that is down is no failure yet
 */
export async function judge(
  board: VirtualBoard,
  timeoutS: number,
  message = "",
  patient = false,
): Promise<Verdict> {
  board.boot();
  const failure = () => failureOf(board, patient);
  const back = () => board.lines.some((line) => RECEIVED.test(line) && line.includes(` ${shown(message)}`));
  const over = () => failure() !== undefined || board.idle;
  try {
    await board.until(over, "the end", timeoutS * 1000);
  } catch {
    const last = board.lines.at(-1) ?? "nothing";
    return { ok: false, reason: `not done after ${timeoutS} s; the last line was: ${last}` };
  }
  const reason = failure();
  if (reason !== undefined) return { ok: false, reason };
  if (!back()) return { ok: false, reason: "the board is done, but the message did not come back" };
  return board.wifi.linked ? { ok: true } : { ok: false, reason: "the board is done, but it left the Wi-Fi" };
}

/** The verdict on a program of the user's own: whether it threw. */
export function verdictOn(board: VirtualBoard): Verdict {
  const reason = board.lines.find((line) => UNCAUGHT.test(line));
  return reason === undefined ? { ok: true } : { ok: false, reason };
}

/** The start of a message as the firmware's log shows it: control characters become dots, long lines are cut. */
function shown(message: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  return message.slice(0, 100).replace(/[\x00-\x1f\x7f]|\xc2[\x80-\x9f]/g, ".");
}

/**
 * The first failure in the board's log.
 * @param patient whether a link that is down is none
 */
export function failureOf(board: VirtualBoard, patient: boolean): string | undefined {
  return board.lines.map((line) => failureIn(line, patient)).find((reason) => reason !== undefined);
}

function failureIn(line: string, patient: boolean): string | undefined {
  return ((patient ? null : DOWN.exec(line)) ?? ERROR.exec(line) ?? UNCAUGHT.exec(line))?.[1];
}
