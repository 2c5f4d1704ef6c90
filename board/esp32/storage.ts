// Files in the engine's Storage. A write never moves another file (engine 34).

import type { Bytes } from "../../src/board";

/** Bytes that Storage adds to a file at most: its header, and up to three behind it. Files begin at multiples of four. */
export const FILE_OVERHEAD = 32 + 3;

/** With less room the engine would compact, and move the code that is running (engine 34). */
export const FULL = "Storage is full, flash the board again to make room";

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
