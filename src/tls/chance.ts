// Random bytes for TLS. A chip draws the same numbers after every boot (engine 42), so they are not taken as they are: they
// are HMAC under the pre-shared key of a number that never comes again, and of what the board has of noise. Without the key
// nobody can guess the result. With it, everything of such a connection can be read anyway, so the state of HMAC_DRBG
// (SP 800-90A 10.1.2), which hides earlier results from a later thief, would hide nothing.
//
// The number: a count of starts in flash, and connections since. A start marks one byte of a block that lies there already:
// flash is erased and written again for every 64th start only.

import type { Bytes, Pads, Psk } from "../board";
import { chars, readU32, u32 } from "../mqtt/bytes";
import { type Crypto, hmac } from "./crypto";

/** The files, which take turns: a power cut leaves one of them whole (engine 34). */
const FILES = "tls.";
/** Starts in a block. */
export const MARKS = 64;
/** Bytes in front of the marks: the number of the block, and its complement, which tells a damaged file. */
const HEAD = 8;
/** A byte of flash that was not written yet. */
const FREE = "\xff";
const MARK = "\0";

/** The files of a board, and a write into one of them. */
export interface ChanceFiles {
  readFile(name: Bytes): Bytes | undefined;
  writeFile(name: Bytes, bytes: Bytes): Bytes;
  /** Writes bytes of a file of `size` bytes that are erased yet. @returns "" or the reason why they are not in flash */
  writePiece(name: Bytes, at: number, bytes: Bytes, size: number): Bytes;
}

/** A number that no connection of this board had, and none will have. */
export type Chance = Pick<Psk, "start" | "connections">;

/**
 * Takes the next number. The first one since power-on is noted in flash before it is used.
 * @returns "" or the reason why it is not in flash: then a number might come again
 */
export function takeChance(files: ChanceFiles, chance: Chance): Bytes {
  if (chance.start === undefined) {
    const why = nextStart(files, chance);
    if (why) return why;
    chance.connections = 0;
  }
  chance.connections!++;
  return "";
}

function nextStart(files: ChanceFiles, chance: Chance): Bytes {
  let block = -1;
  let marks = MARKS;
  for (let turn = 0; turn < 2; turn++) {
    const file = files.readFile(FILES + turn) || "";
    const number = readU32(file, 0);
    if (file.length !== HEAD + MARKS || number + readU32(file, 4) !== 0xffffffff || number <= block) continue;
    block = number;
    for (marks = 0; marks < MARKS && file[HEAD + marks] !== FREE; ) marks++;
  }
  const fresh = marks === MARKS;
  if (fresh) {
    block++;
    marks = 0;
  }
  chance.start = block * MARKS + marks;
  const name = FILES + (block & 1);
  const why = fresh
    ? files.writeFile(name, newBlock(block))
    : files.writePiece(name, HEAD + marks, MARK, HEAD + MARKS);
  if (why) chance.start = undefined;
  return why;
}

/** A block with its first mark. */
function newBlock(block: number): Bytes {
  let file = u32(block) + u32(0xffffffff - block) + MARK;
  while (file.length < HEAD + MARKS) file += FREE;
  return file;
}

/** 32 random bytes for a use. `noise` is what the board has of it. */
export function randomBytes(crypto: Crypto, secret: Pads, use: Bytes, chance: Chance, noise: Bytes): Bytes {
  const start = chance.start!;
  return hmac(
    crypto,
    secret,
    use + chars(0) + u32(start / 65536) + u32(start & 65535) + u32(chance.connections!) + noise,
  );
}
