// Message Expiry Interval (3.3.2.3.3): messages that wait in the outbox expire. As a server does, the client subtracts the
// time that a message has waited when it sends it.

import type { Bytes } from "../../board";
import { readU32, u32 } from "../bytes";
import { remove, tell } from "../outbox";
import { DUP, EXPIRED, WITH_PROPERTIES } from "../spec";
import type { Client, Pending } from "../state";
import { readValue } from "./properties";
import { MESSAGE_EXPIRY_INTERVAL } from "./spec";

/** The place where properties begin, after their length. */
export function beginOf(more: Bytes): number {
  let at = 1;
  while (more.charCodeAt(at - 1) & 128) at++;
  return at;
}

/** The properties of an entry with the rest of its time, which is the first property (v5/properties.ts). */
export function moreOf5(entry: Pending): Bytes {
  const more = entry.more || "\0";
  const at = beginOf(more) + 1;
  const left = entry.waited ? readU32(more, at) - entry.waited : 0;
  return entry.waited ? more.substr(0, at) + u32(left < 0 ? 0 : left) + more.substr(at + 4) : more;
}

/**
 * Takes the properties of an entry from flash out of its payload (../outbox-bytes.ts). The time it has waited is not
 * known, and starts again.
 */
export function thawed5(client: Client, entry: Pending): void {
  const reader = { bytes: entry.payload, at: 0, reason: 0 };
  let length = readValue(reader, "v") as number;
  length += reader.at;
  entry.more = entry.payload.substr(0, length);
  entry.payload = entry.payload.substr(length);
  entry.flags &= ~WITH_PROPERTIES;
  client.expiring = 1;
}

/** Call it once a second while `expiring` is 1. Removes messages from the outbox that have expired and were never sent. */
export function second5(client: Client): void {
  const expired: Pending[] = [];
  let left = 0;
  for (let i = 0; i < client.pending.length; i++) {
    const entry = client.pending[i]!;
    const more = entry.more || "";
    const at = beginOf(more);
    if (more.charCodeAt(at) !== MESSAGE_EXPIRY_INTERVAL) continue;
    entry.waited = (entry.waited || 0) + 1;
    left++;
    // A message that was sent may have arrived: then the server decides whether it has expired.
    if (i >= client.sent && !(entry.flags & DUP) && entry.waited >= readU32(more, at + 1))
      expired.push(remove(client, i--));
  }
  if (!left) client.expiring = undefined;
  for (let i = 0; i < expired.length; i++) tell(client, expired[i]!, EXPIRED, "");
}
