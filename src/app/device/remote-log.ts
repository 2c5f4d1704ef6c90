// Warnings and errors of the log go to `<base>/<id>/log`, at a limited rate. A line is only queued when it is logged,
// because that may be deep in the stack (engine 19). The tick publishes it; lines that this causes are not queued.

import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import type { Log } from "../../log";
import {
  AT_LEAST_ONCE,
  type Device,
  LINE_EVERY_S,
  LINES_AT_ONCE,
  MAX_LINES,
  MAX_LOG_LINE,
  send,
} from "./record";

/** Begins to listen to the log. The closure has nothing else in its scope (engine 9). */
export function listenTo(log: Log, device: Device): void {
  log.note = function (line) {
    note(device, line);
  };
}

function note(device: Device, line: Bytes): void {
  if (device.lineCredit < 0) return;
  if (device.lines.length < MAX_LINES) device.lines.push(line.substr(0, MAX_LOG_LINE));
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
  send(link, device.prefix + "log", line, AT_LEAST_ONCE);
  device.lineCredit = credit - 1;
}
