// Files that have one name for ever (.bootcde, ws, a client certificate) are replaced by the board itself: by a program
// that the engine runs before .bootcde. So a power cut while a file is replaced is made good at the next start.

import { CHUNK_BYTES } from "../limits.ts";
import type { File } from "./storage-files.ts";

/** The engine runs this file before .bootcde at each start. */
export const INSTALLER = ".boot0";
/** Suffix of a file that waits beside the old one; names have room for 28 bytes. */
const STAGED = "~";

export function staged(file: File): File {
  return { ...file, name: file.name + STAGED };
}

/** Copies the staged files over the old ones, if that is not done, then erases them and itself. One function: a part of it does nothing. */
export function installerOf(files: File[]): File {
  const names = JSON.stringify(files.map(({ name }) => name));
  const text =
    `(function(S,l){l.forEach(function(n){var f=n+"${STAGED}",a=S.read(f),o;` +
    `if(a!==undefined&&S.read(n)!==a)for(o=0;o<a.length;o+=${CHUNK_BYTES})S.write(n,S.read(f,o,${CHUNK_BYTES}),o,a.length)});` +
    `l.forEach(function(n){S.erase(n+"${STAGED}")});S.erase("${INSTALLER}")})(require("Storage"),${names});`;
  return { name: INSTALLER, bytes: Buffer.from(text, "latin1") };
}
