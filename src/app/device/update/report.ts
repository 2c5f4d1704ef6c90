// The topic of updates: `<base>/<id>/update`, retained, for people and for Home Assistant's update entity. And how an
// update ends that does not succeed.

import type { Bytes } from "../../../board";
import { VERSION } from "../../../config/boot";
import type { Link } from "../../../link/rungs";
import { ERROR, say } from "../../../log";
import { unsubscribe } from "../../../mqtt/request";
import { endCheck } from "../../../sign/slh-dsa";
import { type Device, publishState, quoted } from "../record";
import { endStep, readNote, writeNote } from "./note";
import { CHECKING, LOADING, REFUSED, SIGNATURE_FILE, TRYING, type Updates } from "./record";

/** Publishes the state of updates. */
export function tell(link: Link, told: number, why: Bytes = "", percent: number = 0): void {
  const updates = (link.own as Device).updates!;
  updates.told = told;
  const busy = told === CHECKING || told === LOADING || told === TRYING;
  let text = '{"state":' + quoted(nameOf(told));
  if (why) text += ',"why":' + quoted(why);
  text += ',"installed_version":' + quoted(VERSION);
  // Home Assistant would offer a program that is refused.
  text += ',"latest_version":' + quoted((told !== REFUSED && updates.offer) || VERSION);
  if (told === REFUSED && updates.offer) text += ',"refused_version":' + quoted(updates.offer);
  text += ',"in_progress":' + (busy ? "true" : "false");
  text += ',"update_percentage":' + (told === LOADING ? percent : "null") + "}";
  publishState(link, "update", text, 1, true);
}

/** Made when it is needed: a list outside of functions would stay in memory (engine 10). */
function nameOf(told: number): Bytes {
  return ",idle,available,loading,checking,trying,done,refused,rolled back".split(",")[told]!;
}

/** The value template of Home Assistant's entity, which refuses a state with other keys. */
export function stateTemplate(): Bytes {
  const names = ["installed_version", "latest_version", "in_progress", "update_percentage"];
  let text = "";
  for (let i = 0; i < names.length; i++) text += (i ? "," : "") + "'" + names[i] + "':value_json." + names[i];
  return "{{ {" + text + "}|to_json }}";
}

/** Ends the loading, the check, and every wait. */
export function release(link: Link, updates: Updates): void {
  const load = updates.loading;
  if (load) unsubscribe(link.client, [load.folder + load.block]);
  if (updates.checking) endCheck(updates.checking);
  updates.loading = updates.checking = undefined;
  updates.wait = 0;
  if (link.board.readFile(SIGNATURE_FILE)) link.board.writeFile(SIGNATURE_FILE, "");
}

/** Ends an update that cannot go on, and remembers its manifest: it is not loaded again. */
export function refuse(link: Link, why: Bytes): void {
  say(link.log, ERROR, "update", "refused: " + why);
  putAside(link, REFUSED, why);
}

/** Ends an update, and remembers its manifest with what is told of it. */
export function putAside(link: Link, told: number, why: Bytes): void {
  const updates = (link.own as Device).updates!;
  const note = readNote(link.board);
  release(link, updates);
  note.refused = updates.mark || note.mark;
  endStep(note);
  note.told = told;
  note.why = why;
  writeNote(link, note);
  tell(link, told, why);
}
