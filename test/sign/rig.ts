// Signers on boards in memory, with Node's HMAC-SHA256 in place of the chip's.
import { signer } from "#subject";
import type { Hmac } from "../../src/board.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { hmac } from "../support/hmac.ts";

export const KEY = Buffer.from(
  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  "hex",
).toString("latin1");

/** A signer on a board. On a board that was used before it is the signer after a restart. */
export function signerOn(board: FakeBoard, id = "board", key = KEY, lent: Hmac = hmac): signer.Signer {
  const log = { level: 3, print: board.print, uptime: board.uptime };
  return signer.newSigner(board, log, lent, key, id);
}

/** A signer on a new board. */
export function newSigner(id?: string, key?: string): signer.Signer {
  return signerOn(new FakeBoard(), id, key);
}
