// PUBLISH (3.3) from the server, with the properties and topic aliases of MQTT 5.

import type { Bytes } from "../../board";
import { isTopicName, readU16 } from "../bytes";
import { acknowledge } from "../handlers";
import {
  MALFORMED_PACKET,
  PROTOCOL_ERROR,
  QOS_2,
  QUOTA_EXCEEDED,
  RECEIVE_MAXIMUM_EXCEEDED,
  SUCCESS,
} from "../spec";
import type { Client } from "../state";
import { parse } from "./parse";
import { RECEIVE_MAXIMUM, TOPIC_ALIAS, TOPIC_ALIAS_INVALID, TOPIC_ALIAS_MAXIMUM } from "./spec";

/** PUBLISH. */
export function onPublish5(client: Client, flags: number, bytes: Bytes, at: number): number {
  const five = client.five;
  const length = readU16(bytes, at);
  let topic = bytes.substr(at + 2, length || 0);
  const parsed = parse(client, bytes, at + 2 + length);
  const alias = parsed.list[TOPIC_ALIAS]!;
  if (parsed.reason) return parsed.reason;
  if ((topic || !five) && !isTopicName(topic)) return MALFORMED_PACKET;
  if (five) {
    if (alias > five.ours[TOPIC_ALIAS_MAXIMUM]!) return TOPIC_ALIAS_INVALID; // [MQTT-3.3.2-10]
    if (topic && alias) {
      five.size += topic.length - (five.heard[alias] || "").length;
      five.heard[alias] = topic;
      if (five.size > client.packetLimit) return QUOTA_EXCEEDED;
    }
    topic = topic || five.heard[alias]!;
    if (!topic) return PROTOCOL_ERROR; // neither a topic nor a known alias
    if (flags & QOS_2 && client.heldCount >= five.ours[RECEIVE_MAXIMUM]! && !client.held[parsed.id])
      return RECEIVE_MAXIMUM_EXCEEDED;
  }
  // Queue the answer first, as ../handlers.ts does.
  const reason = acknowledge(client, flags, parsed.id);
  if (reason === SUCCESS) {
    client.messageTopic = topic;
    client.messagePayload = bytes.substr(parsed.at);
    client.messageFlags = flags;
    client.messageProperties = parsed.list;
  }
  return reason > 0 ? reason : SUCCESS;
}
