// Loads a file in blocks, each a retained message: the board subscribes to one, takes it, unsubscribes, and subscribes to the
// next one. Nothing but the number of the block is kept: after a restart the file itself says which one is missing.

import type { Bytes } from "../../../board";
import type { Link } from "../../../link/rungs";
import { subscribe, unsubscribe } from "../../../mqtt/request";
import { fileOf } from "../../../program/file";
import { SIGNATURE } from "../../../sign/slh-dsa";
import { baseOf } from "../answer";
import { type Device, numberOf } from "../record";
import { SUM_DIGITS } from "./manifest";
import type { Note } from "./note";
import {
  BLOCK,
  BLOCK_WITHIN_S,
  CHECKING,
  LOADING,
  type Load,
  MOST_ASKS,
  PROGRESS_STEP,
  SIGNATURE_FILE,
} from "./record";
import { refuse, tell } from "./report";

/** Begins to load the signature of a manifest. */
export function loadSignature(link: Link, note: Note, manifest: Bytes): void {
  // A file of an earlier update would only be completed.
  if (link.board.readFile(SIGNATURE_FILE)) link.board.writeFile(SIGNATURE_FILE, "");
  tell(link, CHECKING);
  begin(link, note, { letter: "s", file: SIGNATURE_FILE, size: SIGNATURE, manifest });
}

/** Begins to load a program, or goes on where its file ends. */
export function loadProgram(link: Link, note: Note): void {
  const size = parseInt(note.program.split(" ")[2]!, 10);
  const load = begin(link, note, { letter: "", file: fileOf(note.program), size, manifest: "" });
  tell(link, LOADING, "", percentOf(load));
}

function begin(
  link: Link,
  note: Note,
  what: { letter: Bytes; file: Bytes; size: number; manifest: Bytes },
): Load {
  const device = link.own as Device;
  const folder = baseOf(device) + "update/" + note.sum.substr(0, SUM_DIGITS) + "/" + what.letter;
  const { file, size, manifest } = what;
  const load = { folder, file, size, block: missingBlock(link, file, size), asks: 0, manifest };
  device.updates!.loading = load;
  ask(link, load);
  return load;
}

/**
 * The first block that may not be in flash: the last one with bytes may have been cut off. Programs are ASCII, and erased
 * flash reads as 255.
 */
function missingBlock(link: Link, name: Bytes, size: number): number {
  const file = link.board.readFile(name);
  if (!file || file.length !== size) return 0;
  let block = 0;
  while ((block + 1) * BLOCK <= size && file.charCodeAt((block + 1) * BLOCK - 1) !== 255) block++;
  return block ? block - 1 : 0;
}

/** Subscribes to the block that is next. A second time it is asked for again. */
export function ask(link: Link, load: Load): void {
  (link.own as Device).updates!.wait = BLOCK_WITHIN_S;
  subscribe(link.client, [{ filter: load.folder + load.block, qos: 0 }]);
}

/** The block that is next has not come in time. */
export function late(link: Link, load: Load): void {
  if (++load.asks < MOST_ASKS) return ask(link, load);
  refuse(link, "block " + nameOf(load) + " did not come within " + MOST_ASKS * BLOCK_WITHIN_S + " s");
}

/** The block that is next, as its topic ends. */
function nameOf(load: Load): Bytes {
  return (load.manifest && "s") + load.block;
}

/** Takes a block. @returns the file, when it is complete */
export function takeBlock(link: Link, load: Load, topic: Bytes, payload: Bytes): Load | undefined {
  const updates = (link.own as Device).updates!;
  if (topic.substr(0, load.folder.length) !== load.folder) return undefined;
  const number = numberOf(topic.substr(load.folder.length));
  // A block that was asked for twice comes twice.
  if (number < load.block) return undefined;
  const wrong = faultOfBlock(load, number, payload) || writeBlock(link, load, payload);
  if (wrong) return refuse(link, "block " + nameOf(load) + " " + wrong) as undefined;
  unsubscribe(link.client, [topic]);
  const before = percentOf(load);
  load.block++;
  load.asks = 0;
  if (load.block * BLOCK >= load.size) {
    updates.loading = undefined;
    updates.wait = 0;
    return load;
  }
  ask(link, load);
  const percent = percentOf(load);
  if (percent > before && !load.manifest) tell(link, LOADING, "", percent);
  return undefined;
}

function faultOfBlock(load: Load, number: number, payload: Bytes): Bytes {
  const rest = load.size - load.block * BLOCK;
  const length = rest < BLOCK ? rest : BLOCK;
  if (number > load.block) return "was asked for, and block " + number + " came";
  return payload.length === length ? "" : "has " + payload.length + " bytes: expected " + length;
}

/** @returns "" or why the block is not in flash: what is there cannot become this file, so the file is removed */
function writeBlock(link: Link, load: Load, payload: Bytes): Bytes {
  const pieces = (link.own as Device).world.pieces;
  const why = pieces.writePiece(load.file, load.block * BLOCK, payload, load.size);
  if (why) link.board.writeFile(load.file, "");
  return why && "is not written: " + why;
}

/** How much is loaded, in whole steps. */
function percentOf(load: Load): number {
  const percent = (load.block * BLOCK * 100) / load.size;
  return percent - (percent % PROGRESS_STEP);
}
