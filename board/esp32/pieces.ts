// Files that are written in pieces, and hashed where they lie in flash. Only builds of applications that load programs have
// this file.

import type { Pieces } from "../../src/board";
import { hashOfCheck, sha256, sha256OfOne } from "./sha256";
import { FILE_OVERHEAD, FULL, filesNamed, readFile } from "./storage";

/** Bytes of a JsVar that a string in one piece uses, at least. */
const VAR_BYTES = 12;

/** A power of two. */
const LONGEST_PIECE = 1024;

/** And what a check of a signature is made with. */
export const pieces: Pieces & { hashOfCheck: typeof hashOfCheck } = {
  room() {
    return require("Storage").getFree();
  },
  filesNamed,
  writePiece(name, at, bytes, size) {
    const file = readFile(name);
    const length = bytes.length;
    const begun = file && file.length === size;
    if (!begun && require("Storage").getFree() < size + FILE_OVERHEAD) return FULL;
    // The engine refuses bytes over others, the same ones too: only the rest of a piece is written.
    let there = 0;
    // Halving: a piece is written from its begin, and a look at each of its bytes would take 28 million instructions.
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
  },
  hashOfFile(name) {
    const file = readFile(name)!;
    // A string in flash is hashed where it is. Where flash is not mapped into memory, it is copied, if there is room for it:
    // running out of memory could not be caught (engine 30).
    return (
      sha256OfOne(file) ||
      (process.memory().free * VAR_BYTES > file.length * 2 ? sha256(file, "") : undefined)
    );
  },
  hashOfCheck,
};
