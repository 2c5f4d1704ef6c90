// The end of an MQTT 5 connection: DISCONNECT in both directions (3.14), and whether another version or another server
// comes next.

import type { Bytes } from "../../board";
import { INFO, say } from "../../log";
import { chars } from "../bytes";
import { packet } from "../encode";
import {
  DISCONNECT,
  KEEP_ALIVE_TIMEOUT,
  NO_CONNACK,
  NOT_AUTHORIZED,
  PROTOCOL_ERROR,
  SERVER_UNAVAILABLE,
  UNSPECIFIED_ERROR,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "../spec";
import { type Client, CONNECTING, READY, WHOLE } from "../state";
import { parse } from "./parse";

/** Reason Codes that a client may send in DISCONNECT (3.14.2.1) and with which this client ends a connection. */
const OURS = "\x81\x82\x93\x94\x95\x97";
/** Reason Codes after which a later retry may succeed: busy, shutting down, taken over, rates, quota. */
const LATER = "\x89\x8b\x8e\x96\x97\x98\x9f";
/** Reason Codes that a retry does not change: banned, method, will, another server, features the server lacks. */
const NEVER = "\x8a\x8c\x90\x99\x9a\x9b\x9c\x9d\x9e\xa1\xa2";

/** DISCONNECT (3.14) of the server. */
export function onDisconnect5(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const parsed = parse(client, bytes, at);
  if (!client.five) return PROTOCOL_ERROR;
  if (parsed.reason) return parsed.reason;
  client.five.over = 1;
  return parsed.code > 127 ? parsed.code : UNSPECIFIED_ERROR;
}

/** The link falls: see Hooks.fall. */
export function fall5(client: Client, reason: number, open: boolean): number {
  const versions = client.versions;
  if (!versions) return reason;
  // Send DISCONNECT, but not in the middle of a packet, and not when the server has ended the conversation.
  if (
    open &&
    client.five &&
    !client.five.over &&
    client.state &&
    !client.tail &&
    reason !== KEEP_ALIVE_TIMEOUT &&
    reason !== NO_CONNACK
  ) {
    const code = chars(reason < 256 ? reason : UNSPECIFIED_ERROR);
    const last =
      client.queue + packet(DISCONNECT << 4, OURS.indexOf(code) < 0 ? chars(UNSPECIFIED_ERROR) : code);
    client.transmit(client.wire, last, last, WHOLE);
  }
  if (client.state === READY) versions.sure = 1;
  const refused = reason === UNSUPPORTED_PROTOCOL_VERSION;
  if (
    versions.options.version === "auto" &&
    client.state === CONNECTING &&
    !versions.sure &&
    // Servers that do not know this version refuse it, close, or say nothing.
    (refused || !open || reason === NO_CONNACK)
  ) {
    versions.version = 9 - versions.version;
    versions.sure = refused ? 1 : 0;
    say(client.log, INFO, "mqtt", "next with MQTT " + (versions.version === 5 ? "5" : "3.1.1"));
    return UNSPECIFIED_ERROR;
  }
  return versions.reference ? UNSPECIFIED_ERROR : reason;
}

/** The class of a reason, as a reason that 3.1.1 has. */
export function class5(reason: number): number {
  const code = chars(reason);
  if (reason > 255) return reason;
  return LATER.indexOf(code) < 0 ? (NEVER.indexOf(code) < 0 ? reason : NOT_AUTHORIZED) : SERVER_UNAVAILABLE;
}

/** The words for Reason Codes that only MQTT 5 has, "" for others; those of 3.1.1 are in src/profile/full.ts. */
export function words5(reason: number): Bytes {
  const found = (
    ",83 a reason of its own,84 does not speak MQTT 5,89 busy,8a banned,8b shutting down,8c no such authentication method" +
    ",8e another client has this mqtt.clientId,90 topic of mqtt.will,96 too many messages,97 quota exceeded" +
    ",98 administrative action,99 mqtt.will is no text,9a no retain of mqtt.will or a message,9b no such QoS of mqtt.will or a message,9c use another server,9d moved" +
    ",9e no $share,9f too many connections,a0 too long connected,a1 no subscription identifiers,a2 no wildcards"
  ).split("," + reason.toString(16) + " ")[1];
  return found ? "the broker: " + found.split(",")[0]! : "";
}
