// Masking of payload (RFC 6455 5.3) with what the engine has: no operation of its own, but views of strings.

import type { Bytes } from "../../src/board";

/** See Board.mask. */
export function mask(payload: Bytes, key: number): Bytes {
  // Four bytes a step, in place, on a copy of whole words: `words` is a view of the very string `bytes`.
  const bytes: Bytes = payload + "\0\0\0";
  const words = new Uint32Array(E.toArrayBuffer(bytes));
  for (let i = 0; i < words.length; i++) words[i] = words[i]! ^ key;
  return bytes.substr(0, payload.length);
}
