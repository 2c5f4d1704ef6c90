// Strings that share their memory with an ArrayBuffer: on the engine `E.toArrayBuffer(text)` is a view of the string
// itself, and a program may change the string through it (masking does). Strings of Node never change, so this is an
// imitation by value: until the present turn of the idle loop ends, cutting a piece out of a string equal to the
// shared one cuts it out of the buffer, and writing it to a socket writes the buffer. Other uses of the changed string
// (+, charCodeAt) see the old bytes.
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

  /** A string, or the same with what was written into it. */
  current(text: unknown): unknown {
    const shared = typeof text === "string" ? this.buffers.get(text) : undefined;
    return shared ? fromBuffer(new Uint8Array(shared)) : text;
  }

  /** `E.toArrayBuffer(text)`: undefined for what is no string, as on the engine. */
  share(text: unknown): ArrayBufferLike | undefined {
    if (typeof text !== "string") return undefined;
    const { buffer } = this.realm.bytes(toBuffer(text));
    this.buffers.set(text, buffer as ArrayBuffer);
    return buffer;
  }

  /** The turn is over: strings are what they were. */
  clear(): void {
    this.buffers.clear();
  }
}
