// Digital outputs and PWM. Commands are words. The state is published retained, and saved in flash where it has to
// survive a restart.

import { allowed5, FIVE } from "#five";
import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import { ERROR, say } from "../../log";
import { publish } from "../../mqtt/request";
import { QUEUED, RETAIN, SUCCESS } from "../../mqtt/spec";
import { LATEST } from "../../mqtt/state";
import {
  AT_LEAST_ONCE,
  type Device,
  DIGITAL_OUT,
  LAST_FILE,
  numberOf,
  type Pin,
  PWM_OUT,
  publishState,
  refused,
  SAVE_AFTER_S,
} from "./record";

/** Longest pulse in milliseconds. */
export const MAX_PULSE_MS = 600000;
/** Blinks of identify, and milliseconds of each half of one. */
const BLINKS = 10;
const BLINK_MS = 250;

/** The output of this name. */
export function outputNamed(link: Link, name: Bytes): Pin | undefined {
  const pins = (link.own as Device).pins;
  for (let i = 0; i < pins.length; i++) {
    const pin = pins[i]!;
    if (pin.name === name && (pin.kind === DIGITAL_OUT || pin.kind === PWM_OUT)) return pin;
  }
  return undefined;
}

/** Sets the pin to its value, without publishing it. */
export function drive(device: Device, pin: Pin): void {
  const pins = device.world.pins;
  const value = pin.kind === PWM_OUT ? pin.value / 100 : pin.value;
  const level = pin.inverted ? 1 - value : value;
  if (pin.kind === PWM_OUT) pins.dim(pin.pin, level, pin.period!);
  else pins.setLevel(pin.pin, level);
}

/** At power-on: off, on, or as before the restart. */
export function driveAll(link: Link, device: Device): void {
  const noted = ("\n" + (link.board.readFile(LAST_FILE) || "") + "\n").split("\n");
  for (let i = 0; i < device.pins.length; i++) {
    const pin = device.pins[i]!;
    if (pin.kind !== DIGITAL_OUT && pin.kind !== PWM_OUT) continue;
    for (let n = 0; pin.last && n < noted.length; n++) {
      const parts = noted[n]!.split("=");
      if (parts[0] === pin.name) pin.value = numberOf(parts[1]!) || 0;
    }
    drive(device, pin);
  }
}

/**
 * Sets a pin to a value, 0..1 or 0..100, and publishes it. A digital output needs no other function of ours but `publish`: this
 * is what a device does all day (engine 23).
 * @resident
 */
export function setOutput(link: Link, pin: Pin, value: number): void {
  const device = link.own as Device;
  pin.turn = ((pin.turn || 0) + 1) & 1023;
  if (pin.last && value !== pin.value) device.saveIn = SAVE_AFTER_S;
  pin.value = value;
  if (pin.kind !== DIGITAL_OUT) {
    drive(device, pin);
    return publishOutput(link, pin);
  }
  device.world.pins.setLevel(pin.pin, pin.inverted ? 1 - value : value);
  device.sent++;
  const topic = device.prefix + "pin/" + pin.name;
  const flags = FIVE ? allowed5(link.client, AT_LEAST_ONCE | RETAIN) : AT_LEAST_ONCE | RETAIN;
  const qos = flags & AT_LEAST_ONCE ? 1 : 0;
  const reason = publish(
    link.client,
    topic,
    value ? "on" : "off",
    qos,
    !!(flags & RETAIN),
    undefined,
    LATEST,
  );
  if (reason !== SUCCESS && reason !== QUEUED) refused(link, topic, reason);
}

/** Publishes the state of an output. */
export function publishOutput(link: Link, pin: Pin): void {
  publishState(
    link,
    "pin/" + pin.name,
    pin.kind === PWM_OUT ? "" + pin.value : pin.value ? "on" : "off",
    1,
    true,
  );
}

/** Obeys `<base>/<id>/pin/<name>/set`: the whole payload, in any case. Returns "", or what is wrong with it. */
export function obeySet(link: Link, pin: Pin, payload: Bytes): Bytes {
  const words = payload.toLowerCase().split(" ");
  const word = words.length === 1 ? words[0] : "";
  const full = pin.kind === PWM_OUT ? 100 : 1;
  if (word === "on" || word === "off") setOutput(link, pin, word === "on" ? full : 0);
  else if (word === "toggle") setOutput(link, pin, pin.value ? 0 : full);
  else if (words[0] === "pulse") {
    const ms = words.length === 2 ? numberOf(words[1]!) : 0;
    if (!(ms >= 1 && ms <= MAX_PULSE_MS)) return "expected pulse 1.." + MAX_PULSE_MS + " (ms)";
    setOutput(link, pin, full);
    const turn = pin.turn;
    (link.own as Device).world.chip.after(ms, function () {
      if (pin.turn === turn) setOutput(link, pin, 0);
    });
  } else if (pin.kind !== PWM_OUT) return "expected on, off, toggle or pulse <ms>";
  else {
    const number = numberOf(payload);
    if (!(number >= 0 && number <= 100)) return "expected 0..100, on, off, toggle or pulse <ms>";
    setOutput(link, pin, number);
  }
  return "";
}

/** Blinks with an output, and leaves it as it was. */
export function blink(link: Link, pin: Pin, left: number = BLINKS * 2): void {
  const device = link.own as Device;
  const value = pin.value;
  pin.value = left % 2 ? 0 : pin.kind === PWM_OUT ? 100 : 1;
  if (left) drive(device, pin);
  pin.value = value;
  if (!left) return drive(device, pin);
  device.world.chip.after(BLINK_MS, function () {
    blink(link, pin, left - 1);
  });
}

/** Saves the outputs whose state has to survive a restart. */
export function saveOutputs(link: Link): void {
  const device = link.own as Device;
  let text = "";
  for (let i = 0; i < device.pins.length; i++) {
    const pin = device.pins[i]!;
    if (pin.last) text += pin.name + "=" + pin.value + "\n";
  }
  if (link.board.readFile(LAST_FILE) === text) return;
  const why = link.board.writeFile(LAST_FILE, text);
  if (why) say(link.log, ERROR, "device", "cannot save the states of outputs: " + why);
}
