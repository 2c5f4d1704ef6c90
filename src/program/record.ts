// The record that says which program a board starts. Two files take turns: each write replaces the older one, so a power
// cut during a write leaves the record before it. The newest whole one counts.

import type { Bytes } from "../board";

/** Which program runs. Programs are named as in file.ts, "" for none. */
export interface Record {
  /** Number of the write, from 1. */
  count: number;
  /** The program that is known to work. */
  proven: Bytes;
  /** The program to be tried, or the proven one with a new configuration. */
  trial: Bytes;
  /** Where the trial comes from. */
  by: TrialBy;
  /** How often the trial was started, power cuts not counted. */
  starts: number;
  /** File of a new configuration: of the trial, or one that is proven and not yet in config.json. "" is config.json. */
  config: Bytes;
}

/** What a board starts with that has only this program. */
export function onlyProgram(program: Bytes): Record {
  return { count: 1, proven: program, trial: "", by: "", starts: 0, config: "" };
}

/** A trial by cable, by an update from the broker, or of a new configuration. "" without a trial. */
export type TrialBy = "" | "cable" | "update" | "config";

/** What reads and writes records. */
export interface RecordFiles {
  readFile(name: Bytes): Bytes | undefined;
  writeFile(name: Bytes, bytes: Bytes): Bytes;
  crc32(bytes: Bytes): number;
}

/** The newest record; undefined if there is none. No method of arrays: the first one takes memory for good (engine 16). */
export function readRecord(files: Pick<RecordFiles, "readFile" | "crc32">): Record | undefined {
  let newest: Record | undefined;
  for (let i = 0; i < 2; i++) {
    const file = files.readFile(recordFile(i)) || "";
    const text = file.substr(file.indexOf("\n") + 1);
    if (file !== files.crc32(text) + "\n" + text) continue;
    const lines = text.split("\n");
    const count = parseInt(lines[0]!, 10);
    if (newest && newest.count > count) continue;
    newest = {
      count,
      proven: lines[1]!,
      trial: lines[2]!,
      by: lines[3] as TrialBy,
      starts: parseInt(lines[4]!, 10),
      config: lines[5]!,
    };
  }
  return newest;
}

/** Writes a record in place of the older one. @returns "" or the reason why it is not in flash */
export function writeRecord(files: RecordFiles, record: Record): Bytes {
  record.count++;
  return files.writeFile(recordFile(record.count), recordText(files, record));
}

/** The file for the next new configuration, beside config.json. */
export function freeConfigFile(record: Record | undefined): Bytes {
  return record && record.config === "config.a" ? "config.b" : "config.a";
}

/** The file in which the record of this count lies. */
export function recordFile(count: number): Bytes {
  return count & 1 ? "fw.b" : "fw.a";
}

/** A record as the text of its file: its CRC-32, then a line for each field. */
export function recordText(files: Pick<RecordFiles, "crc32">, record: Record): Bytes {
  const programs = record.count + "\n" + record.proven + "\n" + record.trial + "\n";
  const text = programs + record.by + "\n" + record.starts + "\n" + record.config;
  return files.crc32(text) + "\n" + text;
}
