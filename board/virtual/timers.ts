// Espruino's setTimeout and setInterval on an injected clock: the order, the catching up and the errors of the engine.
// The idle loop in boot.ts calls `run`.
import type { Clock } from "./clock.ts";
import type { Events } from "./events.ts";
import type { Faults } from "./faults.ts";
import type { Obj, Realm } from "./realm.ts";

/** Shortest wait, in ms. */
const MIN_INTERVAL = 0.1;
/** Longer waits throw, in ms: about a hundred years. */
const MAX_INTERVAL = 3153600000000;

interface Timer {
  due: number;
  every: number | undefined;
  callback: unknown;
  args: unknown[];
}

/** The timers of one boot, called in the order of their numbers, not of their times. */
export class Timers {
  private list = new Map<number, Timer>();
  private last = 0;
  /** Set when the list changed, so that the engine's walk over it starts again. */
  private changed = false;

  constructor(
    private readonly clock: Clock,
    private readonly events: Events,
    private readonly realm: Realm,
    private readonly faults: Faults,
  ) {
    const clear = (kind: string) =>
      ((...args: unknown[]) => this.clear(kind, args)) as (...args: unknown[]) => void;
    realm.define(realm.global, {
      setTimeout: (f: unknown, ms: unknown, ...args: unknown[]) => this.add(f, Number(ms), args, false),
      setInterval: (f: unknown, ms: unknown, ...args: unknown[]) => this.add(f, Number(ms), args, true),
      clearTimeout: clear("Timeout"),
      clearInterval: clear("Interval"),
      changeInterval: (id: unknown, ms: unknown) => this.change(id, Number(ms)),
    } as Obj);
  }

  /** How many timers are set. */
  get size(): number {
    return this.list.size;
  }

  /** When the first of them is due, on the clock; Infinity when there is none. */
  get due(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const timer of this.list.values()) due = Math.min(due, timer.due);
    return due;
  }

  /** Stops all. */
  stop(): void {
    this.list.clear();
    this.changed = true;
  }

  /** Calls the timers that are due; a late interval once in each run until it has caught up. Returns whether any was due. */
  run(): boolean {
    const now = this.clock.now();
    let busy = false;
    do {
      this.changed = false;
      for (const [id, timer] of this.list) {
        if (this.changed) break;
        if (timer.due > now) continue;
        busy = true;
        if (timer.every !== undefined && this.faults.strikes("interval")) {
          this.list.delete(id);
          continue;
        }
        this.events.call(undefined, timer.callback, timer.args);
        // Check the list again: the callback may have cleared or changed its own timer.
        if (timer.every !== undefined) timer.due += timer.every;
        else if (this.list.get(id) === timer) this.list.delete(id);
      }
    } while (this.changed);
    return busy;
  }

  private add(callback: unknown, ms: number, args: unknown[], again: boolean): number {
    if (typeof callback !== "function" && typeof callback !== "string") {
      throw this.realm.error("Error", "Function or String not supplied!");
    }
    if (ms > MAX_INTERVAL) throw this.realm.error("Error", "Interval is too long (>100 years)");
    const wait = period(ms);
    const every = again ? wait : undefined;
    this.list.set(++this.last, { due: this.clock.now() + wait, every, callback, args });
    this.changed = true;
    return this.last;
  }

  private clear(kind: string, args: unknown[]): void {
    this.changed = true;
    if (args.length === 0) this.list.clear();
    else if (args[0] === undefined) {
      const text = `clear${kind}(undefined) not allowed. Use clear${kind}() instead`;
      throw this.realm.error("Error", text);
    } else this.list.delete(Number(args[0]));
  }

  private change(id: unknown, ms: number): void {
    const timer = this.list.get(Number(id));
    if (!timer) throw this.realm.error("Error", "Unknown Interval");
    timer.every = period(ms);
    timer.due = this.clock.now() + timer.every;
    this.changed = true;
  }
}

/** The wait that the engine uses for a number of ms; NaN counts as the shortest. */
function period(ms: number): number {
  return Number.isNaN(ms) ? MIN_INTERVAL : Math.max(ms, MIN_INTERVAL);
}
