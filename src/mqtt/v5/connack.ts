// CONNACK of MQTT 5 (3.2). The client obeys the limits that the server names; ../handlers.ts does the rest.

import type { Bytes } from "../../board";
import { INFO, say } from "../../log";
import { onConnack } from "../handlers";
import { MALFORMED_PACKET, PROTOCOL_ERROR, SUCCESS, UNSUPPORTED_PROTOCOL_VERSION } from "../spec";
import { ACCEPTED, type Client } from "../state";
import { parse } from "./parse";
import {
  ASSIGNED_CLIENT_IDENTIFIER,
  AUTHENTICATION_METHOD,
  RECEIVE_MAXIMUM,
  SERVER_KEEP_ALIVE,
} from "./spec";

/** CONNACK. */
export function onConnack5(client: Client, flags: number, bytes: Bytes, at: number): number {
  const present = bytes.charCodeAt(at);
  const five = client.five;
  const versions = client.versions!;
  if (!five) return onConnack(client, flags, bytes, at);
  // The answer of a server that knows 3.1.1 only.
  if (bytes.substr(at) === "\0\x01") return UNSUPPORTED_PROTOCOL_VERSION;
  const packet = parse(client, bytes, at + 1);
  const code = packet.code;
  const server = packet.list;
  if (packet.reason) return packet.reason;
  five.over = code >> 7;
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
  versions.sure = 1;
  const name = server[ASSIGNED_CLIENT_IDENTIFIER];
  if (name) {
    versions.options.clientId = name; // so that the session is found again
    say(client.log, INFO, "mqtt", "the broker has named us " + name);
  }
  const keepAlive = server[SERVER_KEEP_ALIVE];
  if (keepAlive !== undefined) client.keepAlive = keepAlive; // [MQTT-3.2.2-21]
  // The quota counts subscriptions too, so it never allows too many messages [MQTT-3.3.4-7].
  if (server[RECEIVE_MAXIMUM]! < client.sendQuota) client.sendQuota = server[RECEIVE_MAXIMUM]!;
  return onConnack(client, flags, bytes.substr(0, at + 1) + "\0", at);
}
