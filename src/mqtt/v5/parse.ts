// What every packet of a server that speaks MQTT 5 has in common: identifier, Reason Code, properties, in this order and
// each where its type has it. Words of the server go to the log.

import type { Bytes } from "../../board";
import { INFO, say } from "../../log";
import { readU16 } from "../bytes";
import {
  CONNACK,
  DISCONNECT,
  MALFORMED_PACKET,
  PUBACK,
  PUBCOMP,
  PUBLISH,
  SUBACK,
  SUCCESS,
  UNSUBACK,
} from "../spec";
import type { Client } from "../state";
import { type Read, readProperties } from "./properties";
import { REASON_STRING, SERVER_REFERENCE } from "./spec";

export interface Parsed extends Read {
  type: number;
  /** 1 where there is none. */
  id: number;
  /** The Reason Code, 0 where there is none. */
  code: number;
}

/** Reads a packet from `at`, in a PUBLISH behind its topic. A `reason` other than SUCCESS ends the connection. */
export function parse(client: Client, bytes: Bytes, at: number): Parsed {
  const type = bytes.charCodeAt(0) >> 4;
  const coded = (type >= PUBACK && type <= PUBCOMP) || type >= DISCONNECT;
  let id = 1;
  let code = 0;
  if (type === PUBLISH ? bytes.charCodeAt(0) & 6 : type > PUBLISH && type <= UNSUBACK) {
    id = readU16(bytes, at);
    at += 2;
  }
  // A reason of 0 may be left out, and so may its properties (3.4.2.1, 3.14.2.1).
  if (coded || type === CONNACK) code = bytes.charCodeAt(at++) || 0;
  let read: Read = { reason: SUCCESS, list: {}, at: bytes.length };
  if (!coded || bytes.length > at) read = readProperties(bytes, at, type);
  const payload = type === PUBLISH || type === SUBACK || type === UNSUBACK;
  if (!id || !(bytes.length >= read.at) || (!payload && bytes.length > read.at))
    read.reason = MALFORMED_PACKET;
  const list = read.list;
  const parsed = { reason: read.reason, list, at: read.at, type, id, code };
  if (read.reason) return parsed;
  const why = list[REASON_STRING];
  const where = list[SERVER_REFERENCE];
  if (why) say(client.log, INFO, "mqtt", "the broker says: " + why);
  if (where) say(client.log, INFO, "mqtt", "the broker names another one: " + where);
  if (where && client.versions!.options.followServer) client.versions!.reference = where as Bytes;
  return parsed;
}
