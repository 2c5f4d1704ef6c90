// The start of an MQTT 5 connection: the choice of the version, and the properties of CONNECT (3.1).

import type { Bytes } from "../../board";
import type { Will } from "../encode";
import { CONNECT, DISCONNECT } from "../spec";
import { type Client, MAX_HELD } from "../state";
import { ALIASES_HEARD } from "./agreed";
import { named } from "./names";
import type { Options5, WillOptions } from "./options";
import { encodeProperties, WILL } from "./properties";
import {
  MAXIMUM_PACKET_SIZE,
  RECEIVE_MAXIMUM,
  SESSION_EXPIRY_INTERVAL,
  TOPIC_ALIAS_MAXIMUM,
  USER_PROPERTY,
} from "./spec";

/** A session that never expires (3.1.2.11.2), the same as `cleanSession` false in 3.1.1. */
const FOR_EVER = 4294967295;

/** Chooses the version of a new connection. */
export function begin5(client: Client, options: Options5): void {
  client.five = undefined;
  // This profile has no handlers for MQTT 5.
  if (!client.handlers[DISCONNECT]) return;
  const versions = client.versions || {
    options,
    version: options.version === 4 ? 4 : 5,
    sure: 0,
    reference: "",
    followed: 0,
  };
  client.versions = versions;
  if (versions.version === 4) return;
  const ours = named(CONNECT, options.properties);
  ours[MAXIMUM_PACKET_SIZE] = client.packetLimit;
  if (!ours[RECEIVE_MAXIMUM]) ours[RECEIVE_MAXIMUM] = MAX_HELD;
  if (ours[TOPIC_ALIAS_MAXIMUM] === undefined) ours[TOPIC_ALIAS_MAXIMUM] = ALIASES_HEARD;
  // A message that is dropped unread may define an alias.
  if (client.dropped) ours[TOPIC_ALIAS_MAXIMUM] = 0;
  if (ours[SESSION_EXPIRY_INTERVAL] === undefined && !options.cleanSession)
    ours[SESSION_EXPIRY_INTERVAL] = FOR_EVER;
  client.five = {
    ours,
    server: {},
    plain: 0,
    aliases: [],
    fresh: "",
    written: "",
    behind: "",
    heard: {},
    size: 0,
    over: 0,
  };
  client.lastTopicOut = undefined;
}

/** The properties of CONNECT, see Hooks. With `shown` 1 they are for the log: user properties become stars. */
export function opening5(client: Client, shown: number): Bytes {
  if (!client.five) return "";
  const ours = client.five.ours;
  if (client.handlers.auth) client.handlers.auth(ours, shown);
  if (shown && ours[USER_PROPERTY]) ours[USER_PROPERTY] = ["*", "*"];
  return encodeProperties(ours);
}

/** The properties of a will. */
export function will5(will: Will & WillOptions): Bytes {
  return encodeProperties(named(WILL, will.properties));
}
