// The end of a trial that failed.

import type { Bytes } from "../board";
import { DIGITS, fileOf } from "./file";
import { type Record, type RecordFiles, writeRecord } from "./record";

/** Goes back to the proven program and its configuration. @returns a sentence that says so */
export function giveUp(files: RecordFiles, record: Record, why: Bytes): Bytes {
  const { trial, config, by } = record;
  record.trial = record.by = record.config = "";
  record.starts = 0;
  writeRecord(files, record);
  // After the record: until then they are the board's only ones.
  if (fileOf(trial) !== fileOf(record.proven)) files.writeFile(fileOf(trial), "");
  if (config) files.writeFile(config, "");
  const what = by === "config" ? "configuration" : "program " + trial.substr(0, DIGITS);
  return "the new " + what + " is given up: " + why;
}
