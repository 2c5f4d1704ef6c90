// Typed arrays as Espruino makes them from a buffer, in three cases where the standard throws: bytes at the end that
// fill no whole element are left over; the array may begin at any byte; it may be longer than the buffer. Beyond the
// buffer it reads zeros and drops writes. And `set` takes the bytes of an ArrayBuffer, of which the standard takes none.
import type { Realm } from "./realm.ts";

type Numbers = Int32Array;
type Constructor = new (length: number) => Numbers;

/** Replaces the constructors whose elements have more than one byte. */
export function adaptTypedArrays(realm: Realm): void {
  (realm.run(WRAP, "typed-arrays") as (make: typeof loose) => void)(loose);
}

/** An array at a place that the standard does not allow: `length` elements from `offset` on. */
function loose(Real: Constructor, bytes: Uint8Array, offset: number, length: number): Numbers {
  // One element and its bytes, to convert between them.
  const one = new Real(1);
  const its = new Uint8Array(one.buffer);
  const at = (key: string | symbol) =>
    typeof key === "string" && /^\d+$/.test(key) && Number(key) < length
      ? offset + Number(key) * its.length
      : undefined;
  return new Proxy(new Real(length), {
    get(target, key) {
      const start = at(key);
      if (start === undefined) return Reflect.get(target, key, target);
      for (let i = 0; i < its.length; i++) its[i] = bytes[start + i] ?? 0;
      return one[0];
    },
    set(_target, key, value) {
      const start = at(key);
      if (start === undefined) return true;
      one[0] = value;
      for (let i = 0; i < its.length; i++) bytes[start + i] = its[i]!;
      return true;
    },
  });
}

const WRAP = `(function (loose) {
  var bytes = Object.getPrototypeOf(Uint8Array.prototype);
  var set = bytes.set;
  bytes.set = function (source, offset) {
    return set.call(this, source instanceof ArrayBuffer ? new Uint8Array(source) : source, offset);
  };
  ["Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array"].forEach(function (name) {
    var Real = globalThis[name];
    var size = new Real(1).byteLength;
    globalThis[name] = function (source, offset, length) {
      if (!(source instanceof ArrayBuffer)) return new Real(source);
      offset = offset || 0;
      var whole = Math.floor((source.byteLength - offset) / size);
      if (length === undefined) length = whole;
      if (offset % size === 0 && length <= whole) return new Real(source, offset, length);
      return loose(Real, new Uint8Array(source), offset, length);
    };
    globalThis[name].prototype = Real.prototype;
    Object.defineProperty(Real.prototype, "constructor", { value: globalThis[name] });
    Object.defineProperty(globalThis[name], "name", { value: name });
  });
})`;
