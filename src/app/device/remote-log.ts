// Warnings and errors of the log to `<base>/<id>/log`, a few at a time. Lines are only noted where they come up, which
// may be anywhere; they leave from the second's tick, and what that logs itself is not told.

import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import { publish } from "../../mqtt/request";
import { type Device, LINE_EVERY_S, LINES_AT_ONCE, MAX_LINES, MAX_LOG_LINE, MAX_WHY } from "./state";

/** Puts an ear to the log. */
export function listenToLog(link: Link): void {
  const print = link.log.print;
  const d = link.own as Device;
  link.log.print = function (line) {
    print(line);
    if (/^[0-9a-f]+ 1 |^[0-9a-f]+ 2 [a-z]+ warning/.test(line)) note(d, line);
  };
}

function note(d: Device, line: Bytes): void {
  const why = line.split(" link DOWN: ")[1];
  if (why) d.why = why.split(", again in ")[0]!.substr(0, MAX_WHY);
  if (d.lineCredit < 0) return;
  // Without the time, which is that of the next second.
  if (d.lines.length < MAX_LINES) d.lines.push(line.substr(line.indexOf(" ") + 1).substr(0, MAX_LOG_LINE));
  else d.unsaid++;
}

/** Tells what waits, as far as that may be. To be called every second. */
export function tellLines(link: Link): void {
  const d = link.own as Device;
  if (d.lineCredit < LINES_AT_ONCE && link.upSeconds % LINE_EVERY_S === 0) d.lineCredit++;
  const credit = d.lineCredit;
  if (!credit || !d.lines.length) return;
  let line = d.lines.shift()!;
  if (!d.lines.length && d.unsaid) {
    line += " (and " + d.unsaid + " lines more)";
    d.unsaid = 0;
  }
  // Below zero nothing is noted.
  d.lineCredit = -1;
  publish(link.client, d.prefix + "log", line, 1, false);
  d.lineCredit = credit - 1;
}
