// The outbox: everything that the server has to be told, in order, until it has answered. Does not send: write.ts does.

import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { DUP, MAX_IDENTIFIER, REPLACEABLE, UNSPECIFIED_ERROR } from "./spec";
import type { Client, Pending } from "./state";

/** Bytes that an entry takes in the outbox. */
export function weight(entry: Pending): number {
  return entry.topic.length + entry.payload.length + (entry.more ? entry.more.length : 0);
}

/**
 * The next identifier that is not in use [MQTT-2.3.1-2]: 1..65,535, counting up and round again; 0 if there is none.
 * Never the lowest free one: a server may still hold a QoS 2 message under a number that is free here, and would drop
 * the new one.
 */
export function nextIdentifier(client: Client): number {
  if (client.ids.length >= MAX_IDENTIFIER) return 0;
  do client.lastId = client.lastId < MAX_IDENTIFIER ? client.lastId + 1 : 1;
  while (client.ids.indexOf(client.lastId) >= 0);
  return client.lastId;
}

/** Puts an entry with its identifier into the outbox, at its end or elsewhere. */
export function insert(client: Client, entry: Pending, id: number, at: number): void {
  client.outbox.splice(at, 0, entry);
  client.ids.splice(at, 0, id);
  client.outboxBytes += weight(entry);
}

/** Where a message to this topic waits that was never sent and may be replaced; the end if there is none. */
export function replaceable(client: Client, topic: Bytes): number {
  let at = client.sent;
  for (; at < client.outbox.length; at++) {
    const entry = client.outbox[at]!;
    if (entry.topic === topic && (entry.flags & (REPLACEABLE | DUP)) === REPLACEABLE) break;
  }
  return at;
}

/** Takes an entry out of the outbox. */
export function remove(client: Client, at: number): Pending {
  const entry = client.outbox[at]!;
  client.outbox.splice(at, 1);
  client.ids.splice(at, 1);
  client.outboxBytes -= weight(entry);
  if (at < client.sent) client.sent--;
  return entry;
}

/**
 * Tells the owner of an entry, which is out of the outbox already, what became of it: at once, or while input is read
 * behind the packet that is read (delivery.ts).
 */
export function tell(client: Client, entry: Pending, reason: number, granted: Bytes): void {
  const done = entry.done;
  if (!done) return;
  if (client.corked) {
    client.answers = (client.answers || []).concat({ done, reason, granted });
    return;
  }
  try {
    done(reason, granted);
  } catch (error) {
    say(client.log, ERROR, "app", "" + error); // what follows is done all the same
  }
}

/** The end of everything: all that waits is told. Who publishes again when told is refused, else this had no end. */
export function finish(client: Client): void {
  const out = client.outbox;
  client.ended = 1;
  client.outbox = [];
  client.ids = [];
  client.outboxBytes = 0;
  for (let i = 0; i < out.length; i++) tell(client, out[i]!, UNSPECIFIED_ERROR, "");
}
