// A manifest: what it says, and whether this board can take it. It is judged before a byte of the program is loaded. Its
// signature is checked after that (check.ts): a board does no work for a manifest that is not for it.

import type { Bytes } from "../../../board";
import type { Link } from "../../../link/rungs";
import { DIGITS, fileOf } from "../../../program/file";
import { readRecord } from "../../../program/record";
import { type Device, numberOf } from "../record";
import { isTree } from "../secrets";
import type { Note } from "./note";
import { MAX_MANIFEST } from "./record";

/** The names in a manifest: docs/update.md has their meaning. */
export interface Manifest {
  product: Bytes;
  app: Bytes;
  profile: Bytes;
  transport: Bytes;
  version: Bytes;
  counter: number;
  /** As the record of programs names it: digits, bytes of its boot code, bytes of its file. */
  program: Bytes;
  sha256: Bytes;
  oldest: Bytes;
  newest: Bytes;
  share?: number;
}

const PRODUCT = "espruino-mqtt-ws";
/** Largest counter: numbers up to it are exact in the engine. */
const MAX_COUNTER = 2147483647;
const MAX_VERSION = 32;
/** Digits of the SHA-256 in the topics of a program. */
export const SUM_DIGITS = 16;
/** Bytes of Storage's header and of the padding of a file. */
const FILE_OVERHEAD = 64;
/** Programs that must fit: this one, and another update after it, which may have to bring the cure. */
const COPIES = 2;

/** A manifest from its text; undefined if that is not one. */
export function readManifest(link: Link, text: Bytes): Manifest | undefined {
  const it = text.length <= MAX_MANIFEST ? (link.board.parseJson(text) as Manifest) : undefined;
  return it && isTree(it) && !faultIn(it) ? it : undefined;
}

/** The reason why a text is not a manifest. */
export function faultOf(link: Link, text: Bytes): Bytes {
  if (text.length > MAX_MANIFEST)
    return "the manifest has " + text.length + " bytes: expected at most " + MAX_MANIFEST;
  const it = link.board.parseJson(text) as Manifest;
  return isTree(it) ? "the manifest's " + faultIn(it) + " is not as expected" : "the manifest is not JSON";
}

/** The name of the first value of the wrong form; "" if there is none. */
function faultIn(it: Manifest): Bytes {
  const parts = typeof it.program === "string" ? it.program.split(" ") : [];
  const boot = parts.length === 3 ? numberOf(parts[1]!) : -1;
  const size = parts.length === 3 ? numberOf(parts[2]!) : -1;
  const name = parts[0] || "";
  if (typeof it.version !== "string" || !/^[!-~]+$/.test(it.version) || it.version.length > MAX_VERSION)
    return "version";
  if (!isWhole(it.counter, MAX_COUNTER)) return "counter";
  if (!(name.length === DIGITS && isHex(name) && boot >= 0 && boot % 1 === 0)) return "program";
  if (!(size % 1 === 0 && size > boot)) return "program";
  if (typeof it.sha256 !== "string" || it.sha256.length !== 64 || !isHex(it.sha256)) return "sha256";
  if (releaseOf(it.oldest) < 0) return "oldest";
  if (releaseOf(it.newest) < 0) return "newest";
  return it.share === undefined || isWhole(it.share, 100) ? "" : "share";
}

function isWhole(value: unknown, most: number): boolean {
  return typeof value === "number" && value >= 1 && value <= most && value % 1 === 0;
}

function isHex(text: Bytes): boolean {
  return /^[0-9a-f]+$/.test(text);
}

/** The release of an engine as a number: 2v29.123 is 2029; -1 if it is none. */
function releaseOf(version: unknown): number {
  const parts = typeof version === "string" ? version.split("v") : [];
  const major = parts.length === 2 ? numberOf(parts[0]!) : -1;
  const minor = parts.length === 2 ? numberOf(parts[1]!.split(".")[0]!) : -1;
  return major >= 0 && minor >= 0 ? major * 1000 + minor : -1;
}

/** The reason why this board does not take a manifest; "" if it does. */
export function refusal(link: Link, note: Note, it: Manifest): Bytes {
  const device = link.own as Device;
  const pieces = device.world.pieces;
  const record = readRecord(link.board);
  const engine = device.world.chip.engineVersion();
  const release = releaseOf(engine);
  const size = parseInt(it.program.split(" ")[2]!, 10);
  // A part of the program may be there from before.
  const file = link.board.readFile(fileOf(it.program));
  const needed = COPIES * (size + FILE_OVERHEAD) - (file && file.length === size ? size : 0);
  if (it.product !== PRODUCT) return "it is for another product: expected " + PRODUCT;
  if (it.app !== "device") return "it is another application: expected device";
  if (it.transport !== device.world.transportName())
    return "it has another transport: expected " + device.world.transportName();
  if (release < releaseOf(it.oldest) || release > releaseOf(it.newest))
    return "it is for Espruino " + it.oldest + ".." + it.newest + ", and this board has " + engine;
  if (!(it.counter > note.counter))
    return "its counter " + it.counter + " is old: expected more than " + note.counter;
  if (!record || !record.proven) return "this board has no loader to go back with: flash it again";
  if (pieces.room() < needed)
    return "Storage has " + pieces.room() + " bytes free: expected " + needed + ", flash the board again";
  return "";
}
