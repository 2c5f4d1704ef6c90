// Files in the engine's Storage. A write never moves another file (engine 34).

import type { Bytes } from "../../src/board";

/** Bytes that Storage adds to a file at most: its header, and up to three behind it. Files begin at multiples of four. */
export const FILE_OVERHEAD = 32 + 3;

/** With less room the engine would compact, and move the code that is running (engine 34). */
export const FULL = "Storage is full, flash the board again to make room";

/** Longest piece of a file, a power of two. */
const LONGEST_PIECE = 1024;

/** See Board.readFile. */
export function readFile(name: Bytes): Bytes | undefined {
  return require("Storage").read(name);
}

/** Names of the files that begin with this. */
export function filesNamed(prefix: Bytes): Bytes[] {
  return require("Storage")
    .list()
    .filter(function (name: Bytes) {
      return name.substr(0, prefix.length) === prefix;
    });
}

/** See Board.writeFile. */
export function writeFile(name: Bytes, bytes: Bytes): Bytes {
  const storage = require("Storage");
  try {
    if (!bytes) {
      storage.erase(name);
      return "";
    }
    if (storage.getFree() < bytes.length + FILE_OVERHEAD) return FULL;
    return storage.write(name, bytes) ? "" : "Storage refused it";
  } catch (error) {
    return "" + error;
  }
}

/** See Pieces.writePiece. */
export function writePiece(name: Bytes, at: number, bytes: Bytes, size: number): Bytes {
  const file = readFile(name);
  const length = bytes.length;
  const begun = file && file.length === size;
  if (!begun && require("Storage").getFree() < size + FILE_OVERHEAD) return FULL;
  // The engine refuses bytes over others, the same ones too: only the rest of a piece is written. Halving: a piece is written
  // from its begin, and a look at each byte of a block would take 28 million instructions.
  let there = 0;
  for (let step = begun ? LONGEST_PIECE : 0; step; step >>= 1)
    if (there + step <= length && file!.charCodeAt(at + there + step - 1) !== 255) there += step;
  if (there && file!.substr(at, there) !== bytes.substr(0, there))
    return "the flash has other bytes there already";
  if (there === length) return "";
  const rest = there ? bytes.substr(there) : bytes;
  // In one piece of memory: the engine would copy other bytes onto the stack (engine 21).
  const flat = E.toString(rest) || rest;
  try {
    return require("Storage").write(name, flat, at + there, size) ? "" : "Storage refused it";
  } catch (error) {
    return "" + error;
  }
}
