// The end of an update: the whole program is verified and tried, and what became of it is found out after the restart.

import type { Bytes } from "../../../board";
import type { Link } from "../../../link/rungs";
import { ERROR, INFO, say } from "../../../log";
import { DIGITS, digitsOf, fileOf } from "../../../program/file";
import { type Record, readRecord, writeRecord } from "../../../program/record";
import { leaveAndRestart } from "../presence";
import type { Device } from "../record";
import { SUM_DIGITS } from "./manifest";
import { endStep, NO_STEP, type Note, readNote, TRIAL_STEP, writeNote } from "./note";
import { DONE, ROLLED_BACK, TRYING } from "./record";
import { refuse, tell } from "./report";

/** Tries the program that was loaded, if it is whole. */
export function install(link: Link): void {
  const board = link.board;
  const note = readNote(board);
  const record = readRecord(board);
  const wrong = faultIn(link, note);
  if (wrong) {
    board.writeFile(fileOf(note.program), "");
    return refuse(link, wrong);
  }
  if (!record || record.trial) return refuse(link, "another trial is not over");
  // First the note: without it a program that was rolled back would be loaded again.
  note.step = TRIAL_STEP;
  const why = writeNote(link, note) || tryIt(link, record, note);
  if (why) return refuse(link, why);
  say(link.log, INFO, "update", "trying " + note.version);
  (link.own as Device).updates!.offer = note.version;
  tell(link, TRYING);
  leaveAndRestart(link, "update to " + note.version);
}

function tryIt(link: Link, record: Record, note: Note): Bytes {
  record.trial = note.program;
  record.by = "update";
  record.starts = 0;
  return writeRecord(link.board, record);
}

/** The reason why the file is not the program of the manifest; "" if it is. */
function faultIn(link: Link, note: Note): Bytes {
  const file = link.board.readFile(fileOf(note.program)) || "";
  const sum = (link.own as Device).world.pieces.hashOfFile(fileOf(note.program));
  if (sum === undefined) return "its SHA-256 cannot be told: not enough memory";
  if (hexOf(sum) !== note.sum) return "its SHA-256 is not that of the manifest";
  const crc = digitsOf(link.board.crc32(file));
  return crc === note.program.substr(0, DIGITS) ? "" : "its CRC-32 is not that of the manifest";
}

/** Bytes as hexadecimal digits. */
export function hexOf(bytes: Bytes): Bytes {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += ("0" + bytes.charCodeAt(i).toString(16)).slice(-2);
  return text;
}

/** The link is UP for the first time: tells what became of a trial. */
export function settle(link: Link): void {
  const note = readNote(link.board);
  const record = readRecord(link.board);
  if (note.step === NO_STEP || !record) return;
  if (record.proven === note.program) return succeed(link, note);
  if (note.step !== TRIAL_STEP || record.trial === note.program) return;
  // The power was cut between the note and the record. The end of a trial removes the file.
  if (link.board.readFile(fileOf(note.program))) return install(link);
  undo(link, note);
}

function succeed(link: Link, note: Note): void {
  const updates = (link.own as Device).updates!;
  updates.offer = note.version;
  if (note.next > note.counter) note.counter = note.next;
  endStep(note);
  writeNote(link, note);
  tell(link, DONE);
}

function undo(link: Link, note: Note): void {
  const device = link.own as Device;
  const why = device.restarted || "it did not come up";
  device.updates!.offer = note.version;
  note.undone = note.sum.substr(0, SUM_DIGITS);
  note.undoneCounter = note.next;
  note.why = why;
  say(link.log, ERROR, "update", note.version + " is rolled back: " + why);
  endStep(note);
  writeNote(link, note);
  tell(link, ROLLED_BACK, why);
}
