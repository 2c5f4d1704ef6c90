// The end of a connection that speaks MQTT 5: DISCONNECT in both directions (3.14), and what comes next, another version
// or another server.

import type { Bytes } from "../../board";
import { INFO, say } from "../../log";
import { chars } from "../bytes";
import { packet } from "../encode";
import {
  DISCONNECT,
  KEEP_ALIVE_TIMEOUT,
  NO_CONNACK,
  NOT_AUTHORIZED,
  SERVER_UNAVAILABLE,
  UNSPECIFIED_ERROR,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "../spec";
import { type Client, CONNECTING, READY } from "../state";
import { parse } from "./parse";

/** Reason Codes that a client may say in DISCONNECT (3.14.2.1) and that end a connection here. */
const OURS = "\x81\x82\x93\x94\x95\x97";
/** Reason Codes after which it is of use to come back later: busy, shutting down, taken over, quota, rate. */
const LATER = "\x89\x8b\x8e\x97\x98\x9f";
/** Those after which somebody has to change something: banned, method, will, another server. */
const NEVER = "\x8a\x8c\x90\x99\x9a\x9b\x9c\x9d";

/** DISCONNECT (3.14) of the server. */
export function onDisconnect5(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const parsed = parse(client, bytes, at);
  if (parsed.reason) return parsed.reason;
  client.five!.over = 1;
  return parsed.code > 127 ? parsed.code : UNSPECIFIED_ERROR;
}

/** The link falls: see Hooks.fall. */
export function fall5(client: Client, reason: number, open: boolean): number {
  const versions = client.versions;
  if (!versions) return reason;
  const code = chars(reason < 256 ? reason : UNSPECIFIED_ERROR);
  // Not into the midst of a packet, nor to one who has said the last word.
  if (
    open &&
    client.five &&
    !client.five.over &&
    client.state &&
    !client.tail &&
    reason !== KEEP_ALIVE_TIMEOUT &&
    reason !== NO_CONNACK
  ) {
    const last =
      client.queue + packet(DISCONNECT << 4, OURS.indexOf(code) < 0 ? chars(UNSPECIFIED_ERROR) : code);
    client.transmit(client.wire, last, last);
  }
  if (client.state === READY) versions.sure = 1;
  const refused = reason === UNSUPPORTED_PROTOCOL_VERSION;
  if (
    versions.options.version === "auto" &&
    client.state === CONNECTING &&
    !versions.sure &&
    (refused || !open)
  ) {
    versions.version = 9 - versions.version;
    versions.sure = refused ? 1 : 0;
    say(client.log, INFO, "mqtt", "next with MQTT " + (versions.version === 5 ? "5" : "3.1.1"));
    return UNSPECIFIED_ERROR;
  }
  if (versions.reference) return UNSPECIFIED_ERROR;
  if (LATER.indexOf(code) >= 0) return SERVER_UNAVAILABLE;
  return NEVER.indexOf(code) >= 0 ? NOT_AUTHORIZED : reason;
}
