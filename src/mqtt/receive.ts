// Bytes in any pieces to whole Control Packets (2.1, 2.2), each handed to the handler of its type. Three results:
// packets were handled, more bytes are needed (both SUCCESS), or a Reason Code that ends the connection.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { CUT_OFF, chars, readU16, readVarint, varintSize } from "./bytes";
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
  QOS_NOT_SUPPORTED,
  SUCCESS,
} from "./spec";
import { CLOSED, type Client, CONNECTING, type Drain, PINGRESP_DEADLINE_S, READY } from "./state";
import { flush } from "./write";

/** Bytes of a dropped message's topic that are logged. */
export const MAX_TOPIC_SHOWN = 64;

/** First byte of a PUBLISH at QoS 0 without RETAIN. */
const MESSAGE = "\x30";

/**
 * Takes the next bytes of the connection, whatever their boundaries [MQTT-6.0.0-2].
 *
 * What a device receives most, one whole PUBLISH at QoS 0, takes a few native calls
 * here; all else is left to `handle`, which looks closer. The engine reads the text of what it does not run, too: so
 * that is a function of its own.
 */
export function receive(client: Client, bytes: Bytes): number {
  // What a chunk holds is mostly one packet: then it is not copied.
  if (client.rest) {
    client.rest += bytes;
    bytes = client.rest;
  } else client.rest = bytes;
  if (FIVE || bytes[0] !== MESSAGE || client.state !== READY || client.drain) return handle(client);
  const size = bytes.length;
  let at = 2;
  let end = 2 + bytes.charCodeAt(1);
  if (end > 129) {
    const high = bytes.charCodeAt(2);
    // Not three bytes of Remaining Length, not an over-long form.
    end = high && high < 128 ? end + high * 128 - 127 : 0;
    at = 3;
  }
  if (!(end >= size) || end > client.limits.maxPacket) return handle(client);
  if (end > size) {
    client.need = end;
    return SUCCESS;
  }
  // A Topic Name of 1..255 bytes that is in the packet, printable ASCII without wildcards, or the last one.
  const topicEnd = bytes[at] === "\0" ? at + 2 + bytes.charCodeAt(at + 1) : 0;
  const topic = bytes.substring(at + 2, topicEnd);
  if (topicEnd < at + 3 || topicEnd > end || (topic !== client.seen && /[^ -"$-*,-~]/.test(topic)))
    return handle(client);
  client.seen = topic;
  client.rest = "";
  client.need = 2;
  client.corked = 1;
  try {
    client.onMessage(client, topic, bytes.substr(topicEnd), 0);
  } catch (error) {
    say(client.log, ERROR, "app", "" + error);
  }
  client.corked = 0;
  if (client.grace) defer(client);
  // As flush would find out itself, at a higher price.
  if (client.queue || client.tail || client.out[client.sent]) flush(client);
  return SUCCESS;
}

/** Takes from `rest` what is complete, packet by packet. */
function handle(client: Client): number {
  let reason = SUCCESS;
  client.corked = 1;
  while (!reason && client.state !== CLOSED && client.rest.length >= client.need) {
    const first = client.rest.charCodeAt(0);
    const type = client.drain ? PUBLISH : first >> 4;
    try {
      if (client.drain) reason = drain(client, client.drain);
      else {
        const at = readHeader(client);
        const packet = client.rest;
        if (at < 0) reason = -at;
        else if (at && packet.length >= client.need) {
          client.rest = packet.substr(client.need);
          const bytes = client.rest ? packet.substr(0, client.need) : packet;
          client.need = 2;
          reason = client.kinds[type]!(client, first & 15, bytes, at);
          // Here and not in the handler: a C3's stack has no room for both (about 13 calls of ours in all).
          if (client.hail) {
            const present = client.hail - 1;
            client.hail = 0;
            client.onReady(client, present);
          }
          const entry = client.news;
          const codes = client.codes;
          client.news = undefined;
          client.codes = "";
          if (entry && entry.done) entry.done(SUCCESS, codes);
        }
      }
    } catch (error) {
      // The application's mistake; what follows in this chunk must not be lost for it.
      say(client.log, ERROR, "app", "" + error);
    }
    // What the application has asked for takes its place behind the answers so far.
    if (client.out[client.sent]) flush(client);
    if (client.grace && client.need === 2) defer(client);
    // A CONNACK that refuses is a good packet, and so is a DISCONNECT.
    if (reason && type !== CONNACK && (!FIVE || type !== DISCONNECT))
      say(client.log, ERROR, "mqtt", "bad packet of type " + type);
  }
  if (client.state === CLOSED) client.rest = "";
  client.corked = 0;
  flush(client);
  return reason;
}

/** A whole packet: the server lives, an awaited PINGRESP may come later, once. */
function defer(client: Client): void {
  client.grace = 0;
  client.wait = client.wait && PINGRESP_DEADLINE_S;
}

/**
 * Reads the fixed header in front of `rest` and sets `need` to what the whole packet takes.
 * @returns where its variable header begins; 0 while it is not known, or has nothing to be read by us; a Reason Code
 *   with a minus if the header is bad
 */
function readHeader(client: Client): number {
  const bytes = client.rest;
  const first = bytes.charCodeAt(0);
  const length = readVarint(bytes, 1);
  if (length === CUT_OFF) {
    client.need = bytes.length + 1;
    return 0;
  }
  const reason = length >= 0 ? checkHeader(client, first >> 4, first & 15) : MALFORMED_PACKET;
  if (reason) return -reason;
  const at = 1 + varintSize(length);
  client.need = at + length;
  if (client.need <= client.limits.maxPacket) return at;
  // A server that was told how much we take has no excuse [MQTT-3.1.2-24].
  if (first >> 4 !== PUBLISH || (FIVE && client.five)) return -PACKET_TOO_LARGE;
  client.drain = { flags: first & 15, length, at: 0, head: "", id: "" };
  client.rest = bytes.substr(at);
  client.need = 1;
  return 0;
}

/** Whether a packet with this first byte may come now. */
function checkHeader(client: Client, type: number, flags: number): number {
  // CONNACK comes first and once [MQTT-3.2.0-1, 3.2.0-2]; types 0 and 15 are reserved, others only a client sends.
  // AUTH may come before it and after it (MQTT 5, 3.15).
  const early = (client.state === CONNECTING) !== (type === CONNACK) && (!FIVE || type !== AUTH);
  if (!client.kinds[type] || early) {
    // AUTH that nobody has asked for breaks the protocol [MQTT-4.12.0-6].
    return type % 15 || (FIVE && client.five && type) ? PROTOCOL_ERROR : MALFORMED_PACKET;
  }
  if (type === PUBLISH) {
    if (flags & 4 && !client.kinds[PUBREL]) return QOS_NOT_SUPPORTED;
    // No QoS 3 [MQTT-3.3.1-4], no DUP with QoS 0 [MQTT-3.3.1-2].
    return (flags & 6) === 6 || (flags & (6 | DUP)) === DUP ? MALFORMED_PACKET : SUCCESS;
  }
  return flags === (type === PUBREL ? 2 : 0) ? SUCCESS : MALFORMED_PACKET; // [MQTT-2.2.2-2]
}

/**
 * Lets an oversized PUBLISH pass by without keeping it. It could never fit, so it is acknowledged like any other:
 * otherwise the server would send it again for ever.
 */
function drain(client: Client, message: Drain): number {
  const chunk = client.rest.substr(0, message.length - message.at);
  client.rest = client.rest.substr(chunk.length);
  message.head += chunk.substr(0, 2 + MAX_TOPIC_SHOWN - message.head.length);
  const topicLength = readU16(message.head, 0);
  if (topicLength >= 0 && message.flags & 6) {
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
  const id = readU16(message.id + (message.flags & 6 ? "" : chars(0, 1)), 0);
  if (!topicLength || !id || topicLength + 2 > message.length) return MALFORMED_PACKET;
  const reason = acknowledge(client, message.flags, id);
  return reason > 0 ? reason : SUCCESS;
}
