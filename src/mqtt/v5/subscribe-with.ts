// Subscriptions with options and properties (3.8). The client restores them with both. On a connection that speaks 3.1.1
// they are sent without.

import type { Bytes } from "../../board";
import { must } from "../bytes";
import { encodeSubscriptions, type Subscription } from "../encode";
import { subscribe, unsubscribe } from "../request";
import { SUBACK, SUBSCRIBE, UNSUBSCRIBE } from "../spec";
import type { Client, Done } from "../state";
import { checked } from "./checked";
import type { Properties } from "./properties";
import { NO_LOCAL, RETAIN_NEVER } from "./spec";

/**
 * Subscribes to filters. Returns as {@link subscribe}. Throws on options or properties that are not allowed.
 * @param list `qos` is 0, 1 or 2, and may have options added: NO_LOCAL, RETAIN_AS_PUBLISHED, RETAIN_IF_NEW or RETAIN_NEVER
 * @param properties SUBSCRIPTION_IDENTIFIER, USER_PROPERTY
 */
export function subscribeWith(
  client: Client,
  list: Subscription[],
  properties: Properties,
  done?: Done,
): number {
  const more = checked(properties, SUBSCRIBE);
  const copy: Subscription[] = [];
  for (let i = 0; i < list.length; i++) {
    const { filter, qos } = list[i]!;
    must(qos < RETAIN_NEVER + NO_LOCAL * 4 && (qos & 3) < 3, "bad options of a subscription");
    // NO_LOCAL on a shared subscription is a Protocol Error [MQTT-3.8.3-4].
    must(!(qos & NO_LOCAL) || filter.substr(0, 7) !== "$share/", "no NO_LOCAL for a shared subscription");
    copy.push({ filter, qos, more });
  }
  client.adapt = adapt;
  return subscribe(client, copy, done, more);
}

/**
 * Ends subscriptions. Returns as {@link unsubscribe}. Throws on properties that are not allowed.
 * @param properties USER_PROPERTY
 */
export function unsubscribeWith(
  client: Client,
  filters: Bytes[],
  properties: Properties,
  done?: Done,
): number {
  return unsubscribe(client, filters, done, checked(properties, UNSUBSCRIBE));
}

/**
 * A connection that speaks 3.1.1 is accepted: takes the options out of all subscriptions. With MQTT 5, ../divide.ts gives
 * subscriptions with properties packets of their own.
 */
function adapt(client: Client): void {
  if (client.five) return;
  for (let i = 0; i < client.subscriptions.length; i++) client.subscriptions[i]!.qos &= 3;
  for (let i = 0; i < client.pending.length; i++) {
    const entry = client.pending[i]!;
    for (let j = 0; entry.list && j < entry.list.length; j++) entry.list[j]!.qos &= 3;
    if (entry.kind === SUBACK) entry.payload = encodeSubscriptions(entry.list!); // of the same length
  }
}
