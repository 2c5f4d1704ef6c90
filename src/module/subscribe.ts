// client.subscribe and client.unsubscribe.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { brief, must } from "../mqtt/bytes";
import type { Subscription } from "../mqtt/encode";
import { subscribe, unsubscribe } from "../mqtt/request";
import { QUEUED, SUBSCRIPTION_FAILED, SUCCESS } from "../mqtt/spec";
import type { Done } from "../mqtt/state";
import type { Properties } from "../mqtt/v5/properties";
import { NO_LOCAL, RETAIN_AS_PUBLISHED, RETAIN_IF_NEW } from "../mqtt/v5/spec";
import { subscribeWith, unsubscribeWith } from "../mqtt/v5/subscribe-with";
import { type Arguments, type Callback, callbackOf, checkNames, optionsOf } from "./arguments";
import { type ModuleClient, world } from "./client";
import type { Granted, SubscribeOptions, UnsubscribeOptions } from "./mqtt-ws";
import { isOver, tell } from "./outcome";
import { toIds } from "./properties";

/** The options of a filter. Properties are those of the packet, and so of all its filters. */
const OF_FILTER = " qos nl rap rh ";

/** subscribe(filter | [filters] | {filter: options}, [options], [callback]) */
export function subscribeCall(client: ModuleClient, args: Arguments): void {
  const common = optionsOf<SubscribeOptions>(args, 1);
  const callback = callbackOf(args, 1);
  const what = args[0];
  checkNames(common, OF_FILTER + "properties ");
  mustHave5(common.properties);
  const list: Subscription[] = [];
  if (typeof what === "string") list.push(subscription(what, common));
  else if (Array.isArray(what))
    for (let i = 0; i < what.length; i++) list.push(subscription(what[i], common));
  else {
    const filters = optionsOf<{ [filter: string]: SubscribeOptions }>(args, 0);
    for (const filter in filters) {
      const options = filters[filter];
      if (options) checkNames(options, OF_FILTER);
      list.push(subscription(filter, options || common));
    }
  }
  if (isOver(client, callback, "subscribe")) return;
  const done = grantedOf(client, callback, list);
  const to = client.link.client;
  const reason =
    FIVE && hasOptions(list, common)
      ? subscribeWith(to, list, toIds(common.properties || {}, world) as Properties, done)
      : subscribe(to, list, done);
  if (reason !== SUCCESS && reason !== QUEUED) tell(client, callback, "subscribe", reason, []);
}

/** Turns the return codes of a SUBACK, one for each filter, into the answer of the callback. */
function grantedOf(client: ModuleClient, callback: Callback | undefined, list: Subscription[]): Done {
  return function (reason, codes) {
    const granted: Granted[] = [];
    let what = "subscribe";
    for (let i = 0; i < list.length; i++) {
      const code = codes ? codes.charCodeAt(i) : reason;
      granted.push({ topic: list[i]!.filter, qos: code });
      if (code < SUBSCRIPTION_FAILED || reason) continue;
      // The first that the server has refused.
      reason = code;
      what += " " + brief(list[i]!.filter);
    }
    tell(client, callback, what, reason, granted);
  };
}

/** Whether these subscriptions have options of MQTT 5. */
function hasOptions(list: Subscription[], common: SubscribeOptions): boolean {
  for (let i = 0; i < list.length; i++) if (list[i]!.qos > 2) return true;
  return !!common.properties;
}

function subscription(filter: unknown, options: SubscribeOptions): Subscription {
  must(typeof filter === "string", "filter: expected text");
  let qos = options.qos || 0;
  must(qos === 0 || qos === 1 || qos === 2, "bad QoS " + brief("" + qos));
  must(!options.rh || options.rh === 1 || options.rh === 2, "rh: expected 0, 1 or 2");
  must(
    FIVE || !(options.nl || options.rap || options.rh),
    "nl, rap, rh: only the builds mqtt-ws-v5 have them",
  );
  if (FIVE) {
    if (options.nl) (qos as number) |= NO_LOCAL;
    if (options.rap) (qos as number) |= RETAIN_AS_PUBLISHED;
    (qos as number) |= (options.rh || 0) * RETAIN_IF_NEW;
  }
  return { filter: filter as Bytes, qos };
}

/** unsubscribe(filter | [filters], [options], [callback]) */
export function unsubscribeCall(client: ModuleClient, args: Arguments): void {
  const options = optionsOf<UnsubscribeOptions>(args, 1);
  const callback = callbackOf(args, 1);
  checkNames(options, " properties ");
  mustHave5(options.properties);
  const filters = ([] as unknown[]).concat(args[0]) as Bytes[];
  for (let i = 0; i < filters.length; i++) must(typeof filters[i] === "string", "filter: expected text");
  if (isOver(client, callback, "unsubscribe")) return;
  const done = callback && doneOf(client, callback, "unsubscribe");
  const to = client.link.client;
  const reason =
    FIVE && options.properties
      ? unsubscribeWith(to, filters, toIds(options.properties, world) as Properties, done)
      : unsubscribe(to, filters, done);
  if (reason !== SUCCESS && reason !== QUEUED) tell(client, callback, "unsubscribe", reason);
}

function mustHave5(properties: object | undefined): void {
  must(FIVE || !properties, "properties: only the builds mqtt-ws-v5 have them");
}

function doneOf(client: ModuleClient, callback: Callback, what: Bytes): Done {
  return function (reason) {
    tell(client, callback, what, reason);
  };
}
