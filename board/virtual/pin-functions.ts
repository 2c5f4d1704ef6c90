// Espruino's functions for pins: D0..., Pin, digitalWrite and so on, as in the engine's source (2v29). setWatch is in
// pin-watches.ts. The pins themselves, and the world that they are wired to, are in pins.ts.
import { type PinHost, PinWatches } from "./pin-watches.ts";
import type { Obj } from "./realm.ts";

const MODES =
  "analog input input_pullup input_pulldown output opendrain opendrain_pullup af_output af_opendrain auto".split(
    " ",
  );

export class PinFunctions {
  private readonly objects = new Map<string, Obj>();
  private readonly watches: PinWatches;

  constructor(private readonly host: PinHost) {
    const { realm, pins } = host;
    this.watches = new PinWatches(host, (name) => this.objects.get(name));
    for (const name of pins.names) this.objects.set(name, this.pinObject(name));
    realm.define(realm.global, {
      ...Object.fromEntries(this.objects),
      Pin: (value: unknown) => this.objects.get(this.find(value) ?? ""),
      ...this.reading(),
      ...this.writing(),
      setWatch: (callback: unknown, pin: unknown, options: unknown) =>
        this.watches.add(callback, this.must(pin), options),
      clearWatch: (...ids: unknown[]) => this.watches.clear(ids),
    });
    // The engine's board file has these names.
    if (pins.chip === "ESP32")
      realm.define(realm.global, { LED1: this.objects.get("D2"), BTN1: this.objects.get("D0") });
  }

  /** Whether the debounce of a watch is running. */
  get pending(): boolean {
    return this.watches.pending;
  }

  /** The end of this boot. */
  stop(): void {
    this.watches.stop();
  }

  private pinObject(name: string): Obj {
    const { realm, pins } = this.host;
    const pin = realm.object();
    realm.define(pin, {
      toString: () => name,
      read: () => pins.level(name) === 1,
      write: (level: unknown) => pins.drive(name, level ? 1 : 0),
      set: () => pins.drive(name, 1),
      reset: () => pins.drive(name, 0),
      toggle: () => {
        pins.drive(name, 1 - pins.level(name));
        return pins.level(name) === 1;
      },
      mode: (mode: unknown) => this.setMode(name, mode),
      getMode: () => pins.modeOf(name),
      pwm: (share: unknown, options?: Obj) => pins.drive(name, share01(share), Number(options?.freq) || 0),
      analog: () => pins.voltage(name),
    });
    return pin;
  }

  private reading(): Obj {
    const { pins } = this.host;
    return {
      digitalRead: (pin: unknown) =>
        Array.isArray(pin)
          ? Array.from(pin).reduce((bits: number, one) => bits * 2 + pins.level(this.must(one)), 0)
          : pins.level(this.must(pin)),
      analogRead: (pin: unknown) => pins.voltage(this.must(pin)),
      getPinMode: (pin: unknown) => pins.modeOf(this.must(pin)),
    };
  }

  private writing(): Obj {
    const { pins } = this.host;
    return {
      digitalWrite: (pin: unknown, level: unknown) => {
        // A list takes the bits of a number, the last pin its lowest one.
        const list: unknown[] = Array.isArray(pin) ? Array.from(pin) : [pin];
        const bits = Array.isArray(pin) ? Number(level) : Number(!!level);
        for (const [i, one] of list.entries())
          pins.drive(this.must(one), (bits >> (list.length - 1 - i)) & 1);
      },
      analogWrite: (pin: unknown, share: unknown, options?: Obj) =>
        pins.drive(this.must(pin), share01(share), Number(options?.freq) || 0),
      pinMode: (pin: unknown, mode: unknown = "auto") => this.setMode(this.must(pin), mode),
    };
  }

  private setMode(name: string, mode: unknown): void {
    if (!MODES.includes(mode as string)) throw this.host.realm.error("Error", "Unknown pin mode");
    this.host.pins.setMode(name, mode as string);
  }

  /** The name of a pin given as such or as text; undefined if there is none. */
  private find(pin: unknown): string | undefined {
    const name = String(pin);
    return this.objects.has(name) ? name : undefined;
  }

  private must(pin: unknown): string {
    const name = this.find(pin);
    if (name === undefined) throw this.host.realm.error("Error", "Invalid pin");
    return name;
  }
}

function share01(share: unknown): number {
  return Math.min(1, Math.max(0, Number(share) || 0));
}
