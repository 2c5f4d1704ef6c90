// What a device remembers while it runs, its limits, and the one way in which it says something. Its configuration is
// not kept: what is needed seldom is read again from the file.

import type { Bytes, Chip, Pins } from "../../board";
import type { App, Link } from "../../link/rungs";
import { wellFormed } from "../../mqtt/bytes";
import { publish } from "../../mqtt/request";
import { LATEST } from "../../mqtt/state";
import type { Sha256, Signer } from "../../sign/signer";

/** What a device wants of the board beside what every firmware does. */
export interface DeviceWorld {
  pins: Pins;
  chip: Chip;
  hash: Sha256;
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
/** What a signature adds to one at most. */
export const MAX_ENVELOPE = 64;
/** Commands that may come at once, and how many more a second; further ones are dropped. */
export const COMMANDS_AT_ONCE = 20;
export const COMMANDS_A_SECOND = 5;
/** Lines that wait to be told to the remote log, how many may go at once, and seconds until one more may. */
export const MAX_LINES = 4;
export const LINES_AT_ONCE = 5;
export const LINE_EVERY_S = 10;
/** Longest line of it, and longest reason of a lost connection in the status, in bytes. */
export const MAX_LOG_LINE = 160;
export const MAX_WHY = 80;
/** Seconds that an output has to keep its state before that is noted in flash. */
export const NOTE_AFTER_S = 15;
/** Seconds in which Home Assistant is told again, by chance, after it came back. */
export const ANNOUNCE_WITHIN_S = 10;
/** Seconds in which the link has to come up with a new configuration. */
export const TRIAL_S = 120;
/** Seconds between two looks at how much memory is left. */
export const LOOK_EVERY_S = 10;
/** Networks that a scan tells, the strongest first. */
export const MAX_FOUND = 10;

/** Files in Storage: a configuration that is tried, that it was begun with, states of outputs, where HA was told. */
export const NEW_FILE = "config.new";
export const TRIED_FILE = "config.try";
export const LAST_FILE = "device.last";
export const ANNOUNCED_FILE = "device.announced";

/** What became of a new configuration. */
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
  /** Outputs and inputs: 0 or 1; PWM: 0..100; analogue: what was told last. */
  value: number;
  /** Outputs: counts what was done, so that the end of a pulse knows whether it still matters. */
  turn?: number;
  /** 1 = its state is noted in flash. */
  last?: number;
  /** PWM: Hz; inputs: milliseconds of a long press; analogue: seconds between two looks. */
  period?: number;
  /** Analogue: seconds until the next look. */
  measureIn?: number;
  /** Analogue: 1, 0 and 0 unless they are there. */
  scale?: number;
  offset?: number;
  delta?: number;
}

export interface Device {
  world: DeviceWorld;
  /** `<base>/<id>/` */
  prefix: Bytes;
  pins: Pin[];
  /** Seconds between two reports, 0 = none. */
  interval: number;
  /** Seconds until the next report, until HA is told, until states are noted in flash; 0 = never. */
  reportIn: number;
  announceIn: number;
  noteIn: number;
  /** Where HA looks for devices, "" = nowhere. */
  finder: Bytes;
  /** Fewest free JsVars seen. */
  low: number;
  /** Messages for us, and of ours; commands that were dropped; times the link was up. */
  heard: number;
  sent: number;
  refused: number;
  /** Of those, the ones that were too many and are not told yet. */
  tooMany: number;
  ups: number;
  /** Commands, and lines, that may come now. */
  credit: number;
  lineCredit: number;
  lines: Bytes[];
  /** Lines that were not told, since one was. */
  unsaid: number;
  /** Why the link was lost last. */
  why: Bytes;
  /** Why the board has restarted by itself. */
  restarted: Bytes;
  trial: number;
  /** Milliseconds since boot when a PING was sent, and its round trip, -1 = none yet. */
  pingedAt: number;
  pingMs: number;
  /** Where commands have to be signed. */
  signer?: Signer;
}

export interface DeviceApp extends App {
  world: DeviceWorld;
}

/** Publishes a state: never more than one of a topic waits. */
export function tell(link: Link, topic: Bytes, payload: Bytes, qos: number, retain: boolean): void {
  const d = link.device!;
  d.sent++;
  publish(link.client, d.prefix + topic, payload, qos, retain, undefined, LATEST);
}

/** A text in JSON; one that is no UTF-8, the name of a network for example, gets question marks. */
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
