// Makes whole Control Packets of bytes in any pieces (2.1, 2.2), and calls the handler of each packet's type.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { CUT_OFF, chars, MAX_TOPIC_SHOWN, readU16, readVarint, varintSize } from "./bytes";
import { acknowledge } from "./handlers";
import {
  AUTH,
  CONNACK,
  DISCONNECT,
  DUP,
  MALFORMED_PACKET,
  PACKET_TOO_LARGE,
  PROTOCOL_ERROR,
  PUBLISH,
  PUBREL,
  QOS,
  QOS_2,
  QOS_NOT_SUPPORTED,
  SUCCESS,
} from "./spec";
import { CLOSED, type Client, CONNECTING, DELIVERIES, type Drain, READY } from "./state";
import { accuse } from "./suspect";
import { flush } from "./write";

/** First byte of a PUBLISH at QoS 0 without RETAIN. */
const MESSAGE = "\x30";

/**
 * Takes the next bytes of the connection, whatever their boundaries [MQTT-6.0.0-2].
 *
 * The usual packet, one whole PUBLISH at QoS 0, is handled here with a few native calls. Everything else is left to
 * {@link readOn}, a function of its own, because text that does not run costs time too (engine 23).
 * @returns SUCCESS when more bytes are needed, a Reason Code to end the connection with, or DELIVERIES: then call
 *   `deliver` (delivery.ts)
 * @resident
 */
export function receive(client: Client, bytes: Bytes): number {
  // Mostly a chunk is one packet: then it is not copied.
  if (client.rest) {
    client.rest += bytes;
    bytes = client.rest;
  } else client.rest = bytes;
  if (FIVE || bytes[0] !== MESSAGE || client.state !== READY || client.drain) return readOn(client);
  const size = bytes.length;
  let at = 2;
  let end = 2 + bytes.charCodeAt(1);
  if (end > 129) {
    const high = bytes.charCodeAt(2);
    // Neither three bytes of Remaining Length nor an over-long form.
    end = high && high < 128 ? end + high * 128 - 127 : 0;
    at = 3;
  }
  if (!(end >= size) || end > client.limits.maxPacket) return readOn(client);
  if (end > size) {
    client.need = end;
    return SUCCESS;
  }
  // A Topic Name of 1..255 bytes inside the packet: printable ASCII without wildcards, or the same as the last one.
  const topicEnd = bytes[at] === "\0" ? at + 2 + bytes.charCodeAt(at + 1) : 0;
  const topic = bytes.substring(at + 2, topicEnd);
  if (topicEnd < at + 3 || topicEnd > end || (topic !== client.lastTopicIn && /[^ -"$-*,-~]/.test(topic)))
    return readOn(client);
  client.lastTopicIn = topic;
  client.rest = "";
  client.need = 2;
  client.corked = 1;
  // As `deliver` does.
  try {
    client.received(client.owner, topic, bytes.substr(topicEnd), 0);
  } catch (error) {
    say(client.log, ERROR, "app", "" + error);
  }
  client.silent = 0;
  if (client.answers) return DELIVERIES;
  client.corked = 0;
  // flush would find out as well, but a call is dearer (engine 23).
  if (client.queue || client.tail || client.pending[client.sent]) flush(client);
  return SUCCESS;
}

/**
 * Reads `rest` packet by packet, until one brings something for the application. Returns as {@link receive}. One function: a
 * function for each packet would be made again for each packet (engine 10).
 */
export function readOn(client: Client): number {
  let reason = SUCCESS;
  client.corked = 1;
  while (
    !reason &&
    client.state !== CLOSED &&
    client.rest.length >= client.need &&
    !(client.messageTopic || client.answers || client.connack)
  ) {
    const packet = client.rest;
    const first = packet.charCodeAt(0);
    const type = client.drain ? PUBLISH : first >> 4;
    try {
      if (client.drain) reason = drain(client, client.drain);
      else {
        const at = readFixedHeader(client);
        const end = client.need;
        if (at < 0) reason = -at;
        else if (at && packet.length >= end) {
          client.rest = packet.substr(end);
          client.need = 2;
          reason = client.handlers[type]!(
            client,
            first & 15,
            client.rest ? packet.substr(0, end) : packet,
            at,
          );
        }
      }
    } catch (error) {
      // A mistake of an authentication method, which is the application's.
      say(client.log, ERROR, "app", "" + error);
    }
    if (client.pending[client.sent]) flush(client);
    // A whole packet was received: the server is alive.
    if (client.need === 2) client.silent = 0;
    // A CONNACK that refuses, and a DISCONNECT, are good packets.
    if (reason && type !== CONNACK && (!FIVE || type !== DISCONNECT)) {
      say(client.log, ERROR, "mqtt", "bad packet of type " + type);
      accuse(client, packet, reason);
    }
  }
  if (client.state === CLOSED) client.rest = "";
  if (client.messageTopic || client.answers || client.connack) return DELIVERIES;
  client.corked = 0;
  flush(client);
  return reason;
}

/**
 * Reads the fixed header in front of `rest` and sets `need` to what the whole packet takes.
 * @returns where the variable header begins; 0 if more bytes are needed or the packet is dropped; a negative Reason Code if
 *   the header is bad
 */
function readFixedHeader(client: Client): number {
  const bytes = client.rest;
  const first = bytes.charCodeAt(0);
  const length = readVarint(bytes, 1);
  if (length === CUT_OFF) {
    client.need = bytes.length + 1;
    return 0;
  }
  const reason = length >= 0 ? checkFixedHeader(client, first >> 4, first & 15) : MALFORMED_PACKET;
  if (reason) return -reason;
  const at = 1 + varintSize(length);
  client.need = at + length;
  if (client.need <= client.limits.maxPacket) return at;
  // With MQTT 5 the server knows the limit and must keep to it [MQTT-3.1.2-24]. One that does not would send the message again on
  // each connection: so from the second one on it is dropped.
  if (first >> 4 !== PUBLISH || (FIVE && client.five && !client.dropped++)) return -PACKET_TOO_LARGE;
  client.drain = { flags: first & 15, length, at: 0, head: "", id: "" };
  client.rest = bytes.substr(at);
  client.need = 1;
  return 0;
}

/**
 * Checks the first byte of a packet. Returns SUCCESS if such a packet may come now, else a Reason Code.
 */
function checkFixedHeader(client: Client, type: number, flags: number): number {
  // CONNACK comes first and once [MQTT-3.2.0-1, 3.2.0-2]; types 0 and 15 are reserved, others only a client sends.
  // AUTH may come before it and after it (MQTT 5, 3.15).
  const early = (client.state === CONNECTING) !== (type === CONNACK) && (!FIVE || type !== AUTH);
  if (!client.handlers[type] || early) {
    // An AUTH without a method breaks the protocol [MQTT-4.12.0-6].
    return type % 15 || (FIVE && client.five && type) ? PROTOCOL_ERROR : MALFORMED_PACKET;
  }
  if (type === PUBLISH) {
    if (flags & QOS_2 && !client.handlers[PUBREL]) return QOS_NOT_SUPPORTED;
    // No QoS 3 [MQTT-3.3.1-4], no DUP with QoS 0 [MQTT-3.3.1-2].
    return (flags & QOS) === QOS || (flags & (QOS | DUP)) === DUP ? MALFORMED_PACKET : SUCCESS;
  }
  return flags === (type === PUBREL ? 2 : 0) ? SUCCESS : MALFORMED_PACKET; // [MQTT-2.2.2-2]
}

/**
 * Reads and drops an oversized PUBLISH. It is acknowledged like any other; otherwise the server would send it again for ever.
 */
function drain(client: Client, message: Drain): number {
  const chunk = client.rest.substr(0, message.length - message.at);
  client.rest = client.rest.substr(chunk.length);
  message.head += chunk.substr(0, 2 + MAX_TOPIC_SHOWN - message.head.length);
  const topicLength = readU16(message.head, 0);
  if (topicLength >= 0 && message.flags & QOS) {
    const from = 2 + topicLength - message.at;
    message.id += chunk.substring(from > 0 ? from : 0, from > -2 ? from + 2 : 0);
  }
  message.at += chunk.length;
  if (message.at < message.length) return SUCCESS;

  client.drain = undefined;
  client.need = 2;
  client.dropped++;
  const topic = message.head.substr(2, topicLength);
  say(client.log, ERROR, "mqtt", "dropped " + message.length + " bytes (mqtt.maxPacket) to " + topic);
  const id = readU16(message.id + (message.flags & QOS ? "" : chars(0, 1)), 0);
  if (!topicLength || !id || topicLength + 2 > message.length) return MALFORMED_PACKET;
  const reason = acknowledge(client, message.flags, id);
  return reason > 0 ? reason : SUCCESS;
}
