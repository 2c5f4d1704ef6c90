// The session, which outlives a connection (3.1.2.4, 4.1): what a new connection sends again and subscribes to again.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { brief } from "./bytes";
import { divide } from "./divide";
import { encodeSubscriptions, type Subscription } from "./encode";
import { fail, insert, nextIdentifier, remove } from "./outbox";
import { DUP, PUBCOMP, RESTORING, SUBACK, SUBSCRIPTION_FAILED } from "./spec";
import { ASK_AGAIN_S, type Client, MAX_ASK_AGAIN_S, type Pending, SUSPECT_ENDS } from "./state";
import { flush } from "./write";

/** States of a subscription that is not asked for: the server has refused it; it goes when another one has its answer. */
const REFUSED = 1;
const WITHHELD = 2;

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
  const kept = present && client.unheard === 1;
  client.unheard = 0;
  if (client.askPeriod) client.askIn = client.askPeriod = 0;
  if (!present) {
    client.held = {};
    client.heldCount = 0;
  }
  // What was not answered is asked for together with the rest, or each alone: one filter may be what ends the connections.
  const anew = !kept || client.ends! >= SUSPECT_ENDS || unasked(client);
  for (let at = 0; at < client.pending.length; at++) {
    const entry = client.pending[at]!;
    // With its PUBREC the server has taken the message over (4.3.3): do not publish it again.
    const ends = !present && entry.kind === PUBCOMP;
    const again = entry.flags & RESTORING && anew;
    if (!present) entry.flags &= ~DUP;
    if (ends) released.push(entry);
    if (again) for (let i = 0; i < entry.list!.length; i++) entry.list![i]!.refused = WITHHELD;
    if (ends || again) remove(client, at--);
  }
  ask(client, 0, kept ? REFUSED : 0);
  return released;
}

/**
 * Puts a SUBSCRIBE that asks for subscriptions again into the outbox, at this place. While one is suspected to end connections,
 * it has one filter and the others are withheld.
 * @param least REFUSED for those not asked for, WITHHELD for some of these, 0 for all
 */
function ask(client: Client, at: number, least: number): void {
  const list: Subscription[] = [];
  for (let i = 0; i < client.subscriptions.length; i++) {
    const subscription = client.subscriptions[i]!;
    const state = subscription.refused || 0;
    if (state < least) continue;
    if (list.length && client.ends! >= SUSPECT_ENDS) subscription.refused = WITHHELD;
    else {
      if (state) subscription.refused = 0;
      list.push(subscription);
    }
  }
  const id = list.length && nextIdentifier(client);
  if (!id) return;
  const entry: Pending = {
    kind: SUBACK,
    flags: RESTORING,
    topic: "",
    payload: encodeSubscriptions(list),
    list,
  };
  if (FIVE) entry.more = list[0]!.more;
  insert(client, entry, id, at);
}

/** A SUBSCRIBE has left the outbox: asks for what was withheld on account of it. */
export function askOn(client: Client, entry: Pending): void {
  if (entry.flags & RESTORING) ask(client, client.sent, WITHHELD);
}

/** The number of subscriptions that are not asked for: refused or withheld. */
export function unasked(client: Client): number {
  let count = 0;
  for (let i = 0; i < client.subscriptions.length; i++) if (client.subscriptions[i]!.refused) count++;
  return count;
}

/** Asks for refused subscriptions again on this connection, and takes longer the next time. */
export function askAgain(client: Client): void {
  const at = client.pending.length;
  ask(client, at, REFUSED);
  if (client.pending[at]) divide(client, at);
  flush(client);
}

/**
 * Remembers the subscriptions that a SUBACK has granted, each filter once.
 * @param codes a return code for each filter (3.9.3)
 */
export function granted(client: Client, entry: Pending, codes: Bytes): void {
  for (let i = 0; i < codes.length; i++) {
    const subscription = entry.list![i]!;
    const code = codes.charCodeAt(i);
    forget(client, subscription);
    if (code < SUBSCRIPTION_FAILED) client.subscriptions.push(subscription);
    else if (entry.flags & RESTORING) want(client, subscription, code);
    else if (!entry.done) fail(client, refusal(subscription), code);
  }
  askOn(client, entry);
}

/**
 * A refused subscription stays wanted: it is asked for again, later and on the next connection, because rights are often
 * repaired at the server. Call it with one that was refused.
 * @param code its return code
 */
export function want(client: Client, subscription: Subscription, code: number): void {
  client.subscriptions.push(subscription);
  subscription.refused = REFUSED;
  // Once for all that are refused at the same time.
  if (!client.askIn) {
    const period = client.askPeriod ? client.askPeriod * 2 : ASK_AGAIN_S;
    client.askIn = client.askPeriod = period < MAX_ASK_AGAIN_S ? period : MAX_ASK_AGAIN_S;
  }
  fail(client, refusal(subscription) + ", asked again in " + client.askIn + " s", code);
}

function refusal(subscription: Subscription): Bytes {
  return "the broker refused the subscription to " + brief(subscription.filter);
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
