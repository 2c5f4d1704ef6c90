// Properties (MQTT 5, 2.2.2) between bytes and a record by identifier. Knows types, ranges and where each is allowed.

import type { Bytes } from "../../board";
import { chars, field, isTopicName, readU16, u16, varint, wellFormed } from "../bytes";
import { readU32, u32 } from "../saved";
import { MALFORMED_PACKET, PROTOCOL_ERROR, PUBLISH, SUCCESS } from "../spec";
import type {
  ASSIGNED_CLIENT_IDENTIFIER,
  AUTHENTICATION_DATA,
  AUTHENTICATION_METHOD,
  CONTENT_TYPE,
  CORRELATION_DATA,
  MAXIMUM_PACKET_SIZE,
  MAXIMUM_QOS,
  MESSAGE_EXPIRY_INTERVAL,
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
import { RESPONSE_TOPIC } from "./spec";

/** Values by identifier (v5/spec.ts): whole numbers, texts as UTF-8, binary data. */
export interface Properties {
  [PAYLOAD_FORMAT_INDICATOR]?: number;
  [MESSAGE_EXPIRY_INTERVAL]?: number;
  [CONTENT_TYPE]?: Bytes;
  [RESPONSE_TOPIC]?: Bytes;
  [CORRELATION_DATA]?: Bytes;
  /** A list in a PUBLISH that came: one for each subscription that it is for. */
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
  /** Name, value, name, value, in their order. */
  [USER_PROPERTY]?: Bytes[];
  [MAXIMUM_PACKET_SIZE]?: number;
  [WILDCARD_SUBSCRIPTION_AVAILABLE]?: number;
  [SUBSCRIPTION_IDENTIFIER_AVAILABLE]?: number;
  [SHARED_SUBSCRIPTION_AVAILABLE]?: number;
}

/** The same, for those who do not know which. */
export interface Values {
  [id: number]: number | Bytes | Bytes[] | number[];
}

/** What {@link readProperties} found. */
export interface Read {
  /** SUCCESS, or the Reason Code to end the connection with. */
  reason: number;
  list: Properties;
  /** Where the next field begins. */
  at: number;
}

/** The properties of a will stand in a CONNECT, and are a set of their own. */
export const WILL = 0;

/**
 * Identifier, type, and the packet types in hex where it may stand, 0 for a will. Types: an integer of 1, 2 or 4 bytes;
 * v Variable Byte Integer, t text, d binary data, p two texts. z: it must not be 0. Those of one byte are 0 or 1.
 */
const TABLE =
  " 1:130 2:430 3:t30 8:t30 9:d30 11:v38z 17:412e 18:t2 19:22 21:t12f 22:d12f 23:11 24:40 25:11 26:t2 28:t2e" +
  " 31:t245679bef 33:212z 34:212 35:23z 36:12 37:12 38:p0123456789abef 39:412z 40:12 41:12 42:12 ";

/** Type and packets of a property; "" if there is none. */
export function ruleOf(id: number): Bytes {
  const found = TABLE.split(" " + id + ":")[1];
  return found ? found.split(" ")[0]! : "";
}

/** A Variable Byte Integer (1.5.5); NaN if it is cut off or has a fifth byte. */
export function readVarint(bytes: Bytes, at: number): number {
  let value = 0;
  let byte = 128;
  for (let unit = 1; byte & 128 && unit < 268435456; unit *= 128) {
    byte = bytes.charCodeAt(at++);
    value += (byte & 127) * unit;
  }
  return byte < 128 ? value : NaN;
}

/** Reads the properties that begin at `at`, their length first, of a packet of this type or of a {@link WILL}. */
export function readProperties(bytes: Bytes, at: number, packet: number): Read {
  const length = readVarint(bytes, at);
  const end = at + varint(length).length + length;
  const list: Values = {};
  let reason = bytes.length >= end ? SUCCESS : MALFORMED_PACKET;
  at = end - length;
  while (at < end && !reason) {
    const id = bytes.charCodeAt(at++);
    const rule = ruleOf(id);
    const type = rule.charAt(0);
    const size = +type;
    const old = list[id];
    let value: Values[number] = type === "p" ? (old as Bytes[]) || [] : 0;
    if (size) {
      value = size > 2 ? readU32(bytes, at) : size > 1 ? readU16(bytes, at) : bytes.charCodeAt(at);
      at += size;
      if (size < 2 && value > 1) reason = PROTOCOL_ERROR;
    } else if (type === "v") {
      value = readVarint(bytes, at);
      at = value >= 0 ? at + varint(value).length : NaN;
    } else
      for (let i = type === "p" ? 2 : 1; i > 0; i--) {
        const text = bytes.substr(at + 2, readU16(bytes, at) || 0);
        at += 2 + readU16(bytes, at);
        if (type !== "d" && !wellFormed(text)) reason = MALFORMED_PACKET;
        value = type === "p" ? (value as Bytes[]).concat(text) : text;
      }
    if (
      (old !== undefined && type !== "p" && type + packet !== "v" + PUBLISH) ||
      (!value && rule.split("z").length > 1) ||
      (id === RESPONSE_TOPIC && !isTopicName(value as Bytes)) // [MQTT-3.3.2-14]
    )
      reason = reason || PROTOCOL_ERROR;
    // NaN, where the bytes end too early, is not within the end either.
    if (rule.indexOf(packet.toString(16), 1) < 0 || !(at <= end)) reason = MALFORMED_PACKET;
    // A message has the identifiers of all the subscriptions that it is for (3.3.2.3.8).
    list[id] = type + packet === "v" + PUBLISH ? ((old || []) as number[]).concat(value as number) : value;
  }
  return { reason, list, at: end };
}

/** Bytes of properties, their length first. Their values are right, see v5/publish-with.ts for those that may not be. */
export function encodeProperties(list: Properties): Bytes {
  let bytes = "";
  for (const id in list) {
    const type = ruleOf(+id).charAt(0);
    const values = ([] as (number | Bytes)[]).concat((list as Values)[+id] as Bytes);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (type !== "p" || !(i & 1)) bytes += chars(+id);
      bytes +=
        type === "v"
          ? varint(value)
          : +type
            ? +type > 2
              ? u32(value)
              : +type > 1
                ? u16(value)
                : chars(value)
            : field("" + value);
    }
  }
  return varint(bytes.length) + bytes;
}
