// Typed arrays as Espruino makes them from a buffer: bytes at the end that fill no whole element are left over,
// where the standard throws. Nothing else.
import type { Realm } from "./realm.ts";

/** Replaces the constructors whose elements have more than one byte. */
export function adaptTypedArrays(realm: Realm): void {
  realm.run(WRAP, "typed-arrays");
}

const WRAP = `["Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array"].forEach(
  function (name) {
    var Real = globalThis[name];
    var size = new Real(1).byteLength;
    globalThis[name] = function (source, offset, length) {
      if (!(source instanceof ArrayBuffer)) return new Real(source);
      var whole = Math.floor((source.byteLength - (offset || 0)) / size);
      return new Real(source, offset || 0, length === undefined ? whole : length);
    };
    globalThis[name].prototype = Real.prototype;
    Object.defineProperty(Real.prototype, "constructor", { value: globalThis[name] });
    Object.defineProperty(globalThis[name], "name", { value: name });
  },
)`;
