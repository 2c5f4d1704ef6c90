// A pin of a virtual board, as the world outside sees it.
import { after, type Clock } from "../board/virtual/clock.ts";
import type { Pins } from "../board/virtual/pins.ts";
import type { Pin } from "./kit.ts";

export class VirtualPin implements Pin {
  constructor(
    private readonly pins: Pins,
    private readonly clock: Clock,
    private readonly name: string,
  ) {
    if (!pins.names.includes(name))
      throw new TypeError(`pin: expected D0 to ${pins.names.at(-1)}, got ${name}`);
  }

  press(ms: number): void {
    if (!(ms > 0)) throw new TypeError(`pin.press: expected ms above 0, got ${ms}`);
    const rest = this.pins.given(this.name);
    this.pins.put(this.name, 1 - this.level);
    after(this.clock, ms, () => this.pins.put(this.name, rest));
  }

  set(share: number): void {
    if (!(share >= 0 && share <= 1)) throw new TypeError(`pin.set: expected 0..1, got ${share}`);
    this.pins.put(this.name, share);
  }

  release(): void {
    this.pins.put(this.name, undefined);
  }

  get level(): 0 | 1 {
    return this.pins.level(this.name) as 0 | 1;
  }

  get output(): number | undefined {
    return this.pins.output(this.name).out;
  }

  get hz(): number {
    return this.pins.output(this.name).hz;
  }

  get mode(): string {
    return this.pins.modeOf(this.name);
  }
}
