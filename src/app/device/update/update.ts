// Updates through the broker. It keeps a manifest (manifest.ts), its signature and the program as retained messages; the
// board loads them (fetch.ts), checks them (check.ts), and tries the program (install.ts). docs/update.md has the story.

import type { Bytes } from "../../../board";
import type { Report } from "../../../config/check";
import type { Link } from "../../../link/rungs";
import { INFO, say } from "../../../log";
import { subscribe } from "../../../mqtt/request";
import { DIGITS, fileOf, PROGRAM_PREFIX } from "../../../program/file";
import { readRecord } from "../../../program/record";
import type { UpdateConfig } from "../../config-file";
import { baseOf, failed } from "../answer";
import { configured } from "../configured";
import type { Device } from "../record";
import { checkSignature, nextSlice } from "./check";
import { ask, late, loadProgram, loadSignature, takeBlock } from "./fetch";
import { hexOf, install, settle } from "./install";
import { faultOf, type Manifest, readManifest, refusal, SUM_DIGITS } from "./manifest";
import { endStep, NO_STEP, type Note, PROGRAM_STEP, readNote, SIGNATURE_STEP, writeNote } from "./note";
import {
  AUTO_WITHIN_S,
  AVAILABLE,
  BLOCK,
  BLOCK_OVERHEAD,
  CHECK,
  DONE,
  IDLE,
  INSTALL,
  MANIFEST_WITHIN_S,
  NOTHING,
  ROLLED_BACK,
  SIGNATURE_FILE,
  type Updates,
} from "./record";
import { putAside, refuse, release, tell } from "./report";

/** Bytes of a manifest's SHA-256 by which it is known again. */
const MARK = 8;
const FULL = "Storage is full, flash the board again to make room";

/** Before the first connection, where `device.update` is configured. */
export function beginUpdates(device: Device, config: UpdateConfig): void {
  device.updates = {
    manifestTopic: baseOf(device) + "update/" + config.channel,
    told: NOTHING,
    wait: MANIFEST_WITHIN_S,
    asked: 0,
    mark: "",
  };
}

/** Reports a limit in which a block does not fit. */
export function checkLimits(report: Report, prefix: Bytes, maxPacket: number): void {
  const least = prefix.length + BLOCK_OVERHEAD + BLOCK;
  if (maxPacket < least) report("mqtt.maxPacket", "expected " + least + " or more with device.update");
}

/** The link is UP. */
export function updatesUp(link: Link, updates: Updates): void {
  if ((link.own as Device).ups === 1) settle(link);
  // At QoS 0 a block may be lost with the connection.
  if (updates.loading) ask(link, updates.loading);
}

/** Call it every second while a check goes on, and when `wait` is over. */
export function updatesDue(link: Link, updates: Updates): void {
  if (updates.checking) {
    if (nextSlice(link)) beginProgram(link);
    return;
  }
  if (updates.loading) return late(link, updates.loading);
  if (updates.told === AVAILABLE && !updates.asked) return wish(link, updates, INSTALL);
  updates.asked = 0;
  if (readNote(link.board).step !== NO_STEP) takeManifest(link, updates, "");
  else if (updates.told !== DONE && updates.told !== ROLLED_BACK) tell(link, IDLE);
}

/** The signature is good: the program may be loaded. */
function beginProgram(link: Link): void {
  const note = readNote(link.board);
  link.board.writeFile(SIGNATURE_FILE, "");
  note.step = PROGRAM_STEP;
  if (writeNote(link, note)) return refuse(link, FULL);
  removeOthers(link, note);
  loadProgram(link, note);
}

/** Removes programs that were begun and are not wanted any more. */
function removeOthers(link: Link, note: Note): void {
  const record = readRecord(link.board)!;
  const names = (link.own as Device).world.pieces.filesNamed(PROGRAM_PREFIX);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const wanted =
      name === fileOf(note.program) || name === fileOf(record.proven) || name === fileOf(record.trial);
    // The record has shorter names.
    if (!wanted && name.length === PROGRAM_PREFIX.length + DIGITS) link.board.writeFile(name, "");
  }
}

/** Asks for the manifest again: a new subscription brings it (MQTT 3.1.1 3.8.4, MQTT 5 3.8.4). */
function wish(link: Link, updates: Updates, asked: number): void {
  updates.asked = asked;
  updates.mark = "";
  updates.wait = MANIFEST_WITHIN_S;
  subscribe(link.client, [{ filter: updates.manifestTopic, qos: 1 }]);
}

/** Takes a message outside of the device's own topics. */
export function takeUpdate(link: Link, updates: Updates, topic: Bytes, payload: Bytes): void {
  if (topic === updates.manifestTopic) takeManifest(link, updates, payload);
  else if (updates.loading) {
    const loaded = takeBlock(link, updates.loading, topic, payload);
    if (!loaded) return;
    if (loaded.manifest) checkSignature(link, loaded.manifest);
    else install(link);
  }
}

/** Takes a manifest; "" says that there is none any more. */
function takeManifest(link: Link, updates: Updates, text: Bytes): void {
  const device = link.own as Device;
  const sum = device.world.pieces.hashOfText(text);
  const mark = text && hexOf((sum || "").substr(0, MARK));
  if (mark && mark === updates.mark) return;
  const note = readNote(link.board);
  const asked = updates.asked;
  release(link, updates);
  updates.asked = 0;
  updates.mark = mark;
  updates.offer = undefined;
  if (note.step !== NO_STEP && note.mark !== mark) {
    say(link.log, INFO, "update", "the update to " + note.version + " is taken back");
    endStep(note);
    writeNote(link, note);
  }
  if (!text) return tell(link, IDLE);
  const it = readManifest(link, text);
  if (!it) {
    if (note.refused === mark && !asked) tell(link, note.told, note.why);
    else refuse(link, faultOf(link, text));
    return;
  }
  updates.offer = it.version;
  // The board is about to restart, or the trial's end could not be noted.
  if (note.step > PROGRAM_STEP) return;
  if (note.step === PROGRAM_STEP) loadProgram(link, note);
  else if (note.step === SIGNATURE_STEP) loadSignature(link, note, text);
  else offer(link, note, it, text, asked);
}

/** Decides about a manifest that is new, or was asked for. */
function offer(link: Link, note: Note, it: Manifest, text: Bytes, asked: number): void {
  const updates = (link.own as Device).updates!;
  const record = readRecord(link.board);
  if (record && record.proven === it.program) {
    if (updates.told !== DONE) tell(link, IDLE);
    return;
  }
  if (note.refused === updates.mark && !asked) return tell(link, note.told, note.why);
  const why = refusal(link, note, it);
  if (why) return refuse(link, why);
  if (asked === INSTALL) return start(link, note, it, text);
  const undone = note.undone === it.sha256.substr(0, SUM_DIGITS) && it.counter <= note.undoneCounter;
  if (undone) {
    if (updates.told !== ROLLED_BACK || asked) tell(link, ROLLED_BACK, note.why);
    return;
  }
  tell(link, AVAILABLE);
  if (note.refused === updates.mark || !configured(link).update!.auto || !isInShare(link, it)) return;
  updates.wait = 1 + ((link.board.chance() * AUTO_WITHIN_S) | 0);
}

/** Whether a board belongs to the share of the boards that a manifest is for. */
function isInShare(link: Link, it: Manifest): boolean {
  return it.share === undefined || link.board.crc32(link.board.serial()) % 100 < it.share;
}

function start(link: Link, note: Note, it: Manifest, text: Bytes): void {
  note.step = SIGNATURE_STEP;
  note.mark = (link.own as Device).updates!.mark;
  note.next = it.counter;
  note.program = it.program;
  note.sum = it.sha256;
  note.version = it.version;
  note.refused = "";
  if (writeNote(link, note)) refuse(link, FULL);
  else loadSignature(link, note, text);
}

/** Obeys the command `update`. @returns its answer */
export function obeyUpdate(link: Link, words: Bytes): Bytes {
  const updates = (link.own as Device).updates;
  if (!updates) return failed("expected device.update in config.json, with a key");
  const step = readNote(link.board).step;
  const waits = updates.told === AVAILABLE && updates.wait;
  if (words === "cancel") {
    if (step > PROGRAM_STEP || (step === NO_STEP && !waits)) return failed("there is no update to cancel");
    putAside(link, AVAILABLE, "cancelled");
  } else if (words !== "check" && words !== "install") return failed("expected check, install or cancel");
  else if (step !== NO_STEP) return failed("an update is under way: expected cancel");
  else wish(link, updates, words === "check" ? CHECK : INSTALL);
  return '{"ok":true}';
}
