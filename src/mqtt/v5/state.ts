// What a connection that speaks MQTT 5 has agreed on, and what is remembered of versions from one to the next. Types and
// numbers only.

import type { Bytes } from "../../board";
import type { ConnectOptions, Will } from "../encode";
import type { Kinds } from "../state";
import type { Properties } from "./properties";

/** Most topics that get an alias from us on a connection. */
export const MAX_ALIASES = 16;
/** Topic aliases that the server may use, unless configured. */
export const ALIASES_HEARD = 8;

export interface Five {
  /** What CONNECT has said, and what CONNACK has answered. */
  ours: Properties;
  server: Properties;
  /** Topics that have an alias, the first has 1; the one that the last head would add. */
  aliases: Bytes[];
  fresh: Bytes;
  /** Topics of the server's aliases. */
  heard: { [alias: number]: Bytes };
  /** 1 once the server has ended the conversation: then nothing more is said. */
  over: number;
}

/** Properties in config.json, by the names in v5/names.ts. */
export interface Named {
  [name: Bytes]: number | Bytes;
}

/** What `mqtt` in config.json says more where MQTT 5 is known. */
export interface Options5 extends ConnectOptions {
  version?: 4 | 5 | "auto";
  properties?: Named;
  /** Whether a server may name another one to go to, with our credentials. */
  followServer?: boolean;
  will?: Will & { properties?: Named };
}

export interface Versions {
  options: Options5;
  /** Handlers of a connection that speaks MQTT 5. */
  kinds: Kinds;
  /** `maxInflight` as configured. */
  inflight: number;
  /** 4 or 5: what the next connection speaks. */
  version: number;
  /** 1 once the server has accepted it. */
  sure: number;
  /** Another server, named by this one and not yet gone to; 1 while there. */
  reference: Bytes;
  followed: number;
}
