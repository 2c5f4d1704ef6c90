// The keys that MQTT 5 adds to `mqtt` in config.json. Types and numbers only.

import type { Bytes } from "../../board";
import type { ConnectOptions, Will } from "../encode";

/** Most user properties that config.json may have in one place. */
export const MAX_PAIRS = 16;

/** Names and values, in order. */
export type Pairs = [name: Bytes, value: Bytes][];

/** `mqtt.properties` in config.json (MQTT 5, 3.1.2.11), whole numbers. */
export interface ConnectNames {
  /** Seconds, 4294967295 = for ever. */
  sessionExpiry?: number;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  /** 0 or 1. */
  requestProblem?: number;
  requestResponse?: number;
  userProperties?: Pairs;
}

/** `mqtt.will.properties` (3.1.3.2). */
export interface WillNames {
  /** Seconds. */
  delay?: number;
  expiry?: number;
  contentType?: Bytes;
  responseTopic?: Bytes;
  correlationData?: Bytes;
  /** 1: the payload is UTF-8. */
  text?: number;
  userProperties?: Pairs;
}

/** The option that MQTT 5 adds to a will. */
export interface WillOptions {
  properties?: WillNames;
}

/** `mqtt` in config.json, in builds that speak MQTT 5. */
export interface Options5 extends ConnectOptions {
  version?: 4 | 5 | "auto";
  properties?: ConnectNames;
  /** Whether the client follows a server to another one that it names, with the same credentials. */
  followServer?: boolean;
  will?: Will & WillOptions;
}
