// Files in the engine's Storage: read, and written so that nothing else in it moves.

import type { Bytes } from "../../src/board";

/** Bytes that Storage puts in front of a file, and most that it puts behind it: files begin at multiples of four. */
const HEADER = 32;
const PADDING = 3;

/** See Board.readFile. */
export function readFile(name: Bytes): Bytes | undefined {
  return require("Storage").read(name);
}

/** See Board.writeFile. */
export function writeFile(name: Bytes, bytes: Bytes): Bytes {
  const storage = require("Storage");
  try {
    if (!bytes) {
      storage.erase(name);
      return "";
    }
    // With less room the engine would compact: that pulls code which runs from flash from under itself, and a power
    // cut in the midst of it erases everything.
    if (storage.getFree() < bytes.length + HEADER + PADDING)
      return "Storage is full, flash the board again to make room";
    return storage.write(name, bytes) ? "" : "Storage refused it";
  } catch (error) {
    return "" + error;
  }
}
