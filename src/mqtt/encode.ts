// Packets that a client sends, to bytes (MQTT 3.1.1 chapter 3), fields in wire order. Keeps no state. What the
// caller did wrong throws here, before anything is sent.

import type { Bytes } from "../board";
import { chars, field, isTopicFilter, isTopicName, must, u16, varint, wellFormed } from "./bytes";
import { CONNECT, MAX_REMAINING_LENGTH, PUBLISH, PUBREL, SUBSCRIBE, UNSUBSCRIBE } from "./spec";

/** What the server publishes when this client vanishes (3.1.2.5). */
export interface Will {
  topic: Bytes;
  payload: Bytes;
  /** 0, 1 or 2 */
  qos: number;
  retain: boolean;
}

export interface ConnectOptions {
  /** 0..65,535 bytes; empty lets the server choose and needs a clean session [MQTT-3.1.3-7]. */
  clientId: Bytes;
  cleanSession: boolean;
  /** Seconds, 0..65,535; 0 turns keep alive off. */
  keepAlive: number;
  /** May be empty; undefined sends none. */
  user?: Bytes;
  /** May be empty; undefined sends none. Needs a user name [MQTT-3.1.2-22]. */
  password?: Bytes;
  will?: Will;
}

/** One Topic Filter with the highest QoS wanted. */
export interface Subscription {
  filter: Bytes;
  /** 0, 1 or 2 */
  qos: number;
}

/** A Control Packet: first byte, Remaining Length, the rest (2.1). Throws when that is too long. */
export function packet(first: number, rest: Bytes): Bytes {
  must(rest.length <= MAX_REMAINING_LENGTH, "packet too large");
  return chars(first) + varint(rest.length) + rest;
}

/** CONNECT (3.1). `will` gives the payload fields of a will, in builds that know wills. */
export function encodeConnect(options: ConnectOptions, will?: (will: Will) => Bytes): Bytes {
  const user = options.user;
  const password = options.password;
  must(user !== undefined || password === undefined, "a password needs a user name");
  must(options.keepAlive >= 0 && options.keepAlive < 65536 && options.keepAlive % 1 === 0, "bad keepAlive");
  must(wellFormed(options.clientId) && wellFormed(user || ""), "clientId or user is not UTF-8");
  must(options.clientId || options.cleanSession, "an empty clientId needs cleanSession");
  let flags = options.cleanSession ? 2 : 0;
  let payload = field(options.clientId);
  if (will && options.will) {
    flags |= 4 | (options.will.qos << 3) | (options.will.retain ? 32 : 0);
    payload += will(options.will);
  }
  if (user !== undefined) {
    flags |= 128;
    payload += field(user);
  }
  if (password !== undefined) {
    flags |= 64;
    payload += field(password);
  }
  return packet(CONNECT << 4, "\0\x04MQTT\x04" + chars(flags) + u16(options.keepAlive) + payload);
}

/** The will's fields in the payload of a CONNECT: Will Topic, Will Message (3.1.3.2, 3.1.3.3). */
export function encodeWill(will: Will): Bytes {
  must(will.qos === 0 || will.qos === 1 || will.qos === 2, "bad QoS " + will.qos);
  return topicField(will.topic) + field(will.payload);
}

/** PUBLISH (3.3). `flags` are DUP, QoS and RETAIN as on the wire; `id` counts when QoS > 0. */
export function encodePublish(topic: Bytes, payload: Bytes, flags: number, id: number): Bytes {
  return packet((PUBLISH << 4) | flags, topicField(topic) + (flags & 6 ? u16(id) : "") + payload);
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP (3.4 to 3.7): nothing but an identifier. */
export function encodeAck(type: number, id: number): Bytes {
  // The lower bits of a PUBREL are 0010 [MQTT-3.6.1-1].
  return packet((type << 4) | (type === PUBREL ? 2 : 0), u16(id));
}

/** SUBSCRIBE (3.8) with at least one filter [MQTT-3.8.3-3]. */
export function encodeSubscribe(id: number, subscriptions: Subscription[]): Bytes {
  let rest = u16(id);
  for (let i = 0; i < subscriptions.length; i++) {
    const subscription = subscriptions[i]!;
    rest += filterField(subscription.filter) + chars(subscription.qos);
  }
  return listPacket(SUBSCRIBE, rest);
}

/** UNSUBSCRIBE (3.10) with at least one filter [MQTT-3.10.3-2]. */
export function encodeUnsubscribe(id: number, filters: Bytes[]): Bytes {
  let rest = u16(id);
  for (let i = 0; i < filters.length; i++) rest += filterField(filters[i]!);
  return listPacket(UNSUBSCRIBE, rest);
}

/** Lower bits 0010 [MQTT-3.8.1-1, 3.10.1-1]; an empty list is the caller's mistake. */
function listPacket(type: number, rest: Bytes): Bytes {
  must(rest.length > 2, "no topic filter");
  return packet((type << 4) | 2, rest);
}

function filterField(filter: Bytes): Bytes {
  must(isTopicFilter(filter), "bad topic filter " + filter);
  return field(filter);
}

function topicField(topic: Bytes): Bytes {
  // The text is put together only for a mistake: at each publish it would cost as much as the check.
  if (!isTopicName(topic)) must(false, "bad topic name " + topic);
  return field(topic);
}
