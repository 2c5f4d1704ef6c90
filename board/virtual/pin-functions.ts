// Espruino's functions for pins: D0..., Pin, digitalWrite, setWatch and its debouncing, as in the engine's source
// (2v29). The pins themselves, and the world that they are wired to, are in pins.ts.
import type { Clock } from "./clock.ts";
import type { Events } from "./events.ts";
import type { Pins } from "./pins.ts";
import type { Obj, Realm } from "./realm.ts";

const MODES =
  "analog input input_pullup input_pulldown output opendrain opendrain_pullup af_output af_opendrain auto".split(
    " ",
  );

interface Watch {
  name: string;
  callback: unknown;
  repeat: boolean;
  /** 1 rising, -1 falling, 0 both. */
  edge: number;
  debounceMs: number;
  state: boolean;
  /** Time of the last change that was reported, in seconds. */
  lastTime: number | undefined;
  /** Ends the wait for the debounced pin. */
  cancel?: () => void;
}

/** The part of a boot that the functions use. */
export interface PinHost {
  realm: Realm;
  events: Events;
  clock: Clock;
  pins: Pins;
  /** Seconds, as `getTime`. */
  time(): number;
  /** Wakes up the idle loop. */
  poke(): void;
}

export class PinFunctions {
  private readonly objects = new Map<string, Obj>();
  private readonly watches = new Map<number, Watch>();
  private readonly unlisten: () => void;
  private last = 0;

  constructor(private readonly host: PinHost) {
    const { realm, pins } = host;
    this.unlisten = pins.listen((name) => this.changed(name));
    for (const name of pins.names) this.objects.set(name, this.pinObject(name));
    realm.define(realm.global, {
      ...Object.fromEntries(this.objects),
      Pin: (value: unknown) => this.objects.get(this.find(value) ?? ""),
      ...this.reading(),
      ...this.writing(),
      setWatch: (callback: unknown, pin: unknown, options: unknown) => this.watch(callback, pin, options),
      clearWatch: (...ids: unknown[]) => this.unwatch(ids),
    });
    // The engine's board file has these names.
    if (pins.chip === "ESP32")
      realm.define(realm.global, { LED1: this.objects.get("D2"), BTN1: this.objects.get("D0") });
  }

  /** Whether a pin is about to be told of. */
  get pending(): boolean {
    return [...this.watches.values()].some((watch) => watch.cancel);
  }

  /** The end of this boot. */
  stop(): void {
    this.unlisten();
    for (const watch of this.watches.values()) watch.cancel?.();
    this.watches.clear();
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

  private watch(callback: unknown, pin: unknown, options: unknown): number {
    const { realm, pins } = this.host;
    const name = this.must(pin);
    const given: Obj =
      typeof options === "object" && options !== null ? (options as Obj) : { repeat: options };
    const edge = [1, -1, 0, "rising", "falling", "both", undefined].indexOf(given.edge as never);
    if (edge < 0)
      throw realm.error("TypeError", "'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'");
    if (typeof callback !== "function" && typeof callback !== "string")
      throw realm.error("Error", "Function or String not supplied!");
    if (pins.modeOf(name) === "auto") pins.setMode(name, "input");
    this.watches.set(++this.last, {
      name,
      callback,
      repeat: !!given.repeat,
      edge: [1, -1, 0][edge % 3] as number,
      debounceMs: Math.max(0, Number(given.debounce) || 0),
      state: pins.level(name) === 1,
      lastTime: undefined,
    });
    return this.last;
  }

  private unwatch(ids: unknown[]): void {
    const fail = (text: string) => this.host.realm.error("Error", text);
    if (ids.length === 0) for (const id of [...this.watches.keys()]) this.forget(id);
    else if (ids[0] === undefined) throw fail("clearWatch(undefined) not allowed. Use clearWatch() instead");
    else if (!this.watches.has(Number(ids[0]))) throw fail(`Unknown Watch ${ids[0]}`);
    else this.forget(Number(ids[0]));
  }

  private forget(id: number): void {
    this.watches.get(id)?.cancel?.();
    this.watches.delete(id);
  }

  /** Tells at once, or when the pin has been at rest for as long as was asked for. */
  private changed(name: string): void {
    for (const [id, watch] of this.watches) {
      if (watch.name !== name) continue;
      watch.cancel?.();
      watch.cancel = undefined;
      const level = this.host.pins.level(name) === 1;
      if (level === watch.state) continue;
      const time = this.host.time();
      if (watch.debounceMs === 0) this.tell(id, watch, level, time);
      else {
        watch.cancel = this.host.clock.wake(this.host.clock.now() + watch.debounceMs, () => {
          watch.cancel = undefined;
          this.tell(id, watch, level, time);
        });
      }
    }
  }

  private tell(id: number, watch: Watch, state: boolean, time: number): void {
    const { events, realm } = this.host;
    const { lastTime, name } = watch;
    watch.state = state;
    watch.lastTime = time;
    if (watch.edge && watch.edge > 0 !== state) return;
    events.later(watch.callback, realm.object({ state, lastTime, time, pin: this.objects.get(name) }));
    if (!watch.repeat) this.forget(id);
    this.host.poke();
  }
}

function share01(share: unknown): number {
  return Math.min(1, Math.max(0, Number(share) || 0));
}
