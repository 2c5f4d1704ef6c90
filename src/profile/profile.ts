// What a profile says: which packets a build can receive, and which features it has. Types only.

import type { Bytes } from "../board";
import type { Schema } from "../config";
import type { Will } from "../mqtt/encode";
import type { Client } from "../mqtt/state";

export interface Profile {
  name: Bytes;
  /** Handlers by packet type. */
  kinds: Client["kinds"];
  /** Highest Quality of Service. */
  maxQos: number;
  /** Encodes a will, where wills are known. */
  will?: (will: Will) => Bytes;
  /** The rule for `mqtt.will` in config.json. A function: the rule need not stay in memory. */
  willRule(): Schema[string];
  /** A Reason Code in words. */
  why(reason: number): Bytes;
}
