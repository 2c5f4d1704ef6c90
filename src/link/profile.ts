// A profile: which packets a build can receive, and which features it has. Types only; the profiles are in src/profile.

import type { Bytes } from "../board";
import type { KeysProfile } from "../config/keys";
import type { Will } from "../mqtt/encode";
import type { Saved, Saver } from "./outbox-file";

/** @direct */
export interface Profile extends KeysProfile {
  /** Its name. A function: it is only said at boot. */
  title(): Bytes;
  /** Highest Quality of Service. */
  maxQos: number;
  /** The fields of a will (encodeWill); "" for none, and where wills are not known. */
  willFields(will?: Will): Bytes;
  /** Reads the outbox that was saved, in builds that can save it. */
  load?(link: Saved): Saver;
  /** A Reason Code in words. */
  words(reason: number): Bytes;
}
