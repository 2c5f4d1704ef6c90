// Files in a board's Storage: written in pieces and read back, copied by the board itself, erased.

import { crc32 } from "../../board/virtual/crc32.ts";
import { Failure } from "../failures.ts";
import { ANSWER_MS, CHUNK_BYTES, FLASH_MS, WRITE_TRIES } from "../limits.ts";
import { hex32, literal } from "../serial/bytes.ts";
import type { Espruino } from "../serial/espruino.ts";
import { stored } from "./inspect.ts";

export interface File {
  name: string;
  bytes: Uint8Array;
}

/** Size of a file's header in Storage, and the unit that its length is rounded up to. */
const HEADER_BYTES = 32;
const ALIGNMENT = 4;

/** Bytes that files take in Storage. */
export function storedBytes(files: File[]): number {
  return files.reduce(
    (sum, { bytes }) => sum + HEADER_BYTES + Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT,
    0,
  );
}

/** Writes a file and reads it back; writes it once more if it differs. */
export async function writeFile(espruino: Espruino, file: File, say: (step: string) => void): Promise<void> {
  say(`sending ${file.name}, ${file.bytes.length} bytes`);
  for (let tries = 1; ; tries++) {
    await send(espruino, file);
    if (tries === WRITE_TRIES || (await holds(espruino, file))) return verify(espruino, file, say);
    await erase(espruino, [file.name]);
  }
}

/** Throws if a file is not in Storage as it should be. */
export async function verify(espruino: Espruino, file: File, say: (step: string) => void): Promise<void> {
  if (!(await holds(espruino, file)))
    throw new Failure("verify", `${file.name} reads back differently from what was written`);
  say(`${file.name} verified, CRC ${hex32(crc32(file.bytes))}`);
}

export async function holds(espruino: Espruino, { name, bytes }: File): Promise<boolean> {
  const there = await stored(espruino, name);
  return there?.length === bytes.length && there.crc === crc32(bytes);
}

/** The text of a file, undefined if it is not there. For short files. */
export async function textOf(espruino: Espruino, name: string): Promise<string | undefined> {
  const text = await espruino.ask<string | 0>(
    `(function(f){return f===undefined?0:btoa(f)})(require("Storage").read(${JSON.stringify(name)}))`,
    FLASH_MS,
  );
  return text === 0 ? undefined : Buffer.from(text, "base64").toString("latin1");
}

/** The names of all files. */
export function namesOf(espruino: Espruino): Promise<string[]> {
  return espruino.ask<string[]>('require("Storage").list()', FLASH_MS);
}

export async function erase(espruino: Espruino, names: string[]): Promise<void> {
  if (names.length)
    await espruino.evaluate(
      `${JSON.stringify(names)}.forEach(function(n){require("Storage").erase(n)})`,
      FLASH_MS,
    );
}

async function send(espruino: Espruino, { name, bytes }: File): Promise<void> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = literal(bytes.subarray(at, at + CHUNK_BYTES));
    await espruino.evaluate(
      // A repeated question finds its bytes already there: flash cannot be written twice.
      `(function(S,n,d,o,l){if(S.read(n,o,d.length)!==d)S.write(n,d,o,l)})` +
        `(require("Storage"),${JSON.stringify(name)},${chunk},${at},${bytes.length})`,
      at ? ANSWER_MS : FLASH_MS,
    );
  }
}
