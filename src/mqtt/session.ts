// What outlives a connection (3.1.2.4, 4.1): messages that are not acknowledged, subscriptions, identifiers of QoS 2
// messages that the server has not released. Knows no socket.

import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { encodeSubscriptions, type Subscription } from "./encode";
import { DUP, MAX_IDENTIFIER, PUBCOMP, SUBACK, SUBSCRIPTION_FAILED, UNSPECIFIED_ERROR } from "./spec";
import type { Client, Pending } from "./state";

/** In the flags of an entry: it asks anew for what was subscribed to before. */
export const RESTORING = 32;

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

/** Bytes that an entry takes in the outbox. */
export function weight(entry: Pending): number {
  return entry.topic.length + entry.payload.length + (entry.more ? entry.more.length : 0);
}

/** Takes an entry out of the outbox. */
export function remove(client: Client, at: number): Pending {
  const entry = client.pending[at]!;
  client.pending.splice(at, 1);
  client.ids.splice(at, 1);
  client.outboxBytes -= weight(entry);
  if (at < client.sent) client.sent--;
  return entry;
}

/** Puts an entry with its identifier into the outbox, at its end or elsewhere. */
export function insert(client: Client, entry: Pending, id: number, at: number): void {
  client.pending.splice(at, 0, entry);
  client.ids.splice(at, 0, id);
  client.outboxBytes += weight(entry);
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

/**
 * The server has accepted us. With its part of the session all is sent again under the same identifiers
 * [MQTT-4.4.0-1]; without it messages start anew, and what was subscribed to is asked for again. So it is where an
 * earlier CONNECT got no answer: the session that is kept may be the empty one which that began.
 * @returns what is done with by that, whose owners are to be told
 */
export function restore(client: Client, present: number): Pending[] {
  const released: Pending[] = [];
  const sure = client.unheard === 1;
  client.unheard = 0;
  if (present && sure) return released;
  if (!present) {
    client.held = {};
    client.heldCount = 0;
  }
  // A server that has answered with PUBREC owns the message; it is not published a second time.
  for (let at = 0; at < client.pending.length; at++) {
    const entry = client.pending[at]!;
    const ends = !present && entry.kind === PUBCOMP;
    if (!present) entry.flags &= ~DUP;
    if (ends) released.push(entry);
    if (ends || entry.flags & RESTORING) remove(client, at--);
  }
  const list = client.subscriptions.slice(0);
  const id = list.length && nextIdentifier(client);
  if (id) {
    const payload = encodeSubscriptions(list);
    insert(client, { kind: SUBACK, flags: RESTORING, topic: "", payload, list }, id, 0);
  }
  return released;
}

/** What a SUBACK has granted is remembered, each filter once; what it refused is not asked for again. */
export function granted(client: Client, entry: Pending, codes: Bytes): void {
  for (let i = 0; i < codes.length; i++) {
    const subscription = entry.list![i]!;
    forget(client, subscription);
    if (codes.charCodeAt(i) < SUBSCRIPTION_FAILED) client.subscriptions.push(subscription);
    else if (!entry.done)
      say(client.log, ERROR, "mqtt", "the broker refused the subscription to " + subscription.filter);
  }
}

/** Where a filter stands among those that are subscribed to, -1 if it does not. */
export function subscribed(client: Client, subscription: Subscription): number {
  for (let at = client.subscriptions.length; at--; )
    if (client.subscriptions[at]!.filter === subscription.filter) return at;
  return -1;
}

/** A subscription has ended. */
export function forget(client: Client, subscription: Subscription): void {
  const at = subscribed(client, subscription);
  if (at >= 0) client.subscriptions.splice(at, 1);
}

/** The end of everything: all that waits is told. Who publishes again when told is refused, else this had no end. */
export function finish(client: Client): void {
  const out = client.pending;
  client.ended = 1;
  client.pending = [];
  client.ids = [];
  client.outboxBytes = 0;
  for (let i = 0; i < out.length; i++) tell(client, out[i]!, UNSPECIFIED_ERROR, "");
}
