// The note about updates, which outlives a restart and a power cut: the highest counter that was proven, what is not taken
// again, and the update that is under way. Two files take turns.

import type { Board, Bytes } from "../../../board";
import type { Link } from "../../../link/rungs";
import { ERROR, say } from "../../../log";
import { newestLines, sealed, turnFile } from "../../../program/turns";

/** The note is in update.a and update.b. */
const NOTE_FILE = "update";

/** Steps of the update that is under way: the signature is loaded and checked, the program is loaded, it is tried. */
export const NO_STEP = 0;
export const SIGNATURE_STEP = 1;
export const PROGRAM_STEP = 2;
export const TRIAL_STEP = 3;

export interface Note {
  count: number;
  /** The counter of the newest program that was proven. Older manifests are refused. */
  counter: number;
  /** Mark of a manifest that was refused or cancelled, and the state and the words that were told. */
  refused: Bytes;
  told: number;
  why: Bytes;
  /** A program that was rolled back, by the 16 digits of its topic, and the counter of its manifest. */
  undone: Bytes;
  undoneCounter: number;
  /** The update under way: its step, mark and counter; program, SHA-256 and version as in the manifest. */
  step: number;
  mark: Bytes;
  next: number;
  program: Bytes;
  sum: Bytes;
  version: Bytes;
}

export function readNote(board: Board): Note {
  const lines = newestLines(board, NOTE_FILE) || [];
  return {
    count: parseInt(lines[0] || "0", 10),
    counter: parseInt(lines[1] || "0", 10),
    refused: lines[2] || "",
    told: parseInt(lines[3] || "0", 10),
    why: lines[4] || "",
    undone: lines[5] || "",
    undoneCounter: parseInt(lines[6] || "0", 10),
    step: parseInt(lines[7] || "0", 10),
    mark: lines[8] || "",
    next: parseInt(lines[9] || "0", 10),
    program: lines[10] || "",
    sum: lines[11] || "",
    version: lines[12] || "",
  };
}

/** Writes the note. @returns "" or the reason why it is not in flash, which is logged */
export function writeNote(link: Link, note: Note): Bytes {
  const board = link.board;
  note.count++;
  const lines = [
    note.count,
    note.counter,
    note.refused,
    note.told,
    note.why.replace(/\n/g, " "),
    note.undone,
    note.undoneCounter,
    note.step,
    note.mark,
    note.next,
    note.program,
    note.sum,
    note.version,
  ];
  const why = board.writeFile(turnFile(NOTE_FILE, note.count), sealed(board, lines.join("\n")));
  if (why) say(link.log, ERROR, "update", "the step is not noted: " + why);
  return why;
}

/** No update is under way any more. */
export function endStep(note: Note): void {
  note.step = NO_STEP;
  note.mark = note.program = note.sum = note.version = "";
  note.next = 0;
}
