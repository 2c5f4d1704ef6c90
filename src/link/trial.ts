// A program, or a configuration, that is on trial. It proves itself, or it is given up.

import type { Board, Bytes } from "../board";
import { CONFIG_FILE } from "../config/files";
import { ERROR, INFO, say } from "../log";
import { DIGITS, fileOf } from "../program/file";
import { CONFIGURATION, giveUp } from "../program/give-up";
import { type Record, readRecord, writeRecord } from "../program/record";
import { restart } from "./rescue";
import type { Link } from "./rungs";

/** Seconds that a program from a cable must run. Whether its link comes up, a person sees. */
export const CABLE_PROOF_S = 10;
/** Seconds that a trial has for its link to come up, if it came over that link. */
export const LINK_PROOF_S = 120;

/** The text of the configuration that counts; undefined if there is none. */
export function configText(board: Board): Bytes | undefined {
  const record = readRecord(board);
  const next = record && record.config ? board.readFile(record.config) : undefined;
  return next === undefined ? board.readFile(CONFIG_FILE) : next;
}

/** Call it once the program is at work. */
export function beginTrial(link: Link): void {
  const record = readRecord(link.board);
  if (!record) return;
  if (!record.trial) return adopt(link, record);
  link.trialLeft = record.by === "cable" ? CABLE_PROOF_S : LINK_PROOF_S;
  say(link.log, INFO, "boot", named(record) + " is tried for " + link.trialLeft + " s");
}

/** The last second of a trial has passed. */
export function endOfTrial(link: Link): void {
  const record = readRecord(link.board);
  if (!record || !record.trial) return;
  if (record.by === "cable" || !record.proven) return prove(link);
  restart(link, giveUp(link.board, record, "not connected for " + LINK_PROOF_S + " s: " + link.why));
}

/** What a trial is ended with: a link, or something else that shows that the program works. */
type Prover = Pick<Link, "board" | "log" | "trialLeft">;

/** The trial has succeeded: this program and this configuration stay. */
export function prove(link: Prover): void {
  const board = link.board;
  const record = readRecord(board);
  link.trialLeft = 0;
  if (!record || !record.trial) return;
  const what = named(record);
  const before = record.proven;
  record.proven = record.trial;
  record.trial = record.by = "";
  record.starts = 0;
  const why = writeRecord(board, record);
  if (why) return say(link.log, ERROR, "boot", what + " works, and that is not noted: " + why);
  say(link.log, INFO, "boot", what + " works");
  if (before && fileOf(before) !== fileOf(record.proven)) board.writeFile(fileOf(before), "");
  adopt(link, record);
}

/** Makes a proven configuration config.json. It counts before, too, so a power cut in between does no harm. */
function adopt(link: Prover, record: Record): void {
  const board = link.board;
  const file = record.config;
  const text = file && board.readFile(file);
  if (!text) return;
  const why = board.writeFile(CONFIG_FILE, text);
  if (why) return say(link.log, ERROR, "config", "config.json is not written: " + why);
  record.config = "";
  if (!writeRecord(board, record)) board.writeFile(file, "");
}

function named(record: Record): Bytes {
  return record.by === "config" ? CONFIGURATION : "program " + record.trial.substr(0, DIGITS);
}
