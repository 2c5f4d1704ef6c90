// Takes bytes in any pieces (2.1, 2.2). The usual packets have short ways; delivery.ts makes whole Control Packets of everything
// else, with the functions below.

import { FIVE } from "#five";
import { answerComes, messageComes, SHORT } from "#short";
import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { CUT_OFF, chars, MAX_TOPIC_SHOWN, readU16, readVarint, varintSize } from "./bytes";
import { acknowledge } from "./handlers";
import {
  AUTH,
  CONNACK,
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
import { type Client, CONNECTING, DELIVERIES, type Drain, READY } from "./state";

/** The second byte of an answer to a message: its Remaining Length. */
const LONE_ANSWER = "\x02";
/** MQTT 5: with a Reason Code. */
const WITH_CODE = "\x03";

/**
 * Takes the next bytes of the connection, whatever their boundaries [MQTT-6.0.0-2].
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
  // An oversized PUBLISH that is being read is the only thing that needs one byte.
  if (!SHORT || client.state !== READY || client.need < 2) return DELIVERIES;
  const second = bytes[1];
  if (second === LONE_ANSWER || (FIVE && second === WITH_CODE)) return answerComes(client, bytes);
  return messageComes(client, bytes);
}

/**
 * Reads the fixed header in front of `rest` and sets `need` to what the whole packet takes.
 * @returns where the variable header begins; 0 if more bytes are needed or the packet is dropped; a negative Reason Code if
 *   the header is bad
 */
export function readFixedHeader(client: Client): number {
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
  if (client.need <= client.packetLimit) return at;
  // With MQTT 5 the server knows the limit and must keep to it [MQTT-3.1.2-24]. One that does not would send the message again on
  // each connection: so from the second one on it is dropped.
  if (first >> 4 !== PUBLISH) return -PACKET_TOO_LARGE;
  if (FIVE && client.five && !client.dropped) {
    client.dropped = 1;
    return -PACKET_TOO_LARGE;
  }
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
export function drain(client: Client, message: Drain): number {
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

  delete client.drain;
  client.need = 2;
  client.dropped = (client.dropped || 0) + 1;
  const topic = message.head.substr(2, topicLength);
  say(client.log, ERROR, "mqtt", "dropped " + message.length + " bytes (mqtt.maxPacket) to " + topic);
  const id = readU16(message.id + (message.flags & QOS ? "" : chars(0, 1)), 0);
  if (!topicLength || !id || topicLength + 2 > message.length) return MALFORMED_PACKET;
  const reason = acknowledge(client, message.flags, id);
  return reason > 0 ? reason : SUCCESS;
}
