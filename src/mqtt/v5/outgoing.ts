// PUBLISH, SUBSCRIBE and UNSUBSCRIBE of MQTT 5 (3.3, 3.8, 3.10): the server's limits, topic aliases, properties. The rest of
// these packets is the same as in 3.1.1.

import type { Bytes } from "../../board";
import { chars, u16, varint } from "../bytes";
import { publishHead, requestHead } from "../encode";
import {
  PACKET_TOO_LARGE,
  PUBCOMP,
  QOS,
  QOS_NOT_SUPPORTED,
  RETAIN,
  SUCCESS,
  UNSUBACK,
  WIRE_FLAGS,
} from "../spec";
import type { Client, Pending } from "../state";
import { ALIAS_BYTES, MAX_ALIASES } from "./agreed";
import { beginOf, moreOf5 } from "./expiry";
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

/**
 * A packet up to its payload, with this topic and these properties.
 * @resident
 */
function headWith(entry: Pending, id: number, topic: Bytes, more: Bytes): Bytes {
  const length = more.length + entry.payload.length;
  return (
    (entry.list
      ? requestHead(entry.kind, length, id)
      : publishHead(topic, length, entry.flags & WIRE_FLAGS, id)) + more
  );
}

/**
 * The Reason Code with which this server would refuse an entry; SUCCESS if it accepts it, or has not said its limits yet.
 * @resident
 */
export function refuse5(client: Client, entry: Pending): number {
  const server = client.five ? client.five.server : {};
  const list = entry.list;
  const most = server[MAXIMUM_PACKET_SIZE];
  if (entry.kind === PUBCOMP) return SUCCESS;
  // With the whole topic: an alias may not be known yet.
  if (most && most < headWith(entry, 1, entry.topic, entry.more || "\0").length + entry.payload.length)
    return PACKET_TOO_LARGE;
  if (entry.kind === UNSUBACK) return SUCCESS;
  // A missing property is undefined, and a comparison with undefined is false.
  if (!list) {
    if (server[MAXIMUM_QOS]! < (entry.flags & QOS) >> 1) return QOS_NOT_SUPPORTED; // [MQTT-3.2.2-11]
    return entry.flags & RETAIN && server[RETAIN_AVAILABLE] === 0 ? RETAIN_NOT_SUPPORTED : SUCCESS; // [MQTT-3.2.2-14]
  }
  if (entry.more && server[SUBSCRIPTION_IDENTIFIER_AVAILABLE] === 0)
    return SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
  for (let i = 0; i < list.length; i++) {
    const filter = list[i]!.filter;
    if (server[SHARED_SUBSCRIPTION_AVAILABLE] === 0 && filter.substr(0, 7) === "$share/")
      return SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
    if (server[WILDCARD_SUBSCRIPTION_AVAILABLE] === 0 && /[+#]/.test(filter))
      return WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
  }
  return SUCCESS;
}

/** The flags of a message at what this server allows: its Maximum QoS [MQTT-3.2.2-11], Retain Available [MQTT-3.2.2-14]. */
export function allowed5(client: Client, flags: number): number {
  const server = client.five ? client.five.server : {};
  const most = server[MAXIMUM_QOS];
  if (most !== undefined && most < (flags & QOS) >> 1) flags = (flags & ~QOS) | (most << 1);
  return server[RETAIN_AVAILABLE] === 0 ? flags & ~RETAIN : flags;
}

/**
 * The bytes before an entry's payload, on a connection that speaks MQTT 5.
 * @resident
 */
export function head5(client: Client, entry: Pending, id: number): Bytes {
  const five = client.five!;
  const topic = entry.topic;
  const more = moreOf5(entry);
  const count = five.aliases.length;
  // The first message to a topic defines its alias, while aliases are left. Later messages have the alias only.
  const alias = five.aliases.indexOf(topic) + 1;
  five.fresh =
    !alias && count < MAX_ALIASES && count < five.server[TOPIC_ALIAS_MAXIMUM]! && topic.length > ALIAS_BYTES
      ? topic
      : "";
  if (alias || five.fresh) {
    const list = chars(TOPIC_ALIAS) + u16(alias || count + 1) + more.substr(beginOf(more));
    const head = headWith(entry, id, five.fresh, varint(list.length) + list);
    if (!(five.server[MAXIMUM_PACKET_SIZE]! < head.length + entry.payload.length)) return head;
    five.fresh = "";
  }
  return headWith(entry, id, topic, more);
}

/**
 * Call it when the last head was sent: now the alias that it defines may be used.
 * @resident
 */
export function sent5(client: Client): void {
  const five = client.five;
  if (five && five.fresh) {
    five.aliases.push(five.fresh);
    five.fresh = "";
  }
}
