// Records that survive a power cut: two files take turns, each with a checksum first and then the number of the write. A
// write replaces the older one; the newest whole one counts.

import type { Bytes } from "../board";

/** What reads and writes such files. */
export interface TurnFiles {
  readFile(name: Bytes): Bytes | undefined;
  writeFile(name: Bytes, bytes: Bytes): Bytes;
  crc32(bytes: Bytes): number;
}

/** The file in which the record of this count lies. */
export function turnFile(name: Bytes, count: number): Bytes {
  return name + (count & 1 ? ".b" : ".a");
}

/**
 * The lines of the newest record, the number of its write first; undefined if there is none. No method of arrays: the first
 * one takes memory for good (engine 16).
 */
export function newestLines(files: Pick<TurnFiles, "readFile" | "crc32">, name: Bytes): Bytes[] | undefined {
  let newest: Bytes[] | undefined;
  for (let i = 0; i < 2; i++) {
    const file = files.readFile(turnFile(name, i)) || "";
    const text = file.substr(file.indexOf("\n") + 1);
    if (file !== sealed(files, text)) continue;
    const lines = text.split("\n");
    if (!newest || parseInt(newest[0]!, 10) <= parseInt(lines[0]!, 10)) newest = lines;
  }
  return newest;
}

/** A record as the text of its file: its CRC-32, then a line for each field. */
export function sealed(files: Pick<TurnFiles, "crc32">, text: Bytes): Bytes {
  return files.crc32(text) + "\n" + text;
}
