// The pins of a virtual chip as the world outside sees them: buttons are pressed, voltages put on, lamps looked at.
// Knows which pins a chip has from board/chips/<chip>.json; what a program does with them is in pin-functions.ts.
import { readFileSync } from "node:fs";

/** One pin. */
interface Wire {
  /** As `pinMode` names it, "auto" before that. */
  mode: string;
  /** What the program puts out, share of the time that it is high: 0..1, undefined while it puts out nothing. */
  out: number | undefined;
  /** Of PWM, in Hz; 0 = none. */
  hz: number;
  /** What the world puts on it: 0..1 of the highest voltage, undefined while it is open. */
  in: number | undefined;
}

/** What happened at a pin. */
export type PinNews = (name: string, pins: Pins) => void;

export class Pins {
  /** All that the engine knows by name, free or not. */
  readonly names: string[];
  private readonly wires = new Map<string, Wire>();
  private readonly analog: string[];
  private readonly listeners = new Set<PinNews>();

  /** @param chip ESP32, ESP32C3 or ESP32S3 */
  constructor(readonly chip = "ESP32") {
    const { pins } = JSON.parse(readFileSync(new URL(`../chips/${chip}.json`, import.meta.url), "utf8"));
    this.analog = pins.analog.split(" ");
    const numbers = `${pins.digital} ${pins.inputOnly}`.match(/\d+/g)!.map(Number);
    this.names = Array.from({ length: Math.max(...numbers) + 1 }, (_, i) => `D${i}`);
    for (const name of this.names)
      this.wires.set(name, { mode: "auto", out: undefined, hz: 0, in: undefined });
  }

  /** Calls `news` at every change, by the program or from outside. Returns a function that ends this. */
  listen(news: PinNews): () => void {
    this.listeners.add(news);
    return () => this.listeners.delete(news);
  }

  /** Power on: nothing is put out. What the world puts on the pins stays. */
  reset(): void {
    for (const wire of this.wires.values()) Object.assign(wire, { mode: "auto", out: undefined, hz: 0 });
  }

  /** The world puts a level (0, 1) or a share of the highest voltage on a pin, or lets go of it. */
  put(name: string, level: number | undefined): void {
    this.wire(name).in = level;
    this.tell(name);
  }

  /** What the world puts on a pin, undefined while it is open. */
  given(name: string): number | undefined {
    return this.wire(name).in;
  }

  /** The program puts out: a level, or a share of the time. */
  drive(name: string, out: number, hz = 0): void {
    const wire = this.wire(name);
    Object.assign(wire, { out, hz, mode: wire.mode === "auto" ? "output" : wire.mode });
    this.tell(name);
  }

  setMode(name: string, mode: string): void {
    const wire = this.wire(name);
    wire.mode = mode;
    // Only an output drives.
    if (/^(input|analog)/.test(mode)) Object.assign(wire, { out: undefined, hz: 0 });
    this.tell(name);
  }

  modeOf(name: string): string {
    return this.wire(name).mode;
  }

  /** The level that a program reads: what it puts out itself, else what the world does, else the pull. */
  level(name: string): number {
    const { out, in: put, mode } = this.wire(name);
    return (out ?? put ?? (mode === "input_pullup" ? 1 : 0)) >= 0.5 ? 1 : 0;
  }

  /** What `analogRead` says; NaN where the chip cannot measure. */
  voltage(name: string): number {
    if (!this.analog.includes(name)) return Number.NaN;
    return Math.min(1, Math.max(0, this.wire(name).in ?? 0));
  }

  /** What the program puts out: 0..1, undefined if nothing; and the frequency of PWM, else 0. */
  output(name: string): { out: number | undefined; hz: number } {
    const { out, hz } = this.wire(name);
    return { out, hz };
  }

  private wire(name: string): Wire {
    const wire = this.wires.get(name);
    if (!wire) throw new Error(`${this.chip} has no pin ${name}`);
    return wire;
  }

  private tell(name: string): void {
    for (const news of this.listeners) news(name, this);
  }
}
