// Writes files into a board's Storage so that a failure leaves the old ones in place. All files are first written
// beside the old ones and verified. Then the board itself copies them over the old ones, the program last.

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

/** Files of other tools that Espruino would run instead of the boot code, or before it. */
const SHADOWS = [".bootrst", ".varimg"];
/** Suffix of a file that waits beside the old one; names have room for 28 bytes. */
const STAGED = "~";
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

/**
 * Puts files into Storage, the boot code last. The firmware must be stopped. Calls `say` with each step.
 * @param remedy what to do if the Storage is full, as advice
 */
export async function upload(
  espruino: Espruino,
  files: File[],
  remedy: string,
  say: (step: string) => void,
): Promise<void> {
  const changed: File[] = [];
  for (const file of files) {
    if (await holds(espruino, file.name, file)) say(`${file.name} is there already`);
    else changed.push(file);
  }
  await makeRoom(espruino, changed, remedy, say);
  try {
    for (const file of changed) {
      say(`sending ${file.name}, ${file.bytes.length} bytes`);
      await attempt(espruino, file, staged(file), () => send(espruino, file));
    }
    // From here on old files are replaced. The board works alone, so the cable may be pulled.
    for (const file of inOrder(changed)) {
      await attempt(espruino, file, file.name, () => install(espruino, file));
      say(`${file.name} verified, CRC ${hex32(crc32(file.bytes))}`);
    }
  } catch (error) {
    espruino.recover();
    await erase(espruino, changed.map(staged)).catch(() => {});
    throw error instanceof Refusal ? refused(error, remedy) : error;
  }
  await erase(espruino, [...changed.map(staged), ...SHADOWS]);
  await eraseOldParts(espruino, files);
}

/** Erases the parts of earlier programs. Their names differ, so the old program has its parts until the end. */
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

/** The boot code comes last: until then the board boots the old program. */
function inOrder(files: File[]): File[] {
  return [
    ...files.filter(({ name }) => name !== BOOT_CODE),
    ...files.filter(({ name }) => name === BOOT_CODE),
  ];
}

/** Makes room for every file beside its old one, so that no compaction happens while files are written. */
async function makeRoom(
  espruino: Espruino,
  files: File[],
  remedy: string,
  say: (step: string) => void,
): Promise<void> {
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
      remedy,
    );
  }
}

function stats(espruino: Espruino): Promise<Storage> {
  return espruino.ask<Storage>("require('Storage').getStats()", FLASH_MS);
}

/** Writes a file and reads it back; writes it once more if it differs. */
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
      // A repeated question finds its bytes already there: flash cannot be written twice.
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

/** The engine's error for a full Storage, as one of ours. */
function refused(error: Refusal, remedy: string): Failure {
  if (!/Unable to find or create file/.test(error.words)) return error;
  return new Failure("full", "the board found no room for a file", remedy);
}
