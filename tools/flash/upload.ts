// Writes a program into a board's Storage so that a failure, or a cut of the power, leaves the old one in place. The new
// files are written beside the old ones and verified. Then a record makes the board try them (src/program).

import { Failure } from "../failures.ts";
import { COMPACT_MS, FLASH_MS } from "../limits.ts";
import type { Espruino } from "../serial/espruino.ts";
import { Refusal } from "../serial/espruino.ts";
import type { Storage } from "./inspect.ts";
import { INSTALLER, installerOf, staged } from "./installer.ts";
import { erase, type File, holds, storedBytes, verify, writeFile } from "./storage-files.ts";
import { type Target, targetOf } from "./target.ts";

/** Files of other tools that Espruino would run instead of the boot code, or before it. */
const SHADOWS = [".bootrst", ".varimg"];

type Say = (step: string) => void;

/**
 * Puts files into Storage. The firmware must be stopped. Calls `say` with each step.
 * @param remedy what to do if the Storage is full, as advice
 */
export async function upload(espruino: Espruino, files: File[], remedy: string, say: Say): Promise<void> {
  const target = await targetOf(espruino, files);
  const beside = await changed(espruino, target.beside, say);
  const replaced = await changed(espruino, target.replaced, say);
  const installer = installerOf(replaced);
  const written = [...beside, ...replaced.map(staged), ...(replaced.length ? [installer] : [])];
  await erase(espruino, [...target.idle, ...written.map(({ name }) => name)]);
  await makeRoom(espruino, [...written, ...replaced], remedy, say);
  try {
    for (const file of written) await writeFile(espruino, file, say);
  } catch (error) {
    espruino.recover();
    // The installer first: without it the others are idle.
    await erase(espruino, [INSTALLER, ...written.map(({ name }) => name)]).catch(() => {});
    throw error instanceof Refusal ? refused(error, remedy) : error;
  }
  await turnOver(espruino, target, replaced, say);
}

/** From here on the board works alone: the cable, and its power, may be cut. */
async function turnOver(espruino: Espruino, target: Target, replaced: File[], say: Say): Promise<void> {
  if (target.record) await writeFile(espruino, target.record, say);
  if (replaced.length) {
    await espruino.evaluate(`eval(require("Storage").read("${INSTALLER}"))`, FLASH_MS);
    for (const file of replaced) await verify(espruino, file, say);
  }
  await erase(espruino, SHADOWS);
  await eraseOldParts(espruino);
}

async function changed(espruino: Espruino, files: File[], say: Say): Promise<File[]> {
  const found: File[] = [];
  for (const file of files) {
    if (await holds(espruino, file)) say(`${file.name} is there already`);
    else found.push(file);
  }
  return found;
}

/** Erases the parts of programs of version 0.1, which were files of their own. */
async function eraseOldParts(espruino: Espruino): Promise<void> {
  await espruino.evaluate(
    '(function(S){S.list(/^parts\\./).forEach(function(n){S.erase(n)})})(require("Storage"))',
    FLASH_MS,
  );
}

/** Makes room for every file beside its old one, so that no compaction happens while files are written, and for updates. */
async function makeRoom(espruino: Espruino, files: File[], remedy: string, say: Say): Promise<void> {
  const needed = storedBytes(files) + RECORDS_BYTES;
  let storage = await stats(espruino);
  const compactionGives = (bytes: number) =>
    storage.freeBytes < bytes && storage.freeBytes + storage.trashBytes >= bytes;
  if (compactionGives(needed) || compactionGives(needed + UPDATES_BYTES)) {
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

/** Room for updates through the broker, which no program makes by itself: twice the largest one. */
const UPDATES_BYTES = 260_000;
/** Room for the records and the configuration that a trial writes. */
const RECORDS_BYTES = 4096;

function stats(espruino: Espruino): Promise<Storage> {
  return espruino.ask<Storage>("require('Storage').getStats()", FLASH_MS);
}

/** The engine's error for a full Storage, as one of ours. */
function refused(error: Refusal, remedy: string): Failure {
  if (!/Unable to find or create file/.test(error.words)) return error;
  return new Failure("full", "the board found no room for a file", remedy);
}
