// CONNACK of MQTT 5 (3.2): whatever the server says of itself is obeyed from then on.

import type { Bytes } from "../../board";
import { INFO, say } from "../../log";
import { remove, restore, tell } from "../session";
import {
  MALFORMED_PACKET,
  NOT_AUTHORIZED,
  PROTOCOL_ERROR,
  SUCCESS,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "../spec";
import { type Client, READY } from "../state";
import { flush } from "../write";
import { refuse } from "./outgoing";
import { parse } from "./parse";
import {
  ASSIGNED_CLIENT_IDENTIFIER,
  AUTHENTICATION_DATA,
  AUTHENTICATION_METHOD,
  RECEIVE_MAXIMUM,
  SERVER_KEEP_ALIVE,
} from "./spec";

/** CONNACK. */
export function onConnack5(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const present = bytes.charCodeAt(at);
  const five = client.five!;
  const versions = client.versions!;
  // The answer of a server that knows 3.1.1 only.
  if (bytes.substr(at) === "\0\x01") return UNSUPPORTED_PROTOCOL_VERSION;
  const packet = parse(client, bytes, at + 1);
  const server = packet.list;
  if (packet.reason) return packet.reason;
  if (present > 1 || (packet.code && packet.code < 128)) return MALFORMED_PACKET;
  if (packet.code) five.over = 1;
  // No session for one who asked for none, or who is refused [MQTT-3.2.2-2, 3.2.2-6].
  if (present && (packet.code || client.cleanSession)) return PROTOCOL_ERROR;
  if (packet.code) return packet.code;
  // The method that we have named, none if none [MQTT-4.12.0-5, 4.12.0-6].
  const auth = client.kinds.auth;
  if (server[AUTHENTICATION_METHOD] !== (auth && auth.method)) return PROTOCOL_ERROR;
  if (auth && auth.next(server[AUTHENTICATION_DATA] || "") === undefined) return NOT_AUTHORIZED;
  five.server = server;
  versions.sure = 1;
  const name = server[ASSIGNED_CLIENT_IDENTIFIER];
  if (name) {
    versions.options.clientId = name; // so that the session is found again
    say(client.log, INFO, "mqtt", "the broker has named us " + name);
  }
  const keepAlive = server[SERVER_KEEP_ALIVE];
  if (keepAlive !== undefined) client.keepAlive = keepAlive; // [MQTT-3.2.2-21]
  // Counts all that waits for an answer, not only messages: never too many [MQTT-3.3.4-7].
  if (server[RECEIVE_MAXIMUM]! < versions.inflight) client.limits.maxInflight = server[RECEIVE_MAXIMUM]!;
  client.state = READY;
  client.wait = 0;
  const released = restore(client, present);
  if (client.adapt) client.adapt(client);
  // What was taken into the outbox before this server was known. The application is told when all is in order.
  const refused = [];
  for (let i = 0; i < client.out.length; i++)
    if (refuse(client, client.out[i]!)) refused.push(remove(client, i--));
  // Before anything that the application sends when it hears of it.
  flush(client);
  for (let i = 0; i < refused.length; i++) tell(client, refused[i]!, refuse(client, refused[i]!), "");
  for (let i = 0; i < released.length; i++) tell(client, released[i]!, SUCCESS, "");
  if (client.state === READY) client.hail = present + 1;
  return SUCCESS;
}
