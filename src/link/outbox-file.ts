// The outbox in flash: read at power-on, written while messages wait. Flash wears, and a replaced file takes room until
// the board is flashed again. So only messages that wait long are written.

import { FIVE } from "#five";
import type { Board, Bytes } from "../board";
import { ERROR, INFO, type Log, say } from "../log";
import { readU32, u32 } from "../mqtt/bytes";
import { freeze, thaw } from "../mqtt/outbox-bytes";
import type { Client } from "../mqtt/state";

/** Seconds that the same message must have waited at the front of the outbox before it is worth a write. */
export const SAVE_AFTER_S = 30;
/** Seconds between two writes at least. */
export const SAVE_EVERY_S = 300;
/**
 * A file begins with the CRC-32 of the rest, then the generation. The lowest bit of the CRC is inverted where a message
 * has properties of MQTT 5: a build without MQTT 5 takes such a file for a damaged one, a build with it reads both.
 */
const CRC_BYTES = 4;
const GENERATION_BYTES = 4;
/** Two files take turns: each write replaces the older one, so a power cut during a write loses nothing. */
export const FILE = "outbox.";
const FILES = 2;

/** The owner of an outbox in flash: the link. */
export interface Saved {
  board: Board;
  log: Log;
  client: Client;
  saver?: Saver;
}

/**
 * The state of the two files.
 * @direct
 */
export interface Saver {
  /** Counts the writes, over restarts too. */
  generation: number;
  /** CRC-32 of what was saved last, without its generation, and how many messages that were. */
  crc: number;
  filled: number;
  /** Identifier at the front of the outbox, and for how many seconds it has been there. */
  front: number;
  age: number;
  /** Seconds until the next write may be made. */
  wait: number;
  /** 1 once it was said that a write was refused. */
  refused: number;
  /** Call it once a second. */
  watch(link: Saved): void;
  /** Writes now, if there is anything new: before a restart, and when the link is stopped. */
  keep(link: Saved): void;
}

/** Reads what was saved before the restart. Damaged files are logged and skipped. */
export function load(link: Saved): Saver {
  const board = link.board;
  const saver: Saver = {
    generation: 0,
    crc: 0,
    filled: 0,
    front: 0,
    age: 0,
    wait: 0,
    refused: 0,
    watch,
    keep,
  };
  let newest = "";
  for (let i = 0; i < FILES; i++) {
    const bytes = board.readFile(FILE + i);
    if (!bytes) continue;
    if (
      bytes.length <= CRC_BYTES + GENERATION_BYTES ||
      (FIVE
        ? (readU32(bytes, 0) ^ board.crc32(bytes.substr(CRC_BYTES))) >>> 1
        : readU32(bytes, 0) !== board.crc32(bytes.substr(CRC_BYTES)))
    ) {
      say(link.log, ERROR, "outbox", FILE + i + " is damaged, skipped");
    } else if (readU32(bytes, CRC_BYTES) > saver.generation) {
      saver.generation = readU32(bytes, CRC_BYTES);
      newest = bytes;
    }
  }
  if (!newest) return saver;
  saver.filled = thaw(link.client, newest);
  saver.crc = contents(link, newest.substr(CRC_BYTES));
  if (saver.filled) say(link.log, INFO, "outbox", saver.filled + " messages from before the restart");
  return saver;
}

/** Another second has passed. */
function watch(link: Saved): void {
  const saver = link.saver!;
  const front = link.client.pending.length ? link.client.ids[0]! : -1;
  if (saver.wait) saver.wait--;
  if (front !== saver.front) {
    saver.front = front;
    saver.age = 0;
  } else if (++saver.age >= SAVE_AFTER_S && !saver.wait) keep(link);
}

/** Writes the outbox, unless what is saved is the same. */
function keep(link: Saved): void {
  const saver = link.saver!;
  let messages = 0;
  let five = 0;
  for (let at = 0; at < link.client.pending.length; at++) {
    if (!link.client.pending[at]!.list) messages++;
    if (FIVE && link.client.pending[at]!.more) five = 1;
  }
  if (!messages && !saver.filled) return;
  const bytes = freeze(link.client, saver.generation + 1);
  const crc = contents(link, bytes);
  saver.wait = SAVE_EVERY_S;
  if (crc === saver.crc) return;
  const why = link.board.writeFile(
    FILE + (saver.generation & 1),
    u32(FIVE ? link.board.crc32(bytes) ^ five : link.board.crc32(bytes)) + bytes,
  );
  if (why) {
    if (!saver.refused) say(link.log, ERROR, "outbox", "not saved: " + why);
    saver.refused = 1;
    return;
  }
  saver.generation++;
  saver.crc = crc;
  saver.filled = messages;
  saver.refused = 0;
}

/** The CRC-32 of a frozen session, whatever its generation. */
function contents(link: Saved, frozen: Bytes): number {
  return link.board.crc32(frozen.substr(GENERATION_BYTES));
}
