// Handlers of the packets that a server sends (MQTT 3.1.1 chapters 3 and 4), up to QoS 1. A handler receives the whole
// packet and the place of its variable header. It returns SUCCESS, or the Reason Code to end the connection with. The
// profile has the table of handlers (src/profile).

import type { Bytes } from "../board";
import { DEBUG, ERROR, say, WARNING } from "../log";
import { isTopicName, readU16 } from "./bytes";
import { encodeAck } from "./encode";
import { remove, tell } from "./outbox";
import { forget, granted } from "./session";
import {
  BAD_USER_NAME_OR_PASSWORD,
  CLIENT_IDENTIFIER_NOT_VALID,
  MALFORMED_PACKET,
  NOT_AUTHORIZED,
  PROTOCOL_ERROR,
  PUBACK,
  PUBREC,
  QOS,
  QOS_2,
  RECEIVE_MAXIMUM_EXCEEDED,
  SERVER_UNAVAILABLE,
  SUBACK,
  SUBSCRIPTION_FAILED,
  SUCCESS,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "./spec";
import { ACCEPTED_NOW, type Client, MAX_HELD } from "./state";
import { sendPacket } from "./write";

/** CONNACK (3.2). */
export function onConnack(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const present = bytes.charCodeAt(at);
  const code = bytes.charCodeAt(at + 1);
  if (code > 5) say(client.log, ERROR, "mqtt", "CONNACK has return code " + code + ": MQTT 3.1.1 has 0 to 5");
  if (bytes.length !== at + 2 || present > 1 || code > 5) return MALFORMED_PACKET;
  // A session cannot be present after Clean Session, or in a refusal [MQTT-3.2.2-1, 3.2.2-4].
  if (present && (code || client.isClean)) return PROTOCOL_ERROR;
  if (code) {
    return [
      UNSUPPORTED_PROTOCOL_VERSION,
      CLIENT_IDENTIFIER_NOT_VALID,
      SERVER_UNAVAILABLE,
      BAD_USER_NAME_OR_PASSWORD,
      NOT_AUTHORIZED,
    ][code - 1]!;
  }
  client.secondsLeft = 0;
  client.connack = present + 1 + ACCEPTED_NOW;
  return SUCCESS;
}

/** PUBLISH (3.3). */
export function onPublish(client: Client, flags: number, bytes: Bytes, at: number): number {
  const topicLength = readU16(bytes, at);
  const topic = bytes.substr(at + 2, topicLength);
  at += 2 + topicLength;
  let id = 1;
  if (flags & QOS) {
    id = readU16(bytes, at);
    at += 2;
  }
  // `!id` also refuses NaN, the identifier of a packet that ends too early. [MQTT-2.3.1-1, 3.3.2-2, 4.7.3-1]
  if (!id || !(bytes.length >= at)) return MALFORMED_PACKET;
  if (!isTopicName(topic)) return MALFORMED_PACKET;
  // Queue the answer first. If the application then fails on the message, the server does not send it again. The answer
  // leaves the board after the application has returned.
  const reason = acknowledge(client, flags, id);
  if (reason === SUCCESS) {
    client.messageTopic = topic;
    client.messagePayload = bytes.substr(at);
    client.messageFlags = flags;
  }
  return reason > 0 ? reason : SUCCESS;
}

/** A QoS 2 message that was delivered before. */
const DUPLICATE = -1;

/**
 * Answers a PUBLISH (4.3). Returns SUCCESS for a new message, DUPLICATE [MQTT-4.3.3-2], or a Reason Code.
 */
export function acknowledge(client: Client, flags: number, id: number): number {
  const duplicate = flags & QOS_2 && client.held[id];
  const fresh = flags & QOS_2 && !duplicate;
  if (fresh && client.heldCount >= MAX_HELD) return RECEIVE_MAXIMUM_EXCEEDED;
  const reason = flags & QOS ? sendPacket(client, encodeAck(flags & QOS_2 ? PUBREC : PUBACK, id)) : SUCCESS;
  // A message without an answer is not delivered: the server sends it again, and then it must be new.
  if (reason) return reason;
  if (fresh) {
    client.held[id] = 1;
    client.heldCount++;
  }
  return duplicate ? DUPLICATE : SUCCESS;
}

/** PUBACK (3.4), PUBCOMP (3.7), UNSUBACK (3.11): the end of an exchange. */
export function onFinal(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const id = identifier(bytes, at, 2);
  return id ? answered(client, bytes, id, "") : MALFORMED_PACKET;
}

/** SUBACK (3.9): one return code a filter, in order [MQTT-3.8.4-5]. */
export function onSuback(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const codes = bytes.substr(at + 2);
  const id = identifier(bytes, at, 2 + codes.length);
  if (!id || !codes) return MALFORMED_PACKET;
  for (let i = 0; i < codes.length; i++) {
    const code = codes.charCodeAt(i);
    // [MQTT-3.9.3-2] knows no refusal but 0x80; ejabberd sends MQTT 5's codes (5, 3.9.3).
    if (code > 2 && code < SUBSCRIPTION_FAILED) return MALFORMED_PACKET;
  }
  return answered(client, bytes, id, codes);
}

/** PINGRESP (3.13). */
export function onPingresp(client: Client, _flags: number, bytes: Bytes, at: number): number {
  client.secondsLeft = 0;
  if (client.ponged) client.ponged(client.owner);
  return bytes.length === at ? SUCCESS : MALFORMED_PACKET;
}

/** The Packet Identifier, 1..65,535, of a packet with `length` bytes from `at` on; 0 if the length is another one. */
export function identifier(bytes: Bytes, at: number, length: number): number {
  return bytes.length === at + length ? readU16(bytes, at) || 0 : 0;
}

/**
 * The place of the outbox entry that waits for this answer; -1 if there is none, which is logged and not an error. Some servers
 * lower QoS 2 and answer with PUBACK: then that is the last answer. A PUBREC to QoS 1 begins the exchange of QoS 2.
 */
export function waiting(client: Client, bytes: Bytes, id: number): number {
  const kind = bytes.charCodeAt(0) >> 4;
  const at = client.ids.indexOf(id);
  const awaited = at >= 0 && at < client.sent ? client.pending[at]!.kind : 0;
  if (awaited === kind) return at;
  // PUBACK is 4 and PUBREC is 5.
  if (awaited && (awaited | kind) === PUBREC) {
    const words =
      awaited === PUBREC ? "the broker answers QoS 2 with PUBACK" : "the broker answers QoS 1 with PUBREC";
    if (!client.shortcut) say(client.log, WARNING, "mqtt", words);
    client.shortcut = 1;
    return at;
  }
  say(client.log, DEBUG, "mqtt", "no packet " + id + " waits for an answer of type " + kind);
  return -1;
}

/** Handles the last answer to a packet of ours. `codes` are the return codes of a SUBACK, one for each filter. */
export function answered(client: Client, bytes: Bytes, id: number, codes: Bytes): number {
  const at = waiting(client, bytes, id);
  const n = bytes.charCodeAt(0) >> 4 === SUBACK ? codes.length : 0;
  if (at < 0) return SUCCESS;
  const list = client.pending[at]!.list;
  if (n && list!.length !== n) return PROTOCOL_ERROR;
  const entry = remove(client, at);
  if (n) granted(client, entry, codes);
  else if (list) for (let i = 0; i < list.length; i++) forget(client, list[i]!);
  tell(client, entry, SUCCESS, codes);
  return SUCCESS;
}
