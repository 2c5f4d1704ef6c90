// Warnings and errors of the log to `<base>/<id>/log`, a few at a time. Lines are only noted where they come up, which
// may be anywhere; they leave from the second's tick, and what that logs itself is not told.

import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import { publish } from "../../mqtt/request";
import { type Device, LINE_EVERY_S, LINES_AT_ONCE, MAX_LINES, MAX_LOG_LINE, MAX_WHY } from "./record";

/** Puts an ear to the log. */
export function listenToLog(link: Link): void {
  const print = link.log.print;
  const device = link.device!;
  link.log.print = function (line) {
    print(line);
    if (/^[0-9a-f]+ 1 |^[0-9a-f]+ 2 [a-z]+ warning/.test(line)) note(device, line);
  };
}

function note(device: Device, line: Bytes): void {
  const why = line.split(" link DOWN: ")[1];
  if (why) device.why = why.split(", again in ")[0]!.substr(0, MAX_WHY);
  if (device.lineCredit < 0) return;
  // Without the time, which is that of the next second.
  if (device.lines.length < MAX_LINES)
    device.lines.push(line.substr(line.indexOf(" ") + 1).substr(0, MAX_LOG_LINE));
  else device.unsaid++;
}

/** Tells what waits, as far as that may be. To be called every second. */
export function tellLines(link: Link): void {
  const device = link.device!;
  if (device.lineCredit < LINES_AT_ONCE && link.upSeconds % LINE_EVERY_S === 0) device.lineCredit++;
  const credit = device.lineCredit;
  if (!credit || !device.lines.length) return;
  let line = device.lines.shift()!;
  if (!device.lines.length && device.unsaid) {
    line += " (and " + device.unsaid + " lines more)";
    device.unsaid = 0;
  }
  // Below zero nothing is noted.
  device.lineCredit = -1;
  publish(link.client, device.prefix + "log", line, 1, false);
  device.lineCredit = credit - 1;
}
