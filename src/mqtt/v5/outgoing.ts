// PUBLISH, SUBSCRIBE and UNSUBSCRIBE of MQTT 5 (3.3, 3.8, 3.10) on their way out: what this server would not take, topic
// aliases, properties. The rest of these packets is that of 3.1.1.

import type { Bytes } from "../../board";
import { chars, u16, varint } from "../bytes";
import { publishHead, requestHead } from "../encode";
import { weight } from "../session";
import { PACKET_TOO_LARGE, PUBCOMP, QOS_NOT_SUPPORTED, RETAIN, SUCCESS, UNSUBACK } from "../spec";
import type { Client, Pending } from "../state";
import {
  MAXIMUM_PACKET_SIZE,
  MAXIMUM_QOS,
  RETAIN_AVAILABLE,
  RETAIN_NOT_SUPPORTED,
  SHARED_SUBSCRIPTION_AVAILABLE,
  SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
  SUBSCRIPTION_IDENTIFIER_AVAILABLE,
  SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
  TOPIC_ALIAS,
  TOPIC_ALIAS_MAXIMUM,
  WILDCARD_SUBSCRIPTION_AVAILABLE,
  WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,
} from "./spec";
import { MAX_ALIASES } from "./state";

/** Bytes of a Topic Alias among the properties. */
const ALIAS_BYTES = 3;
/** Most bytes of a fixed header, and one more that the properties' length may take. */
const HEADER_BYTES = 6;

/** Remaining Length of an entry's packet, with its topic in full. */
function lengthOf(entry: Pending): number {
  const id = entry.list || entry.flags & 6 ? 2 : 0;
  return (entry.list ? 0 : 2) + id + weight(entry) + (entry.more ? 0 : 1);
}

/** Why this server would not take an entry, SUCCESS if it does or is not known yet. */
export function refuse(client: Client, entry: Pending): number {
  const server = client.five ? client.five.server : {};
  const list = entry.list;
  const length = lengthOf(entry);
  if (entry.kind === PUBCOMP || entry.kind === UNSUBACK) return SUCCESS;
  // What is not there is undefined, and nothing is less than that.
  if (server[MAXIMUM_PACKET_SIZE]! < 1 + varint(length).length + length) return PACKET_TOO_LARGE;
  if (!list) {
    if (server[MAXIMUM_QOS]! < (entry.flags & 6) >> 1) return QOS_NOT_SUPPORTED; // [MQTT-3.2.2-11]
    return entry.flags & RETAIN && server[RETAIN_AVAILABLE] === 0 ? RETAIN_NOT_SUPPORTED : SUCCESS; // [MQTT-3.2.2-14]
  }
  if (entry.more && server[SUBSCRIPTION_IDENTIFIER_AVAILABLE] === 0)
    return SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
  for (let i = 0; i < list.length; i++) {
    const filter = list[i]!.filter;
    if (server[SHARED_SUBSCRIPTION_AVAILABLE] === 0 && filter.indexOf("$share/") === 0)
      return SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
    if (server[WILDCARD_SUBSCRIPTION_AVAILABLE] === 0 && /[+#]/.test(filter))
      return WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
  }
  return SUCCESS;
}

/** What goes in front of an entry's payload; "" for a connection that speaks 3.1.1. */
export function head5(client: Client, entry: Pending, id: number): Bytes {
  const five = client.five;
  if (!five) return "";
  let more = entry.more || "\0";
  let topic = entry.topic;
  five.fresh = "";
  if (entry.list) return requestHead(entry.kind, more.length + entry.payload.length, id) + more;
  // A topic gets an alias with its first message, as long as there are any left: with the next one it is left out.
  let alias = five.aliases.indexOf(topic) + 1;
  if (alias) topic = "";
  else if (
    five.aliases.length < MAX_ALIASES &&
    five.aliases.length < five.server[TOPIC_ALIAS_MAXIMUM]! &&
    topic.length > ALIAS_BYTES &&
    !(five.server[MAXIMUM_PACKET_SIZE]! < lengthOf(entry) + HEADER_BYTES + ALIAS_BYTES)
  ) {
    alias = five.aliases.length + 1;
    five.fresh = topic;
  }
  if (alias) {
    let skip = 1;
    while (more.charCodeAt(skip - 1) & 128) skip++;
    more = varint(more.length - skip + ALIAS_BYTES) + chars(TOPIC_ALIAS) + u16(alias) + more.substr(skip);
  }
  return publishHead(topic, more.length + entry.payload.length, entry.flags & 15, id) + more;
}

/** The head that was made last has left: its alias counts. */
export function sent5(client: Client): void {
  const five = client.five;
  if (five && five.fresh) {
    five.aliases.push(five.fresh);
    five.fresh = "";
  }
}
