// The loader: what a board runs at power-on, in place of a program (.bootcde). It is never replaced by an update. It
// starts the program that is to be tried, or the one that is proven, and goes back to the proven one when a trial fails.

import type { Bytes } from "../board";
import { RESTART_FILE } from "../config/files";
import { DIGITS, digitsOf, fileOf, nameProgram, PARTS_BEGIN, PARTS_END, PROGRAM_PREFIX } from "./file";
import { giveUp } from "./give-up";
import { type Record, type RecordFiles, readRecord, writeRecord } from "./record";

/** How often a trial may be started without being proven. */
export const MOST_STARTS = 2;
/** Seconds after which the watchdog restarts a board whose program does not feed it. */
export const LOADER_WATCHDOG_S = 60;

/** What the loader needs of a board. */
export interface LoaderBoard extends RecordFiles {
  /** Names of the files that begin with this. */
  filesNamed(prefix: Bytes): Bytes[];
  /** Whether the board starts because its power came back, not because a program ended it. */
  powerCameBack(): boolean;
  /** Arms the watchdog. `byItself` is 1 where the engine's idle loop feeds it: then only a program that hangs is ended. */
  guard(periodS: number, byItself: number): void;
  /** Makes a file the one that parts are taken from. @returns its boot code */
  enter(file: Bytes, bootBytes: number): Bytes;
  print(line: Bytes): void;
  restart(): void;
}

/** Chooses the program to start. @returns its boot code, "" if there is no program */
export function choose(board: LoaderBoard): Bytes {
  const record = readRecord(board);
  if (record && record.trial) {
    const why = fault(board, record.trial, 1) || overdue(board, record);
    if (!why) return begin(board, record);
    endTrial(board, record, why);
  }
  const program = record && !fault(board, record.proven, 0) ? record.proven : anyProgram(board);
  if (program) return start(board, program, 1);
  board.print("There is no program on this board: run flash.sh, docs/flash.md");
  return "";
}

/** A program threw while it was started. @returns whether that is dealt with */
export function failed(board: LoaderBoard, error: unknown): boolean {
  const record = readRecord(board);
  if (!record || !record.trial || !record.proven) return false;
  endTrial(board, record, "" + error);
  board.restart();
  return true;
}

/** The reason why a trial was started often enough; "" if it may start. */
function overdue(board: LoaderBoard, record: Record): Bytes {
  // Without another program there is nothing to go back to.
  if (!record.proven || record.starts < MOST_STARTS || board.powerCameBack()) return "";
  return "started " + record.starts + " times, and did not come up";
}

function begin(board: LoaderBoard, record: Record): Bytes {
  // A cut of the power is not the program's fault.
  if (record.proven && !(record.starts && board.powerCameBack())) {
    record.starts++;
    writeRecord(board, record);
  }
  return start(board, record.trial, record.proven ? 0 : 1);
}

function start(board: LoaderBoard, program: Bytes, byItself: number): Bytes {
  board.guard(LOADER_WATCHDOG_S, byItself);
  return board.enter(fileOf(program), parseInt(program.split(" ")[1]!, 10));
}

/** Ends a trial. The proven program tells why. */
function endTrial(board: LoaderBoard, record: Record, why: Bytes): void {
  board.writeFile(RESTART_FILE, giveUp(board, record, why));
}

/** The reason why a program's file cannot be started; "" if it can. */
function fault(board: LoaderBoard, program: Bytes, whole: number): Bytes {
  const file = board.readFile(fileOf(program));
  const length = parseInt(program.split(" ")[2]!, 10);
  if (!program || file === undefined) return "its file is missing";
  if (file.length !== length || file.substr(length - PARTS_END.length) !== PARTS_END)
    return "its file is not complete";
  return whole && digitsOf(board.crc32(file)) !== program.substr(0, DIGITS) ? "its file is damaged" : "";
}

/** A whole program in Storage, "" if there is none. Wanted only where the records are lost. */
function anyProgram(board: LoaderBoard): Bytes {
  const names = board.filesNamed(PROGRAM_PREFIX);
  for (let i = 0; i < names.length; i++) {
    const file = board.readFile(names[i]!) || "";
    const program = nameProgram(board.crc32(file), file.indexOf(PARTS_BEGIN), file.length);
    if (fileOf(program) === names[i] && !fault(board, program, 0)) return program;
  }
  return "";
}
