// Warnings and errors of the log go to `<base>/<id>/log`, at a limited rate. A line is only queued when it is logged,
// because that may be deep in the stack (engine 19). The tick publishes it; lines that this causes are not queued.

import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import { pieces } from "../../mqtt/bytes";
import { publish } from "../../mqtt/request";
import { type Device, LINE_EVERY_S, LINES_AT_ONCE, MAX_LINES, MAX_LOG_LINE, MAX_WHY } from "./record";

/** Begins to listen to the log. */
export function listenToLog(link: Link): void {
  const print = link.log.print;
  const device = link.own as Device;
  link.log.print = function (line) {
    print(line);
    if (/^[0-9a-f]+ 1 |^[0-9a-f]+ 2 [a-z]+ warning/.test(line)) note(device, line);
  };
}

function note(device: Device, line: Bytes): void {
  const why = line.split(" link DOWN: ")[1];
  if (why) device.why = pieces(why, ", again in ")[0]!.substr(0, MAX_WHY);
  if (device.lineCredit < 0) return;
  // Without the time stamp.
  if (device.lines.length < MAX_LINES)
    device.lines.push(line.substr(line.indexOf(" ") + 1).substr(0, MAX_LOG_LINE));
  else device.unsaid++;
}

/** Publishes the next line, if the rate allows it. To be called every second. */
export function publishLines(link: Link): void {
  const device = link.own as Device;
  if (device.lineCredit < LINES_AT_ONCE && link.upSeconds % LINE_EVERY_S === 0) device.lineCredit++;
  const credit = device.lineCredit;
  if (!credit || !device.lines.length) return;
  let line = device.lines.shift()!;
  if (!device.lines.length && device.unsaid) {
    line += " (and " + device.unsaid + " lines more)";
    device.unsaid = 0;
  }
  // Below zero no line is queued.
  device.lineCredit = -1;
  publish(link.client, device.prefix + "log", line, 1, false);
  device.lineCredit = credit - 1;
}
