// The outbox as bytes of a file, so that it outlives a power cut: first the identifiers of QoS 2 messages that the server
// has not released, then the messages that it has not acknowledged. The application subscribes again by itself.
//
//   byte 0     4            8          9             9+2n
//        crc | generation | n (held) | n * 2 bytes | messages, each:
//        kind 1 | flags 1 | identifier 2 | topic length 2 | payload length 4 | topic | payload
//
// With the flag WITH_PROPERTIES the payload begins with properties of MQTT 5. Numbers have their most significant byte
// first. The CRC-32 covers everything after it.

import { FIVE, thawed5 } from "#five";
import type { Bytes } from "../board";
import { chars, readU16, readU32, u16, u32 } from "./bytes";
import { insert } from "./outbox";
import { OVERTAKEN, WITH_PROPERTIES } from "./spec";
import type { Client, Pending } from "./state";

/** Bytes before the held identifiers, and before a message's topic. */
const HEADER = 9;
const MESSAGE_HEADER = 10;

/** The bytes of a client's outbox, without the CRC. `generation` counts the saves: 0..4,294,967,295. */
export function freeze(client: Client, generation: number): Bytes {
  let bytes = u32(generation) + chars(client.heldCount);
  for (const id in client.held) bytes += u16(parseInt(id, 10));
  for (let at = 0; at < client.pending.length; at++) {
    const entry = client.pending[at]!;
    if (entry.list) continue;
    const flags = entry.flags & ~OVERTAKEN;
    const payload = FIVE && entry.more ? entry.more + entry.payload : entry.payload;
    bytes +=
      chars(entry.kind, FIVE && entry.more ? flags | WITH_PROPERTIES : flags) +
      u16(client.ids[at]!) +
      u16(entry.topic.length) +
      u32(payload.length) +
      entry.topic +
      payload;
  }
  return bytes;
}

/** Fills the outbox from the bytes of {@link freeze}, whose CRC the caller has checked. Returns the number of messages. */
export function thaw(client: Client, bytes: Bytes): number {
  client.heldCount = bytes.charCodeAt(HEADER - 1);
  let at = HEADER;
  for (let i = 0; i < client.heldCount; i++, at += 2) client.held[readU16(bytes, at)] = 1;
  while (at < bytes.length) {
    const topicLength = readU16(bytes, at + 4);
    const payloadLength = readU32(bytes, at + 6);
    const topicAt = at + MESSAGE_HEADER;
    const entry: Pending = {
      kind: bytes.charCodeAt(at),
      flags: bytes.charCodeAt(at + 1),
      topic: bytes.substr(topicAt, topicLength),
      payload: bytes.substr(topicAt + topicLength, payloadLength),
    };
    if (FIVE && entry.flags & WITH_PROPERTIES) thawed5(client, entry);
    insert(client, entry, readU16(bytes, at + 2), client.pending.length);
    at = topicAt + topicLength + payloadLength;
  }
  return client.pending.length;
}
