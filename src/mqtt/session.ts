// What outlives a connection (3.1.2.4, 4.1): messages that are not acknowledged, subscriptions, identifiers of QoS 2
// messages that the server has not released. Knows no socket.

import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { encodeSubscriptions, type Subscription } from "./encode";
import { insert, nextIdentifier, remove } from "./outbox";
import { DUP, PUBCOMP, RESTORING, SUBACK, SUBSCRIPTION_FAILED } from "./spec";
import type { Client, Pending } from "./state";

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
  for (let at = 0; at < client.outbox.length; at++) {
    const entry = client.outbox[at]!;
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
