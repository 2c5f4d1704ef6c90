// Digital inputs (state, short and long presses) and analogue ones (scaled, told when they moved enough).

import type { Bytes } from "../../board";
import type { PinConfig } from "../../config/config-file";
import type { Link } from "../../link/rungs";
import { ANALOG_IN, type Device, DIGITAL_IN, type Pin, tell } from "./record";

/** Listens to all digital inputs: one listener for all. */
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

/** Made in a function of its own, whose other variables it would keep in memory. */
function listener(link: Link): (name: Bytes, level: number, ms: number) => void {
  return function (name, level, ms) {
    onInput(link, name, level, ms);
  };
}

/** An input has changed, and was as it was before for so many milliseconds. */
function onInput(link: Link, name: Bytes, level: number, ms: number): void {
  const pins = link.device!.pins;
  for (let i = 0; i < pins.length; i++) {
    const pin = pins[i]!;
    if (pin.pin !== name) continue;
    pin.value = level ^ (pin.inverted || 0);
    tellInput(link, pin);
    // Let go of: told once, not kept for those who come later.
    if (pin.period && !pin.value && ms)
      tell(link, "pin/" + pin.name + "/press", ms >= pin.period ? "long" : "short", 1, false);
  }
}

/** Says what an input is. */
export function tellInput(link: Link, pin: Pin): void {
  tell(link, "pin/" + pin.name, pin.value ? "on" : "off", 1, true);
}

/** Measures what is due; told is what has moved by `delta`, or was never told. To be called every second. */
export function measureDue(link: Link): void {
  const device = link.device!;
  for (let i = 0; i < device.pins.length; i++) {
    const pin = device.pins[i]!;
    if (pin.kind !== ANALOG_IN || --pin.measureIn!) continue;
    pin.measureIn = pin.period;
    const value = device.world.pins.measure(pin.pin) * (pin.scale || 1) + (pin.offset || 0);
    const moved = value - pin.value;
    // NaN, which nothing compares with, the first time.
    const delta = pin.delta || 0;
    if (moved === 0 || (moved < delta && -moved < delta)) continue;
    pin.value = value;
    tellAnalog(link, pin);
  }
}

/** Says what was measured last. */
export function tellAnalog(link: Link, pin: Pin): void {
  if (pin.value === pin.value) tell(link, "pin/" + pin.name, "" + round3(pin.value), 1, true);
}

/** Three decimals. */
function round3(value: number): number {
  return +value.toFixed(3);
}
