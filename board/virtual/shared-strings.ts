// Strings that share their memory with an ArrayBuffer. On the engine `E.toArrayBuffer(text)` is a view of the string
// itself, and a program may change the string through it; masking does. Strings of Node never change, so this imitates
// it by value, until the present turn of the idle loop ends. A piece of a string equal to the shared one is taken from
// the buffer; a write of it to a socket writes the buffer. Other uses of the string (+, charCodeAt) see the old bytes.
import { fromBuffer, toBuffer } from "./bytes.ts";
import type { Fn, Obj, Realm } from "./realm.ts";

const CUTTERS = ["substr", "substring", "slice"];

export class SharedStrings {
  private readonly buffers = new Map<string, ArrayBuffer>();

  constructor(private readonly realm: Realm) {
    const prototype = (realm.global.String as Obj).prototype as Record<string, Fn>;
    for (const name of CUTTERS) {
      const original = prototype[name] as Fn;
      const { buffers } = this;
      realm.define(prototype, {
        [name](this: unknown, ...args: never[]) {
          const shared = buffers.size ? buffers.get(String(this)) : undefined;
          return Reflect.apply(original, shared ? fromBuffer(new Uint8Array(shared)) : this, args);
        },
      });
    }
  }

  /** The string with the bytes that were written into it. */
  current(text: unknown): unknown {
    const shared = typeof text === "string" ? this.buffers.get(text) : undefined;
    return shared ? fromBuffer(new Uint8Array(shared)) : text;
  }

  /** `E.toArrayBuffer(text)`: undefined if it is not a string, as on the engine. */
  share(text: unknown): ArrayBufferLike | undefined {
    if (typeof text !== "string") return undefined;
    const { buffer } = this.realm.bytes(toBuffer(text));
    this.buffers.set(text, buffer as ArrayBuffer);
    return buffer;
  }

  /** The turn is over: all strings have their old bytes. */
  clear(): void {
    this.buffers.clear();
  }
}
