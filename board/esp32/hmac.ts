// HMAC-SHA256 of the engine's native `crypto`. Only builds that sign messages have it.

import type { Bytes, Pads } from "../../src/board";

/** See Hmac in src/board.ts: H(K xor opad, H(K xor ipad, text)). */
export function hmac(pads: Pads, context: Bytes, text: Bytes): Bytes | undefined {
  try {
    // Each text in one piece: `crypto` would copy other data onto the stack (engine 21).
    const crypto = require("crypto");
    const inner = crypto.SHA256(E.toString(pads.inner, context, text));
    return E.toString(crypto.SHA256(E.toString(pads.outer, inner)));
  } catch (_) {
    return undefined;
  }
}
