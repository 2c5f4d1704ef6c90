// What comes for the device: `cmd/<name>` and `pin/<name>/set`. Guards first: nothing retained, nothing large, not too
// many, and signed where that is configured. Each command has an answer in JSON.

import { FIVE } from "#five";
import type { Bytes, Found } from "../../board";
import { type Link, UP } from "../../link/rungs";
import { ERROR, INFO, say, WIRE } from "../../log";
import { isTopicName } from "../../mqtt/bytes";
import { publish } from "../../mqtt/request";
import { RETAIN } from "../../mqtt/spec";
import { respond } from "../../mqtt/v5/calls";
import type { Properties } from "../../mqtt/v5/properties";
import { RESPONSE_TOPIC } from "../../mqtt/v5/spec";
import { open, seal } from "../../sign/sign";
import { changeConfig, showConfig } from "./config-change";
import { configured } from "./configured";
import { blink, obeySet } from "./outputs";
import { leaveAndRestart } from "./presence";
import {
  COMMANDS_A_SECOND,
  COMMANDS_AT_ONCE,
  type Device,
  DIGITAL_OUT,
  MAX_COMMAND,
  MAX_ENVELOPE,
  MAX_FOUND,
  type Pin,
  PWM_OUT,
  quoted,
} from "./record";
import { nextReport, numbers } from "./telemetry";

/** Takes a message under our prefix. */
export function take(link: Link, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void {
  const device = link.device!;
  if (!device.credit) {
    device.tooMany++;
    return;
  }
  device.credit--;
  // Too large is too large: it need not wait whole.
  const most = MAX_COMMAND + (device.signer ? MAX_ENVELOPE : 0);
  if (payload.length > most) payload = payload.substr(0, most + 1);
  command(link, topic, payload, flags, properties);
}

/** Says how many were too many. To be called every second. */
export function tellTooMany(link: Link): void {
  const device = link.device!;
  if (device.credit < COMMANDS_AT_ONCE) device.credit += COMMANDS_A_SECOND;
  if (!device.tooMany) return;
  ignore(link, device.tooMany + " commands, too many at a time", device.tooMany);
  device.tooMany = 0;
}

function command(link: Link, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void {
  const device = link.device!;
  const levels = topic.substr(device.prefix.length).split("/");
  const name = levels[1]!;
  // From a broker that sends what nobody asked for.
  if (!name || (levels[0] !== "cmd" && (levels[0] !== "pin" || levels[2] !== "set"))) return;
  // Somebody's from before: done once already, or meant for another day.
  if (flags & RETAIN) return ignore(link, "retained: " + topic, 1);
  const words = device.signer ? open(device.signer, topic, payload) : payload;
  // Said, and counted, by `open`; an answer would tell a stranger how it failed.
  if (words === undefined) return;
  let wrong = words.length > MAX_COMMAND ? "expected at most " + MAX_COMMAND + " bytes" : "";
  if (levels[0] === "pin") {
    const pin = pinOf(link, name);
    if (!wrong) wrong = pin ? obeySet(link, pin, words) : "no such output";
    if (wrong) say(link.log, ERROR, "device", "pin " + name + ": " + wrong);
  } else if (wrong) answer(link, name, failed(wrong), properties);
  else obey(link, name, words, properties);
}

function ignore(link: Link, why: Bytes, count: number): void {
  link.device!.refused += count;
  say(link.log, INFO, "device", "warning: ignored, " + why);
}

/** The output of this name. */
function pinOf(link: Link, name: Bytes): Pin | undefined {
  const pins = link.device!.pins;
  for (let i = 0; i < pins.length; i++) {
    const pin = pins[i]!;
    if (pin.name === name && (pin.kind === DIGITAL_OUT || pin.kind === PWM_OUT)) return pin;
  }
  return undefined;
}

function failed(why: Bytes): Bytes {
  return '{"error":' + quoted(why) + "}";
}

function obey(link: Link, name: Bytes, words: Bytes, properties?: Properties): void {
  const device = link.device!;
  const number = words && !/[^0-9]/.test(words) ? +words : -1;
  let text = '{"ok":true}';
  if (name === "restart") leaveAndRestart(link, "command restart");
  else if (name === "identify") {
    const pin = pinOf(link, words || configured(link).identify);
    if (pin) blink(link, pin);
    else text = failed("expected the name of an output, here or in device.identify");
  } else if (name === "log") {
    if (number >= 0 && number <= WIRE) link.log.level = number;
    else text = failed("expected 0.." + WIRE);
  } else if (name === "telemetry") {
    if (number >= 0 && number <= 86400) {
      device.interval = number;
      device.reportIn = nextReport(link);
    } else text = failed("expected 0..86400 (s)");
  } else if (name === "memory") text = numbers(link);
  else if (name === "config-get") text = showConfig(link);
  else if (name === "config-set") {
    const wrong = changeConfig(link, device, words);
    if (wrong) text = failed(wrong);
    else {
      text = '{"ok":true,"trying":true}';
      leaveAndRestart(link, "command config-set");
    }
  } else if (name === "scan") return scan(link, properties);
  else
    text = failed(
      "unknown command: expected restart, identify, log, telemetry, memory, scan, config-get, config-set",
    );
  say(link.log, INFO, "device", "command " + name);
  answer(link, name, text, properties);
}

/** Looks for networks; the answer comes later. */
function scan(link: Link, properties?: Properties): void {
  link.device!.world.chip.scanAir(function (found) {
    let text = "";
    found.sort(function (a: Found, b: Found) {
      return b.rssi - a.rssi;
    });
    for (let i = 0; i < found.length && i < MAX_FOUND; i++) {
      const it = found[i]!;
      text +=
        (i ? "," : "") +
        '{"ssid":' +
        quoted(it.ssid) +
        ',"rssi":' +
        it.rssi +
        ',"channel":' +
        it.channel +
        "}";
    }
    if (link.state === UP) answer(link, "scan", "[" + text + "]", properties);
  });
}

/**
 * Whether an answer may go there: not to where devices take commands, or anybody could have one device command another.
 */
function mayAnswer(device: Device, topic: Bytes): boolean {
  const levels = device.prefix.split("/");
  const base = device.prefix.substr(0, device.prefix.length - levels[levels.length - 2]!.length - 1);
  return isTopicName(topic) && topic.substr(0, base.length) !== base;
}

/** Answers under `reply/<name>`, with MQTT 5 where the request says, if that is not where commands come in. */
export function answer(link: Link, name: Bytes, text: Bytes, properties?: Properties): void {
  const device = link.device!;
  const topic = device.prefix + "reply/" + name;
  const asked = FIVE && properties ? properties[RESPONSE_TOPIC] : undefined;
  device.sent++;
  if (FIVE && asked !== undefined && mayAnswer(device, asked)) {
    const sealed = device.signer ? seal(device.signer, asked, text) : text;
    if (sealed !== undefined) respond(link.client, properties!, sealed, 1);
    return;
  }
  const sealed = device.signer ? seal(device.signer, topic, text) : text;
  if (sealed !== undefined) publish(link.client, topic, sealed, 1, false);
}
