// The state of a signer: its key, its own count, and the count of every other sender. The counts outlive a restart.
// docs/signing.md has the reasons and both layouts byte by byte.

import type { Board, Bytes, Hmac, Pads } from "../board";
import { padsOf } from "../hmac";
import { ERROR, type Log, say } from "../log";
import { chars, readU32, u32 } from "../mqtt/bytes";

/** Longest sender id, in bytes; the shortest is 1. */
export const MAX_ID = 32;
/** Most other senders that are known. None is ever forgotten: its old messages could then be replayed. */
export const MAX_PEERS = 8;
/** Highest number in an epoch; the first is 0. */
export const MAX_SEQUENCE = 65535;
/** In place of the next number: this epoch has no number left. */
export const USED_UP = 65536;
/** The same after a restart, when the number of used ones is unknown. */
export const RESTARTED = 65537;
/** Context of the tag of a saved file. The context of a message begins with the topic's length, which is never 0. */
const FILE = "\0\0";
/** Bytes of a tag: the first half of HMAC-SHA256 (RFC 2104 5). */
export const TAG = 16;

/** A sender whose messages were accepted. */
export interface Peer {
  id: Bytes;
  /** Epoch and number of its last message. */
  epoch: number;
  seq: number;
}

export interface Signer {
  board: Board;
  log: Log;
  hmac: Hmac;
  /** Sender id in our own messages. */
  id: Bytes;
  pads: Pads;
  /** Our epoch, and the number of our next message, or USED_UP or RESTARTED. */
  epoch: number;
  seq: number;
  /** FRESH while our messages belong to the first epoch since a restart, else 0. */
  fresh: number;
  peers: Peer[];
  /** Number of times the state was saved. */
  saves: number;
  /** Number of messages dropped since the restart. */
  dropped: number;
}

/**
 * Whether a tag is right. It compares hashes under our key, so the time of the comparison reveals nothing about the
 * tags. A loop over their bytes would take the chip ten times as long.
 */
export function isTag(signer: Signer, context: Bytes, text: Bytes, tag: Bytes): boolean {
  const right = signer.hmac(signer.pads, context, text);
  const mark = right && signer.hmac(signer.pads, "", right.substr(0, TAG));
  return !!mark && mark === signer.hmac(signer.pads, "", tag);
}

/**
 * A signer, with the counts it saved before a restart.
 * @param key 16..64 bytes
 * @param id 1..32 bytes, different for each sender of this key
 */
export function newSigner(board: Board, log: Log, hmac: Hmac, key: Bytes, id: Bytes): Signer {
  const signer: Signer = {
    board,
    log,
    hmac,
    id,
    pads: padsOf(board, key),
    epoch: 0,
    seq: RESTARTED,
    fresh: 0,
    peers: [],
    saves: 0,
    dropped: 0,
  };
  for (let name = 0; name < 2; name++) {
    const file = board.readFile("sign." + name) || "";
    const text = file.substr(0, file.length - TAG);
    const saves = readU32(text, 0);
    // A save that a power cut interrupted has a wrong tag, and so has one under another key.
    if (!(saves > signer.saves) || !isTag(signer, FILE, text, file.substr(text.length))) continue;
    signer.saves = saves;
    signer.epoch = readU32(text, 4);
    signer.peers = [];
    for (let at = 8; at < text.length; ) {
      const end = at + 1 + text.charCodeAt(at);
      // Which numbers of this epoch were used is unknown, so all of them count as used.
      const peer = { id: text.substring(at + 1, end), epoch: readU32(text, end), seq: MAX_SEQUENCE };
      signer.peers.push(peer);
      at = end + 4;
    }
  }
  return signer;
}

/**
 * Saves our epoch and those of the other senders. Two files take turns, so a power cut leaves one of them whole
 * (engine 34).
 * @returns 1 if the file is safe in flash, else 0 with a line in the log
 */
export function remember(signer: Signer): number {
  let text = u32(++signer.saves) + u32(signer.epoch);
  for (let i = 0; i < signer.peers.length; i++) {
    const peer = signer.peers[i]!;
    text += chars(peer.id.length) + peer.id + u32(peer.epoch);
  }
  const tag = signer.hmac(signer.pads, FILE, text);
  const why = tag
    ? signer.board.writeFile("sign." + (signer.saves & 1), text + tag.substr(0, TAG))
    : "no memory";
  if (!why) return 1;
  say(signer.log, ERROR, "sign", "cannot note what was used: " + why);
  return 0;
}
