// The short way of a PUBLISH without properties (../short/keep.ts), with MQTT 5: a topic goes as it is, or as its alias
// (3.3.2.3.4).

import type { Bytes } from "../../board";
import { chars } from "../bytes";
import type { Client } from "../state";
import { ALIAS_BYTES, MAX_ALIASES } from "./agreed";
import { TOPIC_ALIAS, TOPIC_ALIAS_MAXIMUM } from "./spec";

/**
 * Makes a checked topic the client's last one, and sets how it is written on this connection. The next messages to it find that.
 * @returns false if the topic gets an alias with its next message: then nothing has changed
 * @resident
 */
export function name5(client: Client, topic: Bytes): boolean {
  const five = client.five!;
  const alias = five.aliases.indexOf(topic) + 1;
  if (!alias && topic.length > ALIAS_BYTES) {
    const count = five.aliases.length;
    if (count < MAX_ALIASES && count < five.server[TOPIC_ALIAS_MAXIMUM]!) return false;
  }
  client.lastTopicOut = topic;
  five.written = alias ? "" : topic;
  five.behind = alias ? chars(ALIAS_BYTES, TOPIC_ALIAS, 0, alias) : "\0";
  return true;
}
