// Messages that have waited here for longer than they are good for (3.3.2.3.3). A server that lets one wait subtracts that
// from what it passes on; so do we.

import type { Bytes } from "../../board";
import { readU32, u32 } from "../bytes";
import { remove, tell } from "../outbox";
import { DUP, EXPIRED, WITH_PROPERTIES } from "../spec";
import type { Client, Pending } from "../state";
import { readValue } from "./properties";
import { MESSAGE_EXPIRY_INTERVAL } from "./spec";

/** Where properties begin behind their length. */
export function beginOf(more: Bytes): number {
  let at = 1;
  while (more.charCodeAt(at - 1) & 128) at++;
  return at;
}

/** The properties of an entry, with what is left of its time: it stands first (v5/properties.ts). */
export function moreOf5(entry: Pending): Bytes {
  const more = entry.more || "\0";
  const at = beginOf(more) + 1;
  const left = entry.waited ? readU32(more, at) - entry.waited : 0;
  return entry.waited ? more.substr(0, at) + u32(left < 0 ? 0 : left) + more.substr(at + 4) : more;
}

/** An entry that was in flash: its properties stand before its payload (../outbox-bytes.ts). How long it waited is not known. */
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
    // One that was sent may have arrived: whether it is good for anything is for the server to say.
    if (i >= client.sent && !(entry.flags & DUP) && entry.waited >= readU32(more, at + 1))
      expired.push(remove(client, i--));
  }
  if (!left) client.expiring = undefined;
  for (let i = 0; i < expired.length; i++) tell(client, expired[i]!, EXPIRED, "");
}
