// The check of a manifest's signature, a slice a second: keep alive, watchdog and pins go on between them.

import type { Board, Bytes } from "../../../board";
import { decodeKey } from "../../../config/key";
import type { Link } from "../../../link/rungs";
import { BAD, beginCheck, CHECKING as GOING_ON, GOOD, goOn } from "../../../sign/slh-dsa";
import type { ReadSignature } from "../../../sign/slh-hash";
import { configured } from "../configured";
import type { Device } from "../record";
import { CONTEXT, SIGNATURE_FILE } from "./record";
import { refuse } from "./report";

/** In words, for its publisher. */
const WRONG = "its signature is not by the key in device.update.key";

/** Begins to check the signature, which is in its file. */
export function checkSignature(link: Link, manifest: Bytes): void {
  const device = link.own as Device;
  const config = configured(link).update;
  const key = decodeKey((config && config.key) || "") || "";
  const hash = device.world.pieces.hashOfCheck();
  const check = beginCheck(key, manifest, CONTEXT, pieceOf(link.board), hash);
  if (check) device.updates!.checking = check;
  else refuse(link, WRONG);
}

/** A closure keeps the whole scope that made it (engine 9). */
function pieceOf(board: Board): ReadSignature {
  return function (at, length) {
    return (board.readFile(SIGNATURE_FILE) || "").substr(at, length);
  };
}

/** Does the next slice. @returns whether the signature is good; a bad one refuses the manifest */
export function nextSlice(link: Link): boolean {
  const updates = (link.own as Device).updates!;
  const verdict = goOn(updates.checking!);
  if (verdict !== GOING_ON) updates.checking = undefined;
  if (verdict === BAD) refuse(link, WRONG);
  return verdict === GOOD;
}
