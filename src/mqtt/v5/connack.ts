// CONNACK of MQTT 5 (3.2). The client obeys the limits that the server names; ../handlers.ts does the rest.

import type { Bytes } from "../../board";
import { ERROR, INFO, say } from "../../log";
import { onConnack } from "../handlers";
import {
  MALFORMED_PACKET,
  MAX_REMAINING_LENGTH,
  PROTOCOL_ERROR,
  SUCCESS,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "../spec";
import { ACCEPTED, type Client } from "../state";
import { parse } from "./parse";
import {
  ASSIGNED_CLIENT_IDENTIFIER,
  AUTHENTICATION_METHOD,
  MAXIMUM_PACKET_SIZE,
  MAXIMUM_QOS,
  RECEIVE_MAXIMUM,
  RETAIN_AVAILABLE,
  SERVER_KEEP_ALIVE,
} from "./spec";

/** CONNACK. */
export function onConnack5(client: Client, flags: number, bytes: Bytes, at: number): number {
  const present = bytes.charCodeAt(at);
  const five = client.five;
  const versions = client.versions!;
  if (!five) return onConnack(client, flags, bytes, at);
  if (bytes.length === at + 2) return fromOlder(client, flags, bytes, at);
  const packet = parse(client, bytes, at + 1);
  const code = packet.code;
  const server = packet.list;
  if (packet.reason) return packet.reason;
  five.over = code >> 7;
  if (code && code < 128)
    say(client.log, ERROR, "mqtt", "CONNACK has Reason Code " + code + ", which MQTT 5 does not have");
  // A refusal cannot have a session [MQTT-3.2.2-6].
  if (code) return code < 128 || present > 1 ? MALFORMED_PACKET : present ? PROTOCOL_ERROR : code;
  const auth = client.handlers.auth;
  const wrong = auth
    ? auth(server, ACCEPTED)
    : server[AUTHENTICATION_METHOD] === undefined
      ? SUCCESS
      : PROTOCOL_ERROR; // [MQTT-4.12.0-6]
  if (wrong) return wrong;
  five.server = server;
  const most = server[MAXIMUM_PACKET_SIZE];
  five.plain =
    server[MAXIMUM_QOS] !== undefined || server[RETAIN_AVAILABLE] === 0
      ? 0
      : most === undefined
        ? MAX_REMAINING_LENGTH
        : most;
  versions.sure = 1;
  const name = server[ASSIGNED_CLIENT_IDENTIFIER];
  if (name) {
    versions.options.clientId = name; // so that the session is found again
    say(client.log, INFO, "mqtt", "the broker has named us " + name);
  }
  const keepAlive = server[SERVER_KEEP_ALIVE];
  if (keepAlive !== undefined) client.keepAliveS = keepAlive; // [MQTT-3.2.2-21]
  // The quota counts subscriptions too, so it never allows too many messages [MQTT-3.3.4-7].
  if (server[RECEIVE_MAXIMUM]! < client.sendQuota) client.sendQuota = server[RECEIVE_MAXIMUM]!;
  return onConnack(client, flags, bytes.substr(0, at + 1) + "\0", at);
}

/** CONNACK without even the length of its properties (3.2.2.3.1): the server does not know MQTT 5. Returns why this fails. */
function fromOlder(client: Client, flags: number, bytes: Bytes, at: number): number {
  const code = bytes.charCodeAt(at + 1);
  const versions = client.versions!;
  client.five!.over = 1;
  // In 3.1.1 the same server may accept us, or say more.
  if (code === 1 || (code < 128 && !versions.sure && versions.options.version === "auto"))
    return UNSUPPORTED_PROTOCOL_VERSION;
  // Its code says enough. Above 127 it is one of MQTT 5.
  return code > 127 ? code : code ? onConnack(client, flags, bytes, at) : MALFORMED_PACKET;
}
