// The key of HMAC-SHA256 (RFC 2104 2), for signed messages and for TLS.

import type { Board, Bytes, Pads } from "./board";

/** Bytes of a block of SHA-256 (FIPS 180-4), which HMAC fills up its key to. */
export const BLOCK = 64;
/** The bytes 0x36 and 0x5c, of which the pads are made: "6" and a backslash. Behind the key they stay. */
const INNER = "6666666666666666666666666666666666666666666666666666666666666666";
const OUTER =
  "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\";

/** @param key at most a block */
export function padsOf(board: Pick<Board, "maskFrame">, key: Bytes): Pads {
  return {
    inner: board.maskFrame("\0\0\0\0", key, 0x36363636).substr(4) + INNER.substr(key.length),
    outer: board.maskFrame("\0\0\0\0", key, 0x5c5c5c5c).substr(4) + OUTER.substr(key.length),
  };
}
