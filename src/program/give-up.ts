// The end of a trial that failed.

import type { Bytes } from "../board";
import { DIGITS, fileOf } from "./file";
import { type Record, type RecordFiles, writeRecord } from "./record";

/** What is given up, in words. */
export const CONFIGURATION = "the new configuration";
export const PROGRAM = "the new program ";

/** Goes back to the proven program and its configuration. @returns a sentence that says so */
export function giveUp(files: RecordFiles, record: Record, why: Bytes): Bytes {
  const { trial, config, by } = record;
  record.trial = record.by = record.config = "";
  record.starts = 0;
  writeRecord(files, record);
  // After the record: until then they are the board's only ones.
  if (fileOf(trial) !== fileOf(record.proven)) files.writeFile(fileOf(trial), "");
  if (config) files.writeFile(config, "");
  return (by === "config" ? CONFIGURATION : PROGRAM + trial.substr(0, DIGITS)) + " is given up: " + why;
}
