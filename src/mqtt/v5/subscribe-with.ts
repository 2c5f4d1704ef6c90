// Subscriptions with options and properties (3.8). They are restored with them; on a connection that speaks 3.1.1 they go
// without.

import { must } from "../bytes";
import { encodeSubscriptions, type Subscription } from "../encode";
import { insert, nextIdentifier, remove } from "../outbox";
import { subscribe } from "../request";
import { RESTORING, SUBACK, SUBSCRIBE } from "../spec";
import type { Client, Done, Pending } from "../state";
import { checked } from "./checked";
import type { Properties } from "./properties";
import { NO_LOCAL, RETAIN_NEVER } from "./spec";

/**
 * Subscribes to filters. Returns as {@link subscribe}, throws on options or properties that must not be.
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
    // A shared message may have to come back to us [MQTT-3.8.3-4].
    must(!(qos & NO_LOCAL) || filter.indexOf("$share/") !== 0, "no NO_LOCAL for a shared subscription");
    copy.push({ filter, qos, more });
  }
  client.adapt = adapt;
  return subscribe(client, copy, done, more);
}

/** Makes what waits fit the version of this connection: called once it is known, and once it is accepted. */
function adapt(client: Client): void {
  if (!client.five) {
    for (let i = 0; i < client.subscriptions.length; i++) client.subscriptions[i]!.qos &= 3;
    for (let i = 0; i < client.pending.length; i++) {
      const entry = client.pending[i]!;
      for (let j = 0; entry.list && j < entry.list.length; j++) entry.list[j]!.qos &= 3;
      if (entry.kind === SUBACK) entry.payload = encodeSubscriptions(entry.list!); // of the same length
    }
    return;
  }
  // Those that are asked for again, each with properties of its own needs a packet of its own.
  const restored = client.pending[0];
  if (!restored || !(restored.flags & RESTORING)) return;
  remove(client, 0);
  const plain: Subscription[] = [];
  // Not `i`, which the minifier would declare only in the branch above.
  for (let n = 0; n < restored.list!.length; n++) {
    const each = restored.list![n]!;
    if (each.more && each.more.length > 1) insert(client, entryOf([each]), nextIdentifier(client), 0);
    else plain.push(each);
  }
  if (plain.length) insert(client, entryOf(plain), nextIdentifier(client), 0);
}

function entryOf(list: Subscription[]): Pending {
  return {
    kind: SUBACK,
    flags: RESTORING,
    topic: "",
    payload: encodeSubscriptions(list),
    list,
    more: list[0]!.more,
  };
}
