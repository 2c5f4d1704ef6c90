// What a profile says: which packets a build can receive, and which features it has. Types only.

import type { Bytes } from "../board";
import type { Row } from "../config";
import type { Client } from "../mqtt/client";
import type { Will } from "../mqtt/encode";

export interface Profile {
  name: Bytes;
  /** Handlers by packet type. */
  kinds: Client["kinds"];
  /** Highest Quality of Service. */
  maxQos: number;
  /** Encodes a will, where wills are known. */
  will?: (will: Will) => Bytes;
  /** Configuration keys that belong to this profile. */
  rows: Row[];
  /** A Reason Code in words. */
  why(reason: number): Bytes;
}
