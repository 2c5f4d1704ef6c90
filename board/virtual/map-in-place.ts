// `E.mapInPlace`: copies numbers between typed arrays, cut into bits and mapped on the way.
import type { Realm } from "./realm.ts";

/** Throws the engine's errors for arguments of the wrong kind. */
export function mapInPlace(realm: Realm, from: unknown, to: unknown, map?: unknown, bits = 0): void {
  const [source, target] = [view(from), view(to)];
  if (!source || !target) throw realm.error("Error", "First 2 arguments should be array buffers");
  const mapped = mapper(realm, map);
  const sourceBits = source.BYTES_PER_ELEMENT * 8;
  const width = Math.abs(bits) || sourceBits;
  let [pool, held, read, written] = [0n, 0, 0, 0];
  while ((read < source.length || held >= width) && written < target.length) {
    const index = read;
    for (; held < width; held += sourceBits) {
      const element = BigInt(source[read++] ?? 0);
      // A positive number of bits takes the highest first, a negative one the lowest.
      pool = bits < 0 ? pool | (element << BigInt(held)) : (pool << BigInt(sourceBits)) | element;
    }
    const low = bits < 0 ? pool : pool >> BigInt(held - width);
    const value = Number(low & ((1n << BigInt(width)) - 1n));
    if (bits < 0) pool >>= BigInt(width);
    held -= width;
    target[written++] = mapped(value, index) as number;
  }
}

function view(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return value as Uint8Array;
  const tag = Object.prototype.toString.call(value);
  return tag === "[object ArrayBuffer]" ? new Uint8Array(value as ArrayBuffer) : undefined;
}

function mapper(realm: Realm, map: unknown): (value: number, index: number) => unknown {
  if (map === undefined) return (value) => value;
  if (typeof map === "function") return (value, index) => map(value, index);
  if (Array.isArray(map) || ArrayBuffer.isView(map)) return (value) => (map as number[])[value];
  throw realm.error("Error", "Third argument should be a function or array");
}
