// A device as the page knows it: what its topics have said, and what was asked of it.

import { type Fields, fieldsOf, numberIn } from "../shared/shown.ts";
import { addPoint, newCurve } from "./curve-data.ts";
import { MAX_LINES, MAX_PINS, MAX_PRESSES } from "./limits.ts";
import { parseLine } from "./log-line.ts";
import { CURVES, type CurveName, type Device } from "./records.ts";
import type { Own } from "./topics.ts";
import { trialRestarts } from "./trial.ts";

export function newDevice(id: string): Device {
  return {
    id,
    state: "",
    since: undefined,
    status: {},
    telemetry: {},
    curves: Object.fromEntries(CURVES.map((name) => [name, newCurve()])) as Device["curves"],
    pins: new Map(),
    presses: [],
    log: [],
    orders: [],
    update: undefined,
    config: undefined,
    trial: undefined,
    births: 0,
  };
}

/** Takes a message of the device, except answers. @param kept whether the broker had kept it: it may be old */
export function take(device: Device, place: Own, text: string, kept: boolean, now: number): void {
  if (place.kind === "status") takeStatus(device, text, kept, now);
  else if (place.kind === "telemetry") takeTelemetry(device, fieldsOf(text), now);
  else if (place.kind === "update") device.update = text ? (fieldsOf(text) ?? {}) : undefined;
  else if (place.kind === "log") keep(device.log, parseLine(text, now), MAX_LINES);
  else if (place.kind === "press")
    keep(device.presses, { pin: place.name, length: text, at: now }, MAX_PRESSES);
  else takePin(device, place.name, text, now);
}

/** Adds to a list, and drops the oldest over the bound. */
export function keep<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.splice(0, list.length - most);
}

function takeStatus(device: Device, text: string, kept: boolean, now: number): void {
  const fields = fieldsOf(text) ?? {};
  const state = typeof fields.state === "string" ? fields.state : "";
  if (state !== device.state || !kept) device.since = kept ? undefined : now;
  device.state = state;
  // Of the last birth: a will says nothing but its reason.
  device.status = state === "online" ? fields : { ...device.status, reason: fields.reason };
  if (state === "online") {
    device.births++;
    point(device, "jsVars", fields, now);
    point(device, "rssi", fields, now);
  }
  if (device.trial && !kept) trialRestarts(device.trial, state);
}

function takeTelemetry(device: Device, fields: Fields | undefined, now: number): void {
  if (!fields) return;
  device.telemetry = fields;
  for (const name of CURVES) point(device, name, fields, now);
}

function point(device: Device, name: CurveName, fields: Fields, now: number): void {
  const value = numberIn(fields, name);
  if (value !== undefined) addPoint(device.curves[name], now, value);
}

function takePin(device: Device, name: string, text: string, now: number): void {
  const known = device.pins.get(name);
  // A retained message without payload takes a pin back.
  if (!text) device.pins.delete(name);
  if (!text || (!known && device.pins.size >= MAX_PINS)) return;
  const pin = known ?? { name, state: "", curve: newCurve() };
  pin.state = text;
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) addPoint(pin.curve, now, Number(text));
  device.pins.set(name, pin);
}
