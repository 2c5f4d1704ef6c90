// Telemetry: memory, signal, counters, the round trip of a PING. At most one report waits in the outbox.

import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import { ping } from "../../mqtt/client";
import { type Device, publishState } from "./record";

/** A random part of the interval, 1/8 at most: devices that were switched on together do not report together. */
const JITTER = 8;

/** Seconds until the next report. */
export function nextReport(link: Link): number {
  const s = (link.own as Device).interval;
  return s && (s + (link.board.chance() * s) / JITTER) | 0;
}

/** Counts the free JsVars, and keeps the lowest count. */
export function countFree(device: Device): number {
  const free = device.world.chip.varsLeft();
  if (!(free >= device.low)) device.low = free;
  return free;
}

/** Publishes a report. */
export function report(link: Link): void {
  publishState(link, "telemetry", numbers(link), 0, false);
  // After the report: the round trip is in the next one.
  if (ping(link.client)) (link.own as Device).pingedAt = link.board.uptime();
}

/** A report as JSON. */
export function numbers(link: Link): Bytes {
  const device = link.own as Device;
  const client = link.client;
  // A list, because the minifier would shorten the keys of a record (engine 8).
  const list: unknown[] = [
    "uptimeS",
    (link.board.uptime() / 1000) | 0,
    "jsVars",
    countFree(device),
    "jsVarsLow",
    device.low,
    "heap",
    device.world.chip.heapLeft(),
    "rssi",
    device.world.chip.signal(),
    "in",
    device.heard,
    "out",
    device.sent,
    "dropped",
    device.refused + (client.dropped || 0) + (client.lost || 0),
    "outbox",
    client.pending.length,
    "reconnects",
    device.ups - 1,
  ];
  if (device.pingMs >= 0) list.push("pingMs", device.pingMs);
  let text = "";
  for (let i = 0; i < list.length; i += 2) text += ',"' + list[i] + '":' + list[i + 1];
  return "{" + text.substr(1) + "}";
}

/** Measures the round trip of each PING. */
export function timePings(link: Link): void {
  link.client.ponged = ponged;
}

function ponged(link: Link): void {
  const device = link.own as Device;
  if (device.pingedAt) device.pingMs = link.board.uptime() - device.pingedAt;
  device.pingedAt = 0;
}
