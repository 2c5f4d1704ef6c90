// The JavaScript world that the firmware runs in: a context of its own with exactly the language that Espruino has. It
// makes the objects that the board's modules hand to the firmware.
import vm from "node:vm";
import { KEPT } from "./names.ts";

/** An object of the firmware's world. */
export type Obj = Record<string, unknown>;
/** A function of either world. */
export type Fn = (this: unknown, ...args: never[]) => unknown;

/** One boot's JavaScript world. */
export class Realm {
  private readonly context: vm.Context;
  /** Its global object. */
  readonly global: Obj;
  /** Its Object.prototype, the place for properties that every object of the firmware has. */
  readonly base: Obj;
  private readonly make: {
    object(): Obj;
    array(): unknown[];
    error(kind: string, message: string): Error;
    bytes(size: number): Uint8Array;
    fn(host: (self: unknown, args: ArrayLike<unknown>) => unknown): Fn;
  };

  constructor() {
    this.context = vm.createContext({});
    // Not the context object: it lacks the names that the language itself defines.
    this.global = this.run("globalThis", "realm") as Obj;
    this.make = this.run(MAKERS, "realm") as Realm["make"];
    this.base = Object.getPrototypeOf(this.make.object());
    this.prune();
    this.define(this.global, { global: this.global });
    this.run("InternalError = function InternalError(m) { this.message = m; }", "realm");
    this.run(INTERNAL_ERROR, "realm");
  }

  /** Runs a script in this world and returns its completion value. Throws what it throws. */
  run(code: string, filename: string): unknown {
    return new vm.Script(code, { filename }).runInContext(this.context);
  }

  /** A plain object of this world with these properties; those that are undefined are left out. */
  object(properties: Obj = {}): Obj {
    const object = this.make.object();
    for (const key of Object.keys(properties))
      if (properties[key] !== undefined) object[key] = this.adopt(properties[key]);
    return object;
  }

  /** An array of this world. */
  array(items: readonly unknown[] = []): unknown[] {
    const array = this.make.array();
    for (const item of items) array.push(item);
    return array;
  }

  /** An error of this world: `throw realm.error("InternalError", "...")`. */
  error(kind: string, message: string): Error {
    return this.make.error(kind, message);
  }

  /** A Uint8Array of this world that holds these bytes. */
  bytes(values: ArrayLike<number>): Uint8Array {
    const array = this.make.bytes(values.length);
    array.set(values);
    return array;
  }

  /**
   * A function of the host as one of this world. Its errors become errors of this world, so that
   * `e instanceof Error` is true for the firmware. Any other value is returned as it is.
   */
  adopt(value: unknown): unknown {
    if (typeof value !== "function" || Object.getPrototypeOf(value) !== Function.prototype) return value;
    return this.make.fn((self, args) => {
      try {
        return Reflect.apply(value, self, args);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const kind = ["TypeError", "SyntaxError", "ReferenceError"].find((name) => name === error.name);
        throw this.error(kind ?? "Error", error.message);
      }
    });
  }

  /** Adds properties that `for (k in o)` does not show, as Espruino's built-in ones. */
  define(object: object, properties: Obj): void {
    for (const key of Object.keys(properties)) {
      const value = this.adopt(properties[key]);
      Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false });
    }
  }

  /** Deletes the names that a standard engine has and Espruino lacks. */
  private prune(): void {
    for (const path of Object.keys(KEPT)) {
      const object = path === "global" ? this.global : (this.run(path, "realm") as Obj);
      const kept = `constructor prototype name caller arguments undefined ${KEPT[path]}`.split(" ");
      for (const name of Object.getOwnPropertyNames(object)) {
        if (!kept.includes(name) && !name.startsWith("__")) Reflect.deleteProperty(object, name);
      }
    }
  }
}

/** Makers of the values that the host hands over; run before names are deleted. */
const MAKERS = `({
  object: function () { return {}; },
  array: function () { return []; },
  bytes: function (size) { return new Uint8Array(size); },
  fn: function (host) { return function () { "use strict"; return host(this, arguments); }; },
  error: function (kind, message) {
    if (kind !== "InternalError") return new globalThis[kind](message);
    var error = new Error(message);
    Object.setPrototypeOf(error, InternalError.prototype);
    return error;
  },
})`;

const INTERNAL_ERROR = `
InternalError.prototype = Object.create(Error.prototype);
InternalError.prototype.constructor = InternalError;
InternalError.prototype.name = "InternalError";
`;
