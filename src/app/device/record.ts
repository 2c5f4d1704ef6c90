// The record of a device, its limits, and how it publishes a state. The configuration is not kept: parts of it that are
// needed seldom are read again from the file (engine 14).

import { allowed5, FIVE } from "#five";
import type { Bytes, Chip, Hmac, Pieces, Pins } from "../../board";
import type { App, Link } from "../../link/rungs";
import { ERROR, say } from "../../log";
import { wellFormed } from "../../mqtt/bytes";
import { publish } from "../../mqtt/request";
import { PACKET_TOO_LARGE, QUEUED, QUOTA_EXCEEDED, REPLACEABLE, RETAIN, SUCCESS } from "../../mqtt/spec";
import { type Done, KEEP, LATEST } from "../../mqtt/state";
import type { Properties } from "../../mqtt/v5/properties";
import type { Signer } from "../../sign/signer";
import type { Hash } from "../../sign/slh-hash";
import type { AppsConfigFile } from "../config-file";
import type { Updates } from "./update/record";

/** The parts of the board that only a device needs. */
export interface DeviceWorld {
  pins: Pins;
  chip: Chip;
  hmac: Hmac;
  /** And what a check of a signature is made with. */
  pieces: Pieces & { hashOfCheck(): Hash };
  /** Name of the build's transport: "ws" or "lean". */
  transportName(): Bytes;
}

/** Kinds of pins. */
export const DIGITAL_OUT = 0;
export const DIGITAL_IN = 1;
export const ANALOG_IN = 2;
export const PWM_OUT = 3;

/** Most pins; each takes about ten JsVars. */
export const MAX_PINS = 16;
/** Longest name of a pin, and of a device, in bytes. */
export const MAX_NAME = 32;
/** Largest command in bytes. A longer one is answered with an error. */
export const MAX_COMMAND = 1024;
/** Most bytes that a signature adds to a command. */
export const MAX_ENVELOPE = 64;
/** Commands that may come at once, and how many more per second. Further ones are dropped. */
export const COMMANDS_AT_ONCE = 20;
export const COMMANDS_A_SECOND = 5;
/** The remote log: most lines that wait, lines that may go at once, and seconds until one more may. */
export const MAX_LINES = 4;
export const LINES_AT_ONCE = 5;
export const LINE_EVERY_S = 10;
/** Longest line of it, and longest reason of a lost connection in the status, in bytes. */
export const MAX_LOG_LINE = 160;
export const MAX_WHY = 80;
/** Seconds that an output has to keep its state before it is saved in flash. */
export const SAVE_AFTER_S = 15;
/** When Home Assistant has restarted, the description follows after a random time of at most so many seconds. */
export const ANNOUNCE_WITHIN_S = 10;
/** Seconds between two counts of the free memory. */
export const COUNT_EVERY_S = 10;
/** Networks in the answer to a scan, the strongest first. */
export const MAX_FOUND = 10;

/** Files in Storage: states of outputs, what Home Assistant was told. */
export const LAST_FILE = "device.last";
export const ANNOUNCED_FILE = "device.announced";

/** The state of a new configuration. */
export const NO_TRIAL = 0;
export const TRYING = 1;
export const ROLLED_BACK = 2;

/** A pin of the configuration. */
export interface Pin {
  name: Bytes;
  pin: Bytes;
  kind: number;
  /** 1 = active when low. */
  inverted?: number;
  /** Outputs and inputs: 0 or 1; PWM: 0..100; analogue: the value published last. */
  value: number;
  /** Outputs: counts changes. The end of a pulse does nothing when another change has come. */
  turn?: number;
  /** 1 = its state is saved in flash. */
  last?: number;
  /** PWM: Hz; inputs: milliseconds of a long press; analogue: seconds between two measurements. */
  period?: number;
  /** Analogue: seconds until the next measurement. */
  measureIn?: number;
  /** Analogue: 1, 0 and 0 where they are left out. */
  scale?: number;
  offset?: number;
  delta?: number;
}

/** A message that waits for a turn of its own. */
export interface Waiting {
  /** "" stands for a link that has come up. */
  topic: Bytes;
  payload: Bytes;
  /** The flags of its PUBLISH. */
  flags: number;
  properties?: Properties;
}

export interface Device {
  world: DeviceWorld;
  /** `<base>/<id>/` */
  prefix: Bytes;
  pins: Pin[];
  /** Seconds between two reports, 0 = none. */
  interval: number;
  /** Seconds until the next report, the next description, the next save of outputs; 0 = never. */
  reportIn: number;
  announceIn: number;
  saveIn: number;
  /** The prefix of Home Assistant's discovery topics, "" = no discovery. */
  discoveryPrefix: Bytes;
  /** Fewest free JsVars seen. */
  low: number;
  /** Messages received and published, commands dropped, times that the link came up. */
  heard: number;
  sent: number;
  refused: number;
  /** Commands over the rate that are not logged yet. */
  tooMany: number;
  ups: number;
  /** 1 while a command may be obeyed as it comes: no signature has to be checked, and no message waits. */
  direct: number;
  /** Messages that wait for a turn of their own (incoming.ts). */
  waiting?: Waiting[];
  /** Commands, and lines of the log, that the rate allows now. */
  credit: number;
  lineCredit: number;
  lines: Bytes[];
  /** Lines dropped since the last one was published. */
  unsaid: number;
  /** Why the link was lost last. */
  why: Bytes;
  /** Why the board has restarted by itself. */
  restarted: Bytes;
  trial: number;
  /** Milliseconds since boot when a PING was sent, and its round trip, -1 = none yet. */
  pingedAt: number;
  pingMs: number;
  /**
   * Milliseconds since boot when the access point of the setup was closed, or is going to be; -1 once the Wi-Fi was joined.
   * Absent before the first failure.
   */
  setupMs?: number;
  /** Present where commands have to be signed. */
  signer?: Signer;
  /** Present where the device waits for updates. */
  updates?: Updates;
}

export interface DeviceApp extends App {
  world: DeviceWorld;
  /** Until `begin`. */
  file?: AppsConfigFile;
}

/** QoS 1, as a flag of {@link send}. */
export const AT_LEAST_ONCE = 2;

/**
 * Publishes a message of the device. It waits where it must. A refusal is logged: the message is lost.
 * @param flags as far as the broker allows them: AT_LEAST_ONCE, RETAIN; and REPLACEABLE: at most one such message of each topic waits
 * @returns 0, or the Reason Code of the refusal
 */
export function send(link: Link, topic: Bytes, payload: Bytes, flags: number, done?: Done): number {
  const device = link.own as Device;
  const policy = flags & REPLACEABLE ? LATEST : KEEP;
  if (FIVE) flags = allowed5(link.client, flags);
  const qos = flags & AT_LEAST_ONCE ? 1 : 0;
  const reason = publish(link.client, topic, payload, qos, !!(flags & RETAIN), done, policy);
  device.sent++;
  return reason === SUCCESS || reason === QUEUED ? 0 : refused(link, topic, reason);
}

/** Counts and logs a message that was not published. Returns its reason. */
export function refused(link: Link, topic: Bytes, reason: number): number {
  (link.own as Device).refused++;
  const why =
    reason === PACKET_TOO_LARGE
      ? "larger than mqtt.outbox.bytes, or than the broker takes"
      : reason === QUOTA_EXCEEDED
        ? "the outbox is full"
        : "0x" + reason.toString(16);
  say(link.log, ERROR, "device", "not published, " + why + ": " + topic);
  return reason;
}

/** Publishes a state. At most one message of each topic waits. */
export function publishState(link: Link, topic: Bytes, payload: Bytes, qos: number, retain: boolean): void {
  const flags = REPLACEABLE | (qos && AT_LEAST_ONCE) | (retain ? RETAIN : 0);
  send(link, (link.own as Device).prefix + topic, payload, flags);
}

/** A text in JSON. Where it is not UTF-8, as names of networks may be, it gets question marks. */
export function quoted(text: Bytes): Bytes {
  if (!wellFormed(text)) text = text.replace(/[^ -~]/g, "?");
  return (
    '"' +
    text
      .replace(/\\/g, "\\\\")
      .replace(/"/g, '\\"')
      .replace(/[\x00-\x1f]/g, " ") +
    '"'
  );
}

/** A payload without white space and zeros around it: people and programs end lines differently. */
export function trimmed(text: Bytes): Bytes {
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) < 33) from++;
  while (from < to && text.charCodeAt(to - 1) < 33) to--;
  return text.substr(from, to - from);
}

/** Most digits of a number in a command: more would not fit into the engine's integers. */
const MAX_DIGITS = 9;

/** The number that is the whole text, in digits with a decimal point or without; -1 if it is anything else. */
export function numberOf(text: Bytes): number {
  const parts = text.split(".");
  const digits = parts.join("");
  let scale = 1;
  for (let i = 0; i < parts.length; i++) if (!/^[0-9]+$/.test(parts[i]!)) return -1;
  if (parts.length > 2 || digits.length > MAX_DIGITS) return -1;
  for (let i = parts[0]!.length; i < digits.length; i++) scale *= 10;
  // With a radix: the engine takes "010" for octal (engine 4).
  return parseInt(digits, 10) / scale;
}
