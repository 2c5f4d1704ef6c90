// SHA-256 of the engine's native `crypto`. Only builds that load programs have it.

import type { Bytes } from "../../src/board";

/** See Pieces.hashOfText. */
export function sha256(text: Bytes): Bytes | undefined {
  try {
    // One string in one piece: `crypto` would copy other data onto the stack (engine 21).
    return E.toString(require("crypto").SHA256(E.toString(text)));
  } catch (_) {
    return undefined;
  }
}

/** SHA-256 of a string that is in one piece; undefined where the engine cannot copy another one onto its stack. */
export function sha256OfOne(text: Bytes): Bytes | undefined {
  try {
    const hash = require("crypto").SHA256(text);
    return E.toString(hash);
  } catch (_) {
    return undefined;
  }
}

/** See Hash in src/sign/slh-hash.ts: native functions, made a record of for the time of a check. */
export function hashOfCheck() {
  return {
    // It takes a view as well, and the ArrayBuffer that it gives is as good as a view for `set`.
    sha256: require("crypto").SHA256 as unknown as (bytes: Uint8Array) => Uint8Array,
    bytesOf: E.toArrayBuffer,
    collect: process.memory,
  };
}
