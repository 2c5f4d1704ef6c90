// SHA-256 of the engine's native `crypto`. Only builds that sign messages have it.

import type { Bytes } from "../../src/board";

/** See Sha256 in src/sign/signer.ts. */
export function sha256(first: Bytes, rest: Bytes): Bytes | undefined {
  try {
    // One string in one piece: `crypto` would copy other data onto the stack (engine 21).
    return E.toString(require("crypto").SHA256(E.toString(first, rest)));
  } catch (_) {
    return undefined;
  }
}
