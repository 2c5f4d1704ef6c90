// Files that are written in pieces, and hashed where they lie in flash. Only builds of applications that load programs have
// this file.

import type { Pieces } from "../../src/board";
import { hashOfCheck, sha256, sha256OfOne } from "./sha256";
import { filesNamed, readFile, writePiece } from "./storage";

/** Bytes of a JsVar that a string in one piece uses, at least. */
const VAR_BYTES = 12;

/** And what a check of a signature is made with. */
export const pieces: Pieces & { hashOfCheck: typeof hashOfCheck } = {
  room() {
    return require("Storage").getFree();
  },
  filesNamed,
  writePiece,
  hashOfText: sha256,
  hashOfFile(name) {
    const file = readFile(name)!;
    // A string in flash is hashed where it is. Where flash is not mapped into memory, it is copied, if there is room for it:
    // running out of memory could not be caught (engine 30).
    return (
      sha256OfOne(file) || (process.memory().free * VAR_BYTES > file.length * 2 ? sha256(file) : undefined)
    );
  },
  hashOfCheck,
};
