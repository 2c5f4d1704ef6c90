// The keys of applications at the top of config.json. A build names those that only another one has.

import type { Board } from "../board";
import { ELSEWHERE, type Schema, TEXT } from "../config/check";
import { decodeKey, KEY_EXPECTED } from "../sign/key";
import { MAX_ID, type Sha256 } from "../sign/signer";

/** The keys of one application: `app`, and what it has of the others. */
export function keysOfApp(own: { app: Schema; device?: Schema; sign?: Schema }): Schema {
  return {
    app: own.app,
    device: own.device || [ELSEWHERE, 0, 0, "device"],
    sign: own.sign || [ELSEWHERE, 0, 0, "signed"],
  };
}

/** `sign`, in builds that sign. */
export function signKeys(board: Board, hash: Sha256): Schema {
  return {
    key: [
      function (key) {
        if (!hash("", "")) return "an Espruino with SHA-256 in its crypto, which this one has not";
        return typeof key === "string" && decodeKey(key) ? "" : KEY_EXPECTED;
      },
      0,
      0,
    ],
    id: [TEXT, 1, MAX_ID, board.serial()],
  };
}
