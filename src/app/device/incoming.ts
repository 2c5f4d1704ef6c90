// The device takes what comes for it in a turn of its own: `cmd/<name>` and `pin/<name>/set`, a manifest, and a link that is up.
// Guards come first: a command must not be retained, not be large, not be one too many, and be signed where a key is configured.

import type { Bytes } from "../../board";
import type { Link } from "../../link/rungs";
import { ERROR, say, WARNING } from "../../log";
import { RETAIN } from "../../mqtt/spec";
import type { Properties } from "../../mqtt/v5/properties";
import { open } from "../../sign/sign";
import { answer, failed } from "./answer";
import { obey } from "./commands";
import { greet } from "./greeting";
import { obeySet, outputNamed } from "./outputs";
import {
  ANNOUNCE_WITHIN_S,
  COMMANDS_A_SECOND,
  COMMANDS_AT_ONCE,
  type Device,
  MAX_COMMAND,
  MAX_ENVELOPE,
  trimmed,
  type Waiting,
} from "./record";
import { takeUpdate } from "./update/update";

/** Logs how many commands were dropped. To be called every second. */
export function logDropped(link: Link): void {
  const device = link.own as Device;
  if (device.credit < COMMANDS_AT_ONCE) device.credit += COMMANDS_A_SECOND;
  if (!device.tooMany) return;
  ignore(link, device.tooMany + " commands, too many at a time", device.tooMany);
  device.tooMany = 0;
}

/**
 * Keeps a message until the next turn of the engine: what it leads to, a new configuration for example, may be many calls deep
 * (engine 19). Commands above the rate are dropped, so no more wait than the rate allows at once.
 */
export function wait(link: Link, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void {
  const device = link.own as Device;
  const waiting = device.waiting || [];
  // A payload that is too large is cut: one byte too many is enough for the error.
  const most = MAX_COMMAND + (device.signer ? MAX_ENVELOPE : 0);
  const command = topic.substr(0, device.prefix.length) === device.prefix;
  if (command ? !device.credit : waiting.length >= COMMANDS_AT_ONCE) {
    device.tooMany++;
    return;
  }
  if (command) {
    device.credit--;
    if (payload.length > most) payload = payload.substr(0, most + 1);
  }
  waiting.push({ topic, payload, flags, properties });
  if (device.waiting) return;
  device.waiting = waiting;
  device.direct = 0;
  device.world.chip.after(0, function () {
    takeWaiting(link);
  });
}

/** Takes the messages that wait, in order. Also called every second: the engine may have removed the timer (engine 30). */
export function takeWaiting(link: Link): void {
  const device = link.own as Device;
  const waiting = device.waiting;
  if (!waiting) return;
  device.waiting = undefined;
  device.direct = device.signer ? 0 : 1;
  for (let i = 0; i < waiting.length; i++) {
    const it = waiting[i]!;
    if (!it.topic) greet(link);
    else if (it.topic.substr(0, device.prefix.length) === device.prefix) take(link, it);
    else if (it.topic === device.discoveryPrefix + "/status" && it.payload === "online")
      device.announceIn = 1 + ((link.board.chance() * ANNOUNCE_WITHIN_S) | 0);
    else if (device.updates) takeUpdate(link, device.updates, it.topic, it.payload);
  }
}

/** Takes a message under the prefix of the device. */
function take(link: Link, { topic, payload, flags, properties }: Waiting): void {
  const device = link.own as Device;
  const levels = topic.substr(device.prefix.length).split("/");
  const name = levels[1]!;
  // The broker has sent a topic without a subscription.
  if (!name || (levels[0] !== "cmd" && (levels[0] !== "pin" || levels[2] !== "set"))) return;
  // A retained command may be old. Ignore it.
  if (flags & RETAIN) return ignore(link, "retained: " + topic, 1);
  const opened = device.signer ? open(device.signer, topic, payload) : payload;
  // `open` has logged and counted it. An answer would tell an attacker what was wrong.
  if (opened === undefined) return;
  const words = trimmed(opened);
  let wrong = opened.length > MAX_COMMAND ? "expected at most " + MAX_COMMAND + " bytes" : "";
  if (levels[0] === "pin") {
    const pin = outputNamed(link, name);
    if (!wrong) wrong = pin ? obeySet(link, pin, words) : "no such output";
    if (wrong) say(link.log, ERROR, "device", "pin " + name + ": " + wrong);
  } else if (wrong) answer(link, name, failed(wrong), properties);
  else obey(link, name, words, properties);
}

function ignore(link: Link, why: Bytes, count: number): void {
  (link.own as Device).refused += count;
  say(link.log, WARNING, "device", "ignored, " + why);
}
