// The agreements of an MQTT 5 connection, and the version that the next connection speaks. Types and numbers only.

import type { Bytes } from "../../board";
import type { Options5 } from "./options";
import type { Properties } from "./properties";

/** Most topics to which we give an alias on one connection. */
export const MAX_ALIASES = 16;
/** Bytes that a Topic Alias takes among the properties. */
export const ALIAS_BYTES = 3;
/** Default number of topic aliases that the server may use. */
export const ALIASES_HEARD = 8;

export interface Five {
  /** The properties of CONNECT, and those of CONNACK. */
  ours: Properties;
  server: Properties;
  /**
   * Largest packet with which this server can refuse no message: its Maximum Packet Size; 0 if it does not take every QoS, or no
   * message that is retained.
   */
  plain: number;
  /** Topics that have an alias, beginning with alias 1; and the topic that the last head adds when it is sent. */
  aliases: Bytes[];
  fresh: Bytes;
  /** The client's last topic, as it is written: Topic Name, and the properties behind it (message.ts). */
  written: Bytes;
  behind: Bytes;
  /** Topics of the server's aliases, and the sum of their bytes, at most `maxPacket`. */
  heard: { [alias: number]: Bytes };
  size: number;
  /** The topic of the last message that the server has refused and that had no callback. */
  refused?: Bytes;
  /** 1 when the server has ended the conversation: then send nothing more. */
  over: number;
}

export interface Versions {
  options: Options5;
  /** Protocol level of the next connection, 4 or 5. */
  version: number;
  /** 1 when the server has accepted this version. */
  sure: number;
  /** Another server, named by the configured one, to connect to next; `followed` is 1 while connected to it. */
  reference: Bytes;
  followed: number;
}
