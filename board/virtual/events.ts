// Espruino's event emitter, which every object has. `emit` queues the call; the idle loop makes it. Checked against the
// engine by the scripts in test/virtual/scripts.ts.
import type { Fn, Obj, Realm } from "./realm.ts";

/** Listeners are kept on the object itself, under this prefix, visible to `for (k in o)` as on the engine. */
const PREFIX = "#on";
/** More arguments than this and `emit` throws. */
const MAX_ARGS = 4;

/** The queue of calls that wait for the idle loop. */
export class Events {
  private queue: { self: unknown; callback: unknown; args: unknown[] }[] = [];
  /** The last exception that nothing caught, until the idle loop reports it. */
  uncaught: { value: unknown } | undefined;

  constructor(private readonly realm: Realm) {
    const events = this;
    realm.define(realm.base, {
      on(this: unknown, name: unknown, listener: unknown) {
        events.add(this, name, listener, false);
      },
      prependListener(this: unknown, name: unknown, listener: unknown) {
        events.add(this, name, listener, true);
      },
      emit(this: unknown, name: unknown, ...args: unknown[]) {
        events.key(this, name);
        if (args.length > MAX_ARGS) throw realm.error("TypeError", `Too many arguments (>${MAX_ARGS})`);
        events.emit(this as Obj, name as string, ...args);
      },
      removeListener(this: unknown, name: unknown, listener: unknown) {
        const list = (this as Obj)[events.key(this, name)];
        const at = Array.isArray(list) ? list.indexOf(listener) : -1;
        // In place: a call that is already queued loses the listener too.
        if (at >= 0) (list as unknown[]).splice(at, 1);
      },
      removeAllListeners(this: unknown, name: unknown) {
        if (name !== undefined) delete (this as Obj)[events.key(this, name)];
        else
          for (const key of Object.keys(this as Obj)) if (key.startsWith(PREFIX)) delete (this as Obj)[key];
      },
    });
  }

  /** Whether calls are queued. */
  get pending(): boolean {
    return this.queue.length > 0;
  }

  /** Drops all queued calls. */
  clear(): void {
    this.queue = [];
    this.uncaught = undefined;
  }

  /** Whether anything listens to this event of this object. */
  has(object: Obj, name: string): boolean {
    return object[PREFIX + name] !== undefined;
  }

  /** Removes all listeners of an event of this object. */
  forget(object: Obj, name: string): void {
    delete object[PREFIX + name];
  }

  /** Queues an event for its present listeners. The engine's own events may have any number of arguments. */
  emit(object: Obj, name: string, ...args: unknown[]): void {
    const callback = object[PREFIX + name];
    if (callback !== undefined) this.queue.push({ self: object, callback, args });
  }

  /** Queues the call of one function, if it is one. */
  later(callback: unknown, ...args: unknown[]): void {
    if (typeof callback === "function") this.queue.push({ self: undefined, callback, args });
  }

  /** Makes the queued calls, and those that they queue. Returns whether there were any. */
  run(): boolean {
    if (this.queue.length === 0) return false;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      this.callAll(next.self, next.callback, next.args);
    }
    return true;
  }

  /** Calls the listeners of an event now; returns whether there were any. */
  now(object: Obj, name: string, ...args: unknown[]): boolean {
    const callback = object[PREFIX + name];
    this.callAll(object, callback, args);
    return callback !== undefined;
  }

  /** Calls a function. The idle loop reports what it throws; the last exception replaces earlier ones. */
  call(self: unknown, callback: unknown, args: unknown[]): void {
    try {
      if (typeof callback === "string") this.realm.run(callback, "event");
      else Reflect.apply(callback as Fn, self ?? this.realm.global, args);
    } catch (error) {
      this.uncaught = { value: error };
    }
  }

  /**
   * Calls a list of listeners as the engine walks its linked list. It fetches the next listener before it calls one.
   * So a next listener that is removed meanwhile still runs, and none after it.
   */
  private callAll(self: unknown, callback: unknown, args: unknown[]): void {
    if (callback === undefined) return;
    const list = Array.isArray(callback) ? callback : [callback];
    for (let at = 0, current = list[0]; current !== undefined; ) {
      const next = list[at + 1];
      this.call(self, current, args);
      at = list[at + 1] === next ? at + 1 : list.indexOf(next);
      if (at < 0) at = list.length;
      current = next;
    }
  }

  private add(object: unknown, name: unknown, listener: unknown, first: boolean): void {
    const key = this.key(object, name);
    if (typeof listener !== "function" && typeof listener !== "string") {
      throw this.realm.error("TypeError", "Second argument must be a function or a String");
    }
    const old = (object as Obj)[key];
    // On the engine a listener for "connect" breaks the callback of connect, and itself. Here it throws.
    if (typeof old === "function")
      throw this.realm.error("Error", `"${name}" has a callback: add no listener`);
    const list = (old as unknown[] | undefined) ?? [];
    // A new list each time: a listener added while the event is handled is not called for it.
    (object as Obj)[key] = this.realm.array(first ? [listener, ...list] : [...list, listener]);
  }

  private key(object: unknown, name: unknown): string {
    if (object === null || (typeof object !== "object" && typeof object !== "function")) {
      throw this.realm.error("TypeError", "Parent must be an object - not a String, Integer, etc");
    }
    if (typeof name !== "string") throw this.realm.error("TypeError", "First argument must be String");
    return PREFIX + name;
  }
}
