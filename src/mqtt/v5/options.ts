// What `mqtt` in config.json may say in addition where MQTT 5 is known. Types and numbers only.

import type { Bytes } from "../../board";
import type { ConnectOptions, Will } from "../encode";

/** Most user properties that config.json may have in one place. */
export const MAX_PAIRS = 16;

/** Names and values, in their order. */
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

/** What a will says more. */
export interface WillOptions {
  properties?: WillNames;
}

/** What `mqtt` in config.json says more where MQTT 5 is known. */
export interface Options5 extends ConnectOptions {
  version?: 4 | 5 | "auto";
  properties?: ConnectNames;
  /** Whether a server may name another one to go to, with our credentials. */
  followServer?: boolean;
  will?: Will & WillOptions;
}
