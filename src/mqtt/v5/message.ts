// The short way of a PUBLISH without properties (../short/out.ts), with MQTT 5: a topic goes as it is, or as its alias
// (3.3.2.3.4).

import type { Bytes } from "../../board";
import { chars } from "../bytes";
import { QOS } from "../spec";
import type { Client, Pending } from "../state";
import { ALIAS_BYTES, MAX_ALIASES } from "./agreed";
import { TOPIC_ALIAS, TOPIC_ALIAS_MAXIMUM } from "./spec";

/**
 * The packet of a small message; "" if something is unusual: it has properties, or its topic gets an alias with it.
 * @param message its topic and payload
 * @param first the first byte of the packet
 * @resident
 */
export function message5(
  client: Client,
  message: Pick<Pending, "topic" | "payload" | "more">,
  first: number,
  id: number,
): Bytes {
  const five = client.five!;
  const aliases = five.aliases;
  const topic = message.topic;
  const alias = aliases.indexOf(topic) + 1;
  const count = aliases.length;
  const size = alias ? 0 : topic.length;
  if (message.more) return "";
  if (size > ALIAS_BYTES && count < MAX_ALIASES && count < five.server[TOPIC_ALIAS_MAXIMUM]!) return "";
  const length = size + message.payload.length + (first & QOS ? 4 : 2) + (alias ? ALIAS_BYTES + 1 : 1);
  return (
    (length < 128
      ? chars(first, length, 0, size)
      : chars(first, (length & 127) | 128, length >> 7, size >> 8, size & 255)) +
    (alias ? "" : topic) +
    (first & QOS ? chars(id >> 8, id & 255) : "") +
    (alias ? chars(ALIAS_BYTES, TOPIC_ALIAS, 0, alias) : "\0") +
    message.payload
  );
}
