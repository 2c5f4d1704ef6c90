// Records that survive a power cut: two files take turns, each with the number of the write first and a checksum last. A
// write replaces the older one; the newest whole one counts.

import type { Bytes } from "../board";

/** What reads and writes such files. */
export interface TurnFiles {
  readFile(name: Bytes): Bytes | undefined;
  writeFile(name: Bytes, bytes: Bytes): Bytes;
  crc32(bytes: Bytes): number;
}

/** The lines of the newest record, without its checksum; undefined if there is none of so many lines. */
export function newestLines(
  files: Pick<TurnFiles, "readFile" | "crc32">,
  names: Bytes[],
  count: number,
): Bytes[] | undefined {
  let newest: Bytes[] | undefined;
  for (let i = 0; i < names.length; i++) {
    const lines = (files.readFile(names[i]!) || "").split("\n");
    const crc = lines.pop();
    if (lines.length !== count || "" + files.crc32(lines.join("\n")) !== crc) continue;
    if (!newest || +newest[0]! <= +lines[0]!) newest = lines;
  }
  return newest;
}

/** A record with its checksum. */
export function sealedLines(files: Pick<TurnFiles, "crc32">, lines: (Bytes | number)[]): Bytes {
  const text = lines.join("\n");
  return text + "\n" + files.crc32(text);
}
