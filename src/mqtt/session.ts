// The session, which outlives a connection (3.1.2.4, 4.1): what a new connection sends again and subscribes to again.

import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { brief } from "./bytes";
import { encodeSubscriptions, type Subscription } from "./encode";
import { insert, nextIdentifier, remove } from "./outbox";
import { DUP, PUBCOMP, RESTORING, SUBACK, SUBSCRIPTION_FAILED } from "./spec";
import type { Client, Pending } from "./state";

/**
 * Restores the session once the server has accepted the connection. If the server has kept its part, everything is sent
 * again under the same identifiers [MQTT-4.4.0-1]. If not, messages are sent as new ones and a SUBSCRIBE asks for the
 * subscriptions again. The same SUBSCRIBE is sent if an earlier CONNECT got no answer: that CONNECT may have begun the empty
 * session that the server has kept.
 * @param present 1 if the server has kept its part (3.2.2.2), else 0
 * @returns entries that are complete now; the caller calls their callbacks
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
  // With its PUBREC the server has taken the message over (4.3.3): do not publish it again.
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

/**
 * Remembers the subscriptions that a SUBACK has granted, each filter once. A refused one is not asked for again.
 * @param codes a return code for each filter (3.9.3)
 */
export function granted(client: Client, entry: Pending, codes: Bytes): void {
  for (let i = 0; i < codes.length; i++) {
    const subscription = entry.list![i]!;
    forget(client, subscription);
    if (codes.charCodeAt(i) < SUBSCRIPTION_FAILED) client.subscriptions.push(subscription);
    else if (!entry.done)
      say(client.log, ERROR, "mqtt", "the broker refused the subscription to " + brief(subscription.filter));
  }
}

/** The place of a filter in the list of subscriptions, -1 if it is not there. */
export function subscribed(client: Client, subscription: Subscription): number {
  for (let at = client.subscriptions.length; at--; )
    if (client.subscriptions[at]!.filter === subscription.filter) return at;
  return -1;
}

/** Forgets a subscription that has ended. */
export function forget(client: Client, subscription: Subscription): void {
  const at = subscribed(client, subscription);
  if (at >= 0) client.subscriptions.splice(at, 1);
}
