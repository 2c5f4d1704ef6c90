// Files into a board's Storage so that a failure leaves the old ones in place: all are written beside the old ones
// and verified first, then copied over by the board itself, the program last. Knows no port.

import { BOOT_CODE } from "../../board/virtual/program.ts";
import { Failure } from "../failures.ts";
import { ANSWER_MS, CHUNK_BYTES, COMPACT_MS, FLASH_MS, WRITE_TRIES } from "../limits.ts";
import { crc32, hex32, literal } from "../serial/bytes.ts";
import type { Espruino } from "../serial/espruino.ts";
import { Refusal } from "../serial/espruino.ts";
import { type Storage, stored } from "./inspect.ts";

export interface File {
  name: string;
  bytes: Uint8Array;
}

/** What Espruino would run instead of it, or before it: saved by other tools. */
const SHADOWS = [".bootrst", ".varimg"];
/** Beside the old file; names have room for 28 bytes. */
const STAGED = "~";
/** A file's header in Storage, and what its length is rounded up to. */
const HEADER_BYTES = 32;
const ALIGNMENT = 4;

/** Bytes that files take in Storage. */
export function storedBytes(files: File[]): number {
  return files.reduce(
    (sum, { bytes }) => sum + HEADER_BYTES + Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT,
    0,
  );
}

/** Puts files into Storage, the boot code last. The firmware must be stopped. `say` is told each step. */
export async function upload(espruino: Espruino, files: File[], say: (step: string) => void): Promise<void> {
  const changed: File[] = [];
  for (const file of files) {
    if (await holds(espruino, file.name, file)) say(`${file.name} is there already`);
    else changed.push(file);
  }
  await makeRoom(espruino, changed, say);
  try {
    for (const file of changed) {
      say(`sending ${file.name}, ${file.bytes.length} bytes`);
      await attempt(espruino, file, staged(file), () => send(espruino, file));
    }
    // From here on the old files go; the cable may be pulled now, for the board works alone.
    for (const file of inOrder(changed)) {
      await attempt(espruino, file, file.name, () => install(espruino, file));
      say(`${file.name} verified, CRC ${hex32(crc32(file.bytes))}`);
    }
  } catch (error) {
    espruino.recover();
    await erase(espruino, changed.map(staged)).catch(() => {});
    throw error instanceof Refusal ? refused(error) : error;
  }
  await erase(espruino, [...changed.map(staged), ...SHADOWS]);
  await eraseOldParts(espruino, files);
}

/** Parts of the programs before this one: their names differ, so that the old program has its own until the end. */
async function eraseOldParts(espruino: Espruino, files: File[]): Promise<void> {
  const kept = JSON.stringify(files.map(({ name }) => name));
  await espruino.evaluate(
    `(function(S){S.list(/^parts\\./).forEach(function(n){if(${kept}.indexOf(n)<0)S.erase(n)})})(require("Storage"))`,
    FLASH_MS,
  );
}

function staged(file: File): string {
  return file.name + STAGED;
}

/** The program last: until then the board boots the old one. */
function inOrder(files: File[]): File[] {
  return [
    ...files.filter(({ name }) => name !== BOOT_CODE),
    ...files.filter(({ name }) => name === BOOT_CODE),
  ];
}

/** Room for every file beside its predecessor, with nothing left to compact while files are being written. */
async function makeRoom(espruino: Espruino, files: File[], say: (step: string) => void): Promise<void> {
  await erase(espruino, files.map(staged));
  const needed = storedBytes(files) * 2;
  let storage = await stats(espruino);
  if (storage.freeBytes < needed && storage.freeBytes + storage.trashBytes >= needed) {
    say("compacting the Storage: do not cut the power now");
    await espruino.evaluate("require('Storage').compact()", COMPACT_MS);
    storage = await stats(espruino);
  }
  if (storage.freeBytes < needed) {
    throw new Failure(
      "full",
      `the upload needs ${needed} bytes of Storage beside what is there, ${storage.freeBytes} are free`,
    );
  }
}

function stats(espruino: Espruino): Promise<Storage> {
  return espruino.ask<Storage>("require('Storage').getStats()", FLASH_MS);
}

/** Writes a file and reads it back; once more if it differs. */
async function attempt(
  espruino: Espruino,
  file: File,
  name: string,
  write: () => Promise<void>,
): Promise<void> {
  for (let tries = 0; tries < WRITE_TRIES; tries++) {
    await write();
    if (await holds(espruino, name, file)) return;
    await erase(espruino, name === file.name ? [] : [name]);
  }
  throw new Failure("verify", `${file.name} reads back differently from what was written`);
}

async function holds(espruino: Espruino, name: string, file: File): Promise<boolean> {
  const there = await stored(espruino, name);
  return there?.length === file.bytes.length && there.crc === crc32(file.bytes);
}

async function send(espruino: Espruino, file: File): Promise<void> {
  const { bytes } = file;
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = literal(bytes.subarray(at, at + CHUNK_BYTES));
    await espruino.evaluate(
      // Asked twice, it finds its own bytes: flash cannot be written twice.
      `(function(S,n,d,o,l){if(S.read(n,o,d.length)!==d)S.write(n,d,o,l)})` +
        `(require("Storage"),${JSON.stringify(staged(file))},${chunk},${at},${bytes.length})`,
      at ? ANSWER_MS : FLASH_MS,
    );
  }
}

/** The board copies the staged file over the old one, in pieces that need little memory. */
async function install(espruino: Espruino, file: File): Promise<void> {
  const [to, from] = [JSON.stringify(file.name), JSON.stringify(staged(file))];
  await espruino.evaluate(
    `(function(S){for(var o=0;o<${file.bytes.length};o+=${CHUNK_BYTES})` +
      `S.write(${to},S.read(${from},o,${CHUNK_BYTES}),o,${file.bytes.length})})(require("Storage"))`,
    FLASH_MS,
  );
}

async function erase(espruino: Espruino, names: string[]): Promise<void> {
  if (names.length)
    await espruino.evaluate(
      `${JSON.stringify(names)}.forEach(function(n){require("Storage").erase(n)})`,
      FLASH_MS,
    );
}

/** The engine's words for a full Storage, as ours. */
function refused(error: Refusal): Failure {
  if (!/Unable to find or create file/.test(error.words)) return error;
  return new Failure("full", "the board found no room for a file");
}
