// Espruino's `setWatch` and its debouncing, as in the engine's source (2v29).
import type { Clock } from "./clock.ts";
import type { Events } from "./events.ts";
import type { Pins } from "./pins.ts";
import type { Obj, Realm } from "./realm.ts";

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

/** The part of a boot that pins use. */
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

export class PinWatches {
  private readonly watches = new Map<number, Watch>();
  private readonly unlisten: () => void;
  private last = 0;

  /** @param pinOf the program's object for a pin */
  constructor(
    private readonly host: PinHost,
    private readonly pinOf: (name: string) => Obj | undefined,
  ) {
    this.unlisten = host.pins.listen((name) => this.changed(name));
  }

  /** Whether the debounce of a watch is running. */
  get pending(): boolean {
    return [...this.watches.values()].some((watch) => watch.cancel);
  }

  /** The end of this boot. */
  stop(): void {
    this.unlisten();
    for (const watch of this.watches.values()) watch.cancel?.();
    this.watches.clear();
  }

  /** `setWatch` for the pin of this name; returns the watch's number. */
  add(callback: unknown, name: string, options: unknown): number {
    const { realm, pins } = this.host;
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

  /** `clearWatch`: all watches without arguments. */
  clear(ids: unknown[]): void {
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

  /** Reports an edge at once, or after the debounce time without another one. */
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
    events.later(watch.callback, realm.object({ state, lastTime, time, pin: this.pinOf(name) }));
    if (!watch.repeat) this.forget(id);
    this.host.poke();
  }
}
