// What a profile says: which packets a build can receive, and which features it has. Types only.

import type { Bytes } from "../board";
import type { Rule, Schema } from "../config/check";
import type { Saver } from "../link/outbox-file";
import type { Link } from "../link/rungs";
import type { Will } from "../mqtt/encode";
import type { Client } from "../mqtt/state";

/** @direct */
export interface Profile {
  name: Bytes;
  /** Handlers by packet type. */
  handlers: Client["handlers"];
  /** Highest Quality of Service. */
  maxQos: number;
  /** Encodes a will, where wills are known. */
  will?: (will: Will) => Bytes;
  /** The rule for `mqtt.will` in config.json. A function: the rule need not stay in memory. */
  willRule(): Schema[string];
  /** The rule for `mqtt.outbox.save`. */
  saveRule(): Rule;
  /** Reads the outbox that was saved, in builds that can save it. */
  load?(link: Link): Saver;
  /** A Reason Code in words. */
  words(reason: number): Bytes;
}
