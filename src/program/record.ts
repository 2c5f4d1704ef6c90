// The record that says which program a board starts. Two files take turns (turns.ts), so a power cut during a write leaves
// the record before it.

import type { Bytes } from "../board";
import { newestLines, sealed, type TurnFiles, turnFile } from "./turns";

/** The record is in fw.a and fw.b. */
const RECORD_FILE = "fw";

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
export type RecordFiles = TurnFiles;

/** The newest record; undefined if there is none. */
export function readRecord(files: Pick<RecordFiles, "readFile" | "crc32">): Record | undefined {
  const lines = newestLines(files, RECORD_FILE);
  return (
    lines && {
      count: parseInt(lines[0]!, 10),
      proven: lines[1]!,
      trial: lines[2]!,
      by: lines[3] as TrialBy,
      starts: parseInt(lines[4]!, 10),
      config: lines[5]!,
    }
  );
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
  return turnFile(RECORD_FILE, count);
}

/** A record as the text of its file: its CRC-32, then a line for each field. */
export function recordText(files: Pick<RecordFiles, "crc32">, record: Record): Bytes {
  const programs = record.count + "\n" + record.proven + "\n" + record.trial + "\n";
  const text = programs + record.by + "\n" + record.starts + "\n" + record.config;
  return sealed(files, text);
}
