// Packets of a client as bytes (MQTT 3.1.1 chapter 3), fields in wire order. A mistake of the caller throws here, before
// anything is sent.

import type { Bytes } from "../board";
import { brief, chars, field, isTopicFilter, isTopicName, must, u16, varint, wellFormed } from "./bytes";
import { CONNECT, MAX_REMAINING_LENGTH, PUBLISH, PUBREL, QOS } from "./spec";

/** What an error says of a topic, which follows. */
export const BAD_TOPIC = "bad topic name ";

/** The message that the server publishes when it loses this client (3.1.2.5). */
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
  /** May be empty; undefined sends none. In 3.1.1 it needs a user name [MQTT-3.1.2-22]. */
  password?: Bytes;
  will?: Will;
}

/** One Topic Filter with its requested QoS. */
export interface Subscription {
  filter: Bytes;
  /** 0, 1 or 2 */
  qos: number;
  /** MQTT 5: the properties of its SUBSCRIBE, kept to restore it. */
  more?: Bytes;
  /** The mark of a suspect, see suspect.ts. */
  suspect?: number;
  /** 1 when the server has refused it and it is not asked for again yet, 2 when it is withheld (session.ts). */
  refused?: number;
}

/** A Control Packet: first byte, Remaining Length, the rest (2.1). Throws over 268,435,455 bytes of rest. */
export function packet(first: number, rest: Bytes): Bytes {
  must(rest.length <= MAX_REMAINING_LENGTH, "packet too large");
  return chars(first) + varint(rest.length) + rest;
}

/**
 * CONNECT (3.1).
 * @param will the payload fields of a will ({@link encodeWill}), "" for none
 * @param more properties of a CONNECT of MQTT 5; with them the packet has protocol level 5
 * @param willMore properties of the will
 * @throws on a bad option
 */
export function encodeConnect(options: ConnectOptions, will = "", more = "", willMore = ""): Bytes {
  const user = options.user;
  const password = options.password;
  // MQTT 5 allows a password alone (5: 3.1.2.9).
  must(more || user !== undefined || password === undefined, "a password needs a user name");
  must(options.keepAlive >= 0 && options.keepAlive < 65536 && options.keepAlive % 1 === 0, "bad keepAlive");
  must(wellFormed(options.clientId) && wellFormed(user || ""), "clientId or user is not UTF-8");
  must(options.clientId || options.cleanSession, "an empty clientId needs cleanSession");
  let flags = options.cleanSession ? 2 : 0;
  let payload = field(options.clientId);
  if (will) {
    flags |= 4 | (options.will!.qos << 3) | (options.will!.retain ? 32 : 0);
    payload += willMore + will;
  }
  if (user !== undefined) {
    flags |= 128;
    payload += field(user);
  }
  if (password !== undefined) {
    flags |= 64;
    payload += field(password);
  }
  const level = more ? "\x05" : "\x04";
  return packet(CONNECT << 4, "\0\x04MQTT" + level + chars(flags) + u16(options.keepAlive) + more + payload);
}

/** The will's fields in the payload of a CONNECT: Will Topic, Will Message (3.1.3.2, 3.1.3.3); "" without. Throws on bad ones. */
export function encodeWill(will?: Will): Bytes {
  if (!will) return "";
  must(will.qos === 0 || will.qos === 1 || will.qos === 2, "bad QoS " + brief("" + will.qos));
  if (!isTopicName(will.topic)) must(false, BAD_TOPIC + brief(will.topic));
  return field(will.topic) + field(will.payload);
}

/**
 * PUBLISH (3.3) up to its payload of `length` bytes. `flags` are DUP, QoS and RETAIN as on the wire. `id` is written
 * only if QoS > 0. The caller has checked the topic, once for each message.
 */
export function publishHead(topic: Bytes, length: number, flags: number, id: number): Bytes {
  const size = topic.length;
  const first = (PUBLISH << 4) | flags;
  length += size + (flags & QOS ? 4 : 2);
  // A short packet takes one native call (engine 23).
  const fixed =
    length < 128 ? chars(first, length, size >> 8, size & 255) : chars(first) + varint(length) + u16(size);
  return flags & QOS ? fixed + topic + u16(id) : fixed + topic;
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP (3.4 to 3.7): only an identifier. */
export function encodeAck(type: number, id: number): Bytes {
  // The lower bits of a PUBREL are 0010 [MQTT-3.6.1-1].
  return packet((type << 4) | (type === PUBREL ? 2 : 0), u16(id));
}

/**
 * SUBSCRIBE or UNSUBSCRIBE up to its payload of `length` bytes. `answer` is SUBACK or UNSUBACK. The lower bits of the
 * first byte are 0010 [MQTT-3.8.1-1, 3.10.1-1].
 */
export function requestHead(answer: number, length: number, id: number): Bytes {
  return chars(((answer - 1) << 4) | 2) + varint(length + 2) + u16(id);
}

/** Payload of a SUBSCRIBE (3.8.3): filters that {@link checkFilters} accepts, each with its requested QoS. */
export function encodeSubscriptions(subscriptions: Subscription[]): Bytes {
  let payload = "";
  for (let i = 0; i < subscriptions.length; i++) {
    const filter = subscriptions[i]!.filter;
    payload += u16(filter.length) + filter + chars(subscriptions[i]!.qos);
  }
  return payload;
}

/** Payload of an UNSUBSCRIBE (3.10.3), of filters that {@link checkFilters} accepts. */
export function encodeFilters(subscriptions: Subscription[]): Bytes {
  let payload = "";
  for (let i = 0; i < subscriptions.length; i++) {
    const filter = subscriptions[i]!.filter;
    payload += u16(filter.length) + filter;
  }
  return payload;
}

/**
 * Throws unless there is at least one filter [MQTT-3.8.3-3, 3.10.3-2], all are well formed, and a packet can have them.
 */
export function checkFilters(subscriptions: Subscription[]): void {
  let length = 0;
  for (let i = 0; i < subscriptions.length; i++) {
    const filter = subscriptions[i]!.filter;
    if (!wellFormed(filter) || !isTopicFilter(filter)) must(false, "bad topic filter " + brief(filter));
    length += filter.length + 3;
  }
  must(length, "no topic filter");
  must(length < MAX_REMAINING_LENGTH, "packet too large");
}
