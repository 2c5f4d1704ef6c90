// What a connection that speaks MQTT 5 has agreed on, and what is remembered of versions from one to the next. Types and
// numbers only.

import type { Bytes } from "../../board";
import type { ConnectOptions, Will } from "../encode";
import type { Properties } from "./properties";

/** Most topics that get an alias from us on a connection. */
export const MAX_ALIASES = 16;
/** Most user properties that config.json may have in one place. */
export const MAX_PAIRS = 16;
/** Topic aliases that the server may use, unless configured. */
export const ALIASES_HEARD = 8;

export interface Five {
  /** What CONNECT has said, and what CONNACK has answered. */
  ours: Properties;
  server: Properties;
  /** Topics that have an alias, the first has 1; the one that the last head would add. */
  aliases: Bytes[];
  fresh: Bytes;
  /** Topics of the server's aliases, and their bytes together: no more than `maxPacket`. */
  heard: { [alias: number]: Bytes };
  size: number;
  /** 1 once the server has ended the conversation: then nothing more is said. */
  over: number;
}

/** Names and values, in their order. */
type Pairs = [name: Bytes, value: Bytes][];

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

export interface Versions {
  options: Options5;
  /** `maxInflight` as configured. */
  inflight: number;
  /** 4 or 5: what the next connection speaks. */
  version: number;
  /** 1 once the server has accepted it. */
  sure: number;
  /** Another server, named by the one that is configured and not yet gone to; 1 while there. */
  reference: Bytes;
  followed: number;
}
