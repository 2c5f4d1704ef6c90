// Properties (MQTT 5, 2.2.2): bytes to a record by identifier and back, with their types, ranges and allowed packets.

import type { Bytes } from "../../board";
import {
  chars,
  field,
  isTopicName,
  readU16,
  readVarint,
  u32,
  varint,
  varintSize,
  wellFormed,
} from "../bytes";
import { MALFORMED_PACKET, PROTOCOL_ERROR, PUBLISH } from "../spec";
import type {
  ASSIGNED_CLIENT_IDENTIFIER,
  AUTHENTICATION_DATA,
  AUTHENTICATION_METHOD,
  CONTENT_TYPE,
  CORRELATION_DATA,
  MAXIMUM_PACKET_SIZE,
  MAXIMUM_QOS,
  PAYLOAD_FORMAT_INDICATOR,
  REASON_STRING,
  RECEIVE_MAXIMUM,
  REQUEST_PROBLEM_INFORMATION,
  REQUEST_RESPONSE_INFORMATION,
  RESPONSE_INFORMATION,
  RETAIN_AVAILABLE,
  SERVER_KEEP_ALIVE,
  SERVER_REFERENCE,
  SESSION_EXPIRY_INTERVAL,
  SHARED_SUBSCRIPTION_AVAILABLE,
  SUBSCRIPTION_IDENTIFIER,
  SUBSCRIPTION_IDENTIFIER_AVAILABLE,
  TOPIC_ALIAS,
  TOPIC_ALIAS_MAXIMUM,
  USER_PROPERTY,
  WILDCARD_SUBSCRIPTION_AVAILABLE,
  WILL_DELAY_INTERVAL,
} from "./spec";
import { MESSAGE_EXPIRY_INTERVAL, RESPONSE_TOPIC } from "./spec";

/** Values by identifier (v5/spec.ts): whole numbers, texts as UTF-8, binary data. */
export interface Properties {
  [PAYLOAD_FORMAT_INDICATOR]?: number;
  [MESSAGE_EXPIRY_INTERVAL]?: number;
  [CONTENT_TYPE]?: Bytes;
  [RESPONSE_TOPIC]?: Bytes;
  [CORRELATION_DATA]?: Bytes;
  /** In a received PUBLISH a list, with one identifier for each subscription that matches. */
  [SUBSCRIPTION_IDENTIFIER]?: number | number[];
  [SESSION_EXPIRY_INTERVAL]?: number;
  [ASSIGNED_CLIENT_IDENTIFIER]?: Bytes;
  [SERVER_KEEP_ALIVE]?: number;
  [AUTHENTICATION_METHOD]?: Bytes;
  [AUTHENTICATION_DATA]?: Bytes;
  [REQUEST_PROBLEM_INFORMATION]?: number;
  [WILL_DELAY_INTERVAL]?: number;
  [REQUEST_RESPONSE_INFORMATION]?: number;
  [RESPONSE_INFORMATION]?: Bytes;
  [SERVER_REFERENCE]?: Bytes;
  [REASON_STRING]?: Bytes;
  [RECEIVE_MAXIMUM]?: number;
  [TOPIC_ALIAS_MAXIMUM]?: number;
  [TOPIC_ALIAS]?: number;
  [MAXIMUM_QOS]?: number;
  [RETAIN_AVAILABLE]?: number;
  /** Name, value, name, value, in order. */
  [USER_PROPERTY]?: Bytes[];
  [MAXIMUM_PACKET_SIZE]?: number;
  [WILDCARD_SUBSCRIPTION_AVAILABLE]?: number;
  [SUBSCRIPTION_IDENTIFIER_AVAILABLE]?: number;
  [SHARED_SUBSCRIPTION_AVAILABLE]?: number;
}

/** Properties by any number, for code that handles all of them alike. */
export interface Values {
  [id: number]: number | Bytes | Bytes[] | number[];
}

/** Bytes, and the state of reading them. */
export interface Reader {
  bytes: Bytes;
  /** Place of the next byte; NaN, or beyond the end, when the bytes have ended too early. */
  at: number;
  /** SUCCESS, or the Reason Code to end the connection with. */
  reason: number;
}

/** In place of a packet type: the properties of a will, a separate set inside a CONNECT (3.1.3.2). */
export const WILL = 0;

/**
 * Identifier, type, and the packet types in hex in which it is allowed, 0 for a will. Types: 1, 2 or 4 an integer of so
 * many bytes, v Variable Byte Integer, t text, d binary data, p pair of texts. z: the value must not be 0. An integer of
 * one byte is 0 or 1.
 */
const TABLE =
  " 1:130 2:430 3:t30 8:t30 9:d30 11:v38z 17:412e 18:t2 19:22 21:t12f 22:d12f 23:11 24:40 25:11 26:t2 28:t2e" +
  " 31:t245679bef 33:212z 34:212 35:23z 36:12 37:12 38:p0123456789abef 39:412z 40:12 41:12 42:12 ";

/** Type and packets of a property, as in the table; "" for an unknown identifier. */
export function ruleOf(id: number): Bytes {
  const found = TABLE.split(" " + id + ":")[1];
  return found ? found.split(" ")[0]! : "";
}

/** Whether a property is allowed in a packet of this type. */
export function allowed(id: number, packet: number): boolean {
  return ruleOf(id).indexOf(packet.toString(16), 1) > 0;
}

/**
 * Reads a value of a type, as in the table. An unknown one is read as text.
 * @resident
 */
export function readValue(reader: Reader, type: Bytes): number | Bytes {
  const bytes = reader.bytes;
  const begin = reader.at;
  let value = 0;
  if (type === "v") {
    value = readVarint(bytes, begin);
    reader.at = value >= 0 ? begin + varintSize(value) : NaN;
    return value;
  }
  const size = parseInt(type, 10);
  if (size) {
    while (reader.at < begin + size) value = value * 256 + bytes.charCodeAt(reader.at++);
    return value;
  }
  const text = bytes.substr(begin + 2, readU16(bytes, begin) || 0);
  reader.at += 2 + readU16(bytes, begin);
  if (type !== "d" && !wellFormed(text)) reader.reason = MALFORMED_PACKET;
  return text;
}

/**
 * Reads properties, their length first, of a packet of this type or of a {@link WILL}.
 * @resident
 */
export function readProperties(reader: Reader, packet: number): Properties {
  const list: Values = {};
  const length = readValue(reader, "v") as number;
  const end = reader.at + length;
  if (!(end <= reader.bytes.length)) reader.reason = MALFORMED_PACKET;
  while (reader.at < end && !reader.reason) {
    const id = reader.bytes.charCodeAt(reader.at++);
    const rule = ruleOf(id);
    const type = rule.charAt(0);
    const old = list[id];
    // A PUBLISH has the identifiers of all subscriptions that match (3.3.2.3.8).
    const many = type === "p" || type + packet === "v" + PUBLISH;
    let value: Values[number] = readValue(reader, type);
    if (type === "p") value = [value as Bytes, readValue(reader, type) as Bytes];
    if (
      (old !== undefined && !many) ||
      (!value && /z/.test(rule)) ||
      (type === "1" && (value as number) > 1) ||
      (id === RESPONSE_TOPIC && !isTopicName(value as Bytes)) // [MQTT-3.3.2-14]
    )
      reader.reason = reader.reason || PROTOCOL_ERROR;
    // The negation also refuses NaN, the place when the bytes end too early.
    if (!allowed(id, packet) || !(reader.at <= end)) reader.reason = MALFORMED_PACKET;
    list[id] = many ? ((old || []) as Bytes[]).concat(value as Bytes[]) : value;
  }
  reader.at = end;
  return list;
}

/**
 * Bytes of properties, their length first. The caller has checked the values (v5/checked.ts). The Message Expiry Interval
 * comes first, because v5/expiry.ts expects it there.
 */
export function encodeProperties(list: Properties): Bytes {
  let bytes = "";
  for (const key in list) {
    const id = parseInt(key, 10);
    const type = ruleOf(id).charAt(0);
    const size = parseInt(type, 10);
    const values = ([] as (number | Bytes)[]).concat((list as Values)[id] as Bytes);
    let each = "";
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (type !== "p" || !(i & 1)) each += chars(id);
      each += type === "v" ? varint(value) : size ? u32(value).substr(4 - size) : field("" + value);
    }
    bytes = id === MESSAGE_EXPIRY_INTERVAL ? each + bytes : bytes + each;
  }
  return varint(bytes.length) + bytes;
}
