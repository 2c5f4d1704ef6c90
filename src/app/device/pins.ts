// The pins in config.json: the keys of each kind, their mistakes, and the record of a pin. A pin with a mistake is logged
// and left out; the others work.

import type { Bytes, Use } from "../../board";
import {
  BOOLEAN,
  type Check,
  checkConfig,
  NUMBER,
  type Report,
  type Rule,
  type Schema,
  TEXT,
} from "../../config/check";
import type { PinConfig } from "../config-file";
import {
  ANALOG_IN,
  type DeviceWorld,
  DIGITAL_IN,
  DIGITAL_OUT,
  MAX_NAME,
  MAX_PINS,
  type Pin,
  PWM_OUT,
} from "./record";

/** Reads `device.pins`, and reports every mistake. */
export function readPins(report: Report, world: DeviceWorld, config: { [name: Bytes]: PinConfig }): Pin[] {
  const list: Pin[] = [];
  let used = " ";
  for (const name in config) {
    const path = "device.pins." + name;
    const it = config[name]!;
    let wrong = "";
    if (!/^[A-Za-z0-9_-]+$/.test(name) || name.length > MAX_NAME)
      wrong = "expected a name of 1.." + MAX_NAME + " letters, digits, _ and -";
    else if (list.length === MAX_PINS) wrong = "more than " + MAX_PINS + " pins";
    else if (checkConfig(report, rulesOf(it && it.use), it, path)) continue;
    else wrong = world.pins.unfit(it.pin, it.use as Use);
    if (!wrong && used.split(" " + it.pin + " ").length > 1) wrong = it.pin + " is used already";
    if (wrong) report(path, "left out: " + wrong);
    else {
      used += it.pin + " ";
      list.push(newPin(name, it));
    }
  }
  return list;
}

function newPin(name: Bytes, it: PinConfig): Pin {
  const kind =
    it.use === "output"
      ? DIGITAL_OUT
      : it.use === "input"
        ? DIGITAL_IN
        : it.use === "pwm"
          ? PWM_OUT
          : ANALOG_IN;
  const pin = { name, pin: it.pin, kind, value: 0 } as Pin;
  // A field with its usual value is left out: each takes a JsVar or two (engine 13).
  if (it.inverted) pin.inverted = 1;
  if (it.boot === "last") pin.last = 1;
  if (it.boot === "on") pin.value = kind === PWM_OUT ? 100 : 1;
  if (kind === PWM_OUT) pin.period = it.hz;
  if (it.longMs) pin.period = it.longMs;
  if (kind === ANALOG_IN) {
    pin.period = it.everyS;
    pin.measureIn = 1;
    if (it.scale !== 1) pin.scale = it.scale;
    if (it.offset) pin.offset = it.offset;
    if (it.delta) pin.delta = it.delta;
    pin.value = NaN;
  }
  return pin;
}

/** The keys of a pin of this kind. An unknown kind has the keys that all kinds have. */
function rulesOf(kind: Bytes): Schema {
  const rules: Schema = {
    pin: [TEXT, 1, 8],
    use: [oneOf("output input analog pwm"), 0, 0],
    unit: [TEXT, 0, 16, ""],
    deviceClass: [TEXT, 0, 32, ""],
  };
  if (kind !== "analog") rules["inverted"] = [BOOLEAN, 0, 0, false];
  if (kind === "output" || kind === "pwm") rules["boot"] = [oneOf("off on last"), 0, 0, "off"];
  if (kind === "pwm") rules["hz"] = [NUMBER, 1, 40000, 1000];
  if (kind === "input") {
    rules["pull"] = [oneOf("up down none"), 0, 0, "up"];
    rules["debounceMs"] = [NUMBER, 0, 1000, 30];
    rules["longMs"] = [NUMBER, 0, 60000, 0];
  }
  if (kind === "analog") {
    const finite: unknown[] = [
      function (value: unknown) {
        return typeof value === "number" && value - value === 0 ? "" : "a number";
      },
      0,
      0,
    ];
    rules["everyS"] = [NUMBER, 1, 86400, 10];
    rules["scale"] = finite.concat(1) as Rule;
    rules["offset"] = finite.concat(0) as Rule;
    rules["delta"] = finite.concat(0) as Rule;
  }
  return rules;
}

function oneOf(words: Bytes): Check {
  return function (value) {
    const list = words.split(" ");
    return list.indexOf(value as Bytes) < 0 ? '"' + list.join('", "') + '"' : "";
  };
}
