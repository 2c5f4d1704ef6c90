// Digital inputs: state, short and long presses. Analogue inputs: scaled, published when they have moved by `delta`.

import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import type { PinConfig } from "../config-file";
import { ANALOG_IN, type Device, DIGITAL_IN, type Pin, publishState } from "./record";

/** Listens to all digital inputs, with one listener (engine 46). */
export function followInputs(link: Link, device: Device, config: { [name: Bytes]: PinConfig }): void {
  const report = listener(link);
  for (let i = 0; i < device.pins.length; i++) {
    const pin = device.pins[i]!;
    if (pin.kind !== DIGITAL_IN) continue;
    const it = config[pin.name]!;
    device.world.pins.follow(pin.pin, it.pull, it.debounceMs, report);
    pin.value = device.world.pins.getLevel(pin.pin) ^ (pin.inverted || 0);
  }
}

/** In a function of its own: a closure keeps the whole scope that made it (engine 9). */
function listener(link: Link): (name: Bytes, level: number, ms: number) => void {
  return function (name, level, ms) {
    onInput(link, name, level, ms);
  };
}

/** An input has changed. It had its previous level for `ms` milliseconds. */
function onInput(link: Link, name: Bytes, level: number, ms: number): void {
  const pins = (link.own as Device).pins;
  for (let i = 0; i < pins.length; i++) {
    const pin = pins[i]!;
    if (pin.pin !== name) continue;
    pin.value = level ^ (pin.inverted || 0);
    publishInput(link, pin);
    // A press is an event: it is not retained.
    if (pin.period && !pin.value && ms)
      publishState(link, "pin/" + pin.name + "/press", ms >= pin.period ? "long" : "short", 1, false);
  }
}

/** Publishes the state of an input. */
export function publishInput(link: Link, pin: Pin): void {
  publishState(link, "pin/" + pin.name, pin.value ? "on" : "off", 1, true);
}

/** To be called every second: measures what is due, publishes the first value and each that has moved by `delta`. */
export function measureDue(link: Link): void {
  const device = link.own as Device;
  for (let i = 0; i < device.pins.length; i++) {
    const pin = device.pins[i]!;
    if (pin.kind !== ANALOG_IN || --pin.measureIn!) continue;
    pin.measureIn = pin.period;
    const value = device.world.pins.measure(pin.pin) * (pin.scale || 1) + (pin.offset || 0);
    const moved = value - pin.value;
    // At the first value `moved` is NaN, and each comparison is false.
    const delta = pin.delta || 0;
    if (moved === 0 || (moved < delta && -moved < delta)) continue;
    pin.value = value;
    publishAnalog(link, pin);
  }
}

/** Publishes the last value, if there is one. */
export function publishAnalog(link: Link, pin: Pin): void {
  if (pin.value === pin.value) publishState(link, "pin/" + pin.name, "" + round3(pin.value), 1, true);
}

/** At most three decimals. */
function round3(value: number): number {
  return parseFloat(value.toFixed(3));
}
