// Keys that several applications have. An application does not judge what another one has at the top of config.json: one
// file serves them all.

import type { Board, Hmac } from "../board";
import { type Schema, TEXT } from "../config/check";
import { decodeKey, KEY_EXPECTED } from "../config/key";
import { MAX_ID } from "../sign/signer";

/** `sign`, in builds that sign. */
export function signKeys(board: Board, hmac: Hmac): Schema {
  return {
    key: [
      function (key) {
        if (!hmac({ inner: "", outer: "" }, "", ""))
          return "an Espruino with SHA-256 in its crypto, which this one has not";
        return typeof key === "string" && decodeKey(key) ? "" : KEY_EXPECTED;
      },
      0,
      0,
    ],
    id: [TEXT, 1, MAX_ID, board.serial()],
  };
}
