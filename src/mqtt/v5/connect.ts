// A connection begins: which version it speaks, and CONNECT of MQTT 5 (3.1) made of that of 3.1.1, which has the same
// fields but for the properties.

import type { Bytes } from "../../board";
import { type ConnectOptions, encodeConnect, packet, type Will } from "../encode";
import { CONNECT } from "../spec";
import { type Client, MAX_HELD } from "../state";
import { CONNECT_NAMES, WILL_NAMES } from "./names";
import { encodeProperties, type Properties, type Values } from "./properties";
import {
  AUTHENTICATION_DATA,
  AUTHENTICATION_METHOD,
  MAXIMUM_PACKET_SIZE,
  RECEIVE_MAXIMUM,
  SESSION_EXPIRY_INTERVAL,
  TOPIC_ALIAS_MAXIMUM,
} from "./spec";
import { ALIASES_HEARD, type Named, type Options5 } from "./state";

/** A session that never expires (3.1.2.11.2): what 3.1.1 means by `cleanSession` false. */
const FOR_EVER = 4294967295;

/** Decides the version of a new connection, and returns what encodes its CONNECT. */
export function connect5(client: Client, options: Options5): typeof encodeConnect {
  /** What is configured, as properties. */
  function named(names: Bytes, values: Named | undefined): Properties {
    const list: Values = {};
    const pairs = names.split(" ");
    for (let i = 0; values && i < pairs.length; i++) {
      const pair = pairs[i]!.split(":");
      const value = values[pair[0]!];
      if (value !== undefined) list[+pair[1]!] = value;
    }
    return list;
  }
  const limits = client.limits;
  // A profile without handlers for MQTT 5 has none older.
  if (!client.versions && !client.kinds.older) return encodeConnect;
  const versions = client.versions || {
    options,
    kinds: client.kinds,
    inflight: limits.maxInflight,
    version: options.version === 4 ? 4 : 5,
    sure: 0,
    reference: "",
    followed: 0,
  };
  client.versions = versions;
  client.five = undefined;
  limits.maxInflight = versions.inflight;
  client.kinds = versions.version === 4 ? versions.kinds.older! : versions.kinds;
  if (versions.version === 4) {
    if (client.adapt) client.adapt(client);
    return encodeConnect;
  }
  const ours = named(CONNECT_NAMES, options.properties);
  ours[MAXIMUM_PACKET_SIZE] = limits.maxPacket;
  ours[RECEIVE_MAXIMUM] = ours[RECEIVE_MAXIMUM] || MAX_HELD;
  if (ours[TOPIC_ALIAS_MAXIMUM] === undefined) ours[TOPIC_ALIAS_MAXIMUM] = ALIASES_HEARD;
  if (ours[SESSION_EXPIRY_INTERVAL] === undefined && !options.cleanSession)
    ours[SESSION_EXPIRY_INTERVAL] = FOR_EVER;
  const auth = client.kinds.auth;
  if (auth) {
    ours[AUTHENTICATION_METHOD] = auth.method;
    ours[AUTHENTICATION_DATA] = auth.next("");
  }
  client.five = { ours, server: {}, aliases: [], fresh: "", heard: {}, over: 0 };
  return function (given: ConnectOptions, will?: (will: Will) => Bytes) {
    const older = encodeConnect(
      given,
      will &&
        ((each: Options5["will"] & {}) => encodeProperties(named(WILL_NAMES, each.properties)) + will(each)),
    );
    // Only for the log by now.
    if (auth && given !== options) ours[AUTHENTICATION_DATA] = "***";
    let at = 2;
    while (older.charCodeAt(at - 1) & 128) at++;
    at += 7; // behind protocol name and level: flags, keep alive
    return packet(
      CONNECT << 4,
      "\0\x04MQTT\x05" + older.substr(at, 3) + encodeProperties(ours) + older.substr(at + 3),
    );
  };
}
