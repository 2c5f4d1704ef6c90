// What an upload writes: the program and the configuration beside the old ones, and the record that makes the board try
// them (src/program/record.ts).

import { crc32 } from "../../board/virtual/crc32.ts";
import { nameOf } from "../../board/virtual/program.ts";
import { DIGITS, fileOf, PROGRAM_PREFIX } from "../../src/program/file.ts";
import {
  freeConfigFile,
  type Record as ProgramRecord,
  readRecord,
  recordFile,
  recordText,
} from "../../src/program/record.ts";
import type { Espruino } from "../serial/espruino.ts";
import { type File, holds, namesOf, textOf } from "./storage-files.ts";

const CONFIG = "config.json";
const CONFIGS = ["config.a", "config.b"];
const RECORDS = [recordFile(0), recordFile(1)];

export interface Target {
  /** Files with names of their own: the program, the configuration. Written beside the old ones. */
  beside: File[];
  /** The record, undefined if the board runs all this already. */
  record?: File;
  /** Files that are replaced: see installer.ts. */
  replaced: File[];
  /** Files that nothing needs any more. */
  idle: string[];
}

/** Compares the files of an upload with those on a board. */
export async function targetOf(espruino: Espruino, files: File[]): Promise<Target> {
  const names = await namesOf(espruino);
  const before = await recordOn(espruino);
  const program = files.find(({ name }) => isProgram(name))!;
  const config = files.find(({ name }) => name === CONFIG)!;
  const known = new Set([program.name, CONFIG, ...RECORDS]);
  const replaced = files.filter(({ name }) => !known.has(name));
  const sameConfig = await holds(espruino, { ...config, name: before?.config || CONFIG });
  const trial = nameOf(Buffer.from(program.bytes).toString("latin1"));
  const beside = [program];
  const next = { ...config, name: freeConfigFile(before) };
  // On a board without a record, config.json is read by a program of an older kind until the new one is started.
  if (!sameConfig) beside.push(names.includes(CONFIG) ? next : config);
  const runs = before && !before.trial && before.proven === trial && sameConfig;
  const record: ProgramRecord = {
    count: (before?.count ?? 0) + 1,
    proven: before?.proven ?? "",
    trial,
    by: "cable",
    starts: 0,
    config: sameConfig ? (before?.config ?? "") : beside[1] === next ? next.name : "",
  };
  // A board that has proven nothing yet has its trial only.
  const old = before?.proven || before?.trial || trial;
  const kept = [program.name, fileOf(old), record.config, before?.config];
  const idle = names.filter((name) => (isProgram(name) || CONFIGS.includes(name)) && !kept.includes(name));
  return { beside, ...(!runs && { record: fileOfRecord(record) }), replaced, idle };
}

function isProgram(name: string): boolean {
  return name.startsWith(PROGRAM_PREFIX) && name.length === PROGRAM_PREFIX.length + DIGITS;
}

/** The record of a board, undefined if it has none. */
export async function recordOn(espruino: Espruino): Promise<ProgramRecord | undefined> {
  const texts = new Map<string, string | undefined>();
  for (const name of RECORDS) texts.set(name, await textOf(espruino, name));
  return readRecord({ readFile: (name) => texts.get(name), crc32: crc });
}

function fileOfRecord(record: ProgramRecord): File {
  return { name: recordFile(record.count), bytes: Buffer.from(recordText({ crc32: crc }, record), "latin1") };
}

function crc(text: string): number {
  return crc32(Buffer.from(text, "latin1"));
}
