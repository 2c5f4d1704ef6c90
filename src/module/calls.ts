// What people ask of the client, with their arguments as MQTT.js takes them: options and callbacks may be left out. Their
// mistakes throw at the call; what becomes of a message or a subscription is told by the callback, or as an "error".

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { climb } from "../link/ladder";
import { DOWN, OFF, UP } from "../link/rungs";
import { must } from "../mqtt/bytes";
import type { Subscription } from "../mqtt/encode";
import { publish, subscribe, unsubscribe } from "../mqtt/request";
import {
  DROPPED,
  PACKET_TOO_LARGE,
  QUEUED,
  QUOTA_EXCEEDED,
  REPLACED,
  SUBSCRIPTION_FAILED,
  SUCCESS,
  UNSPECIFIED_ERROR,
} from "../mqtt/spec";
import { type Done, DROP, KEEP, LATEST } from "../mqtt/state";
import type { Properties } from "../mqtt/v5/properties";
import { publishWith } from "../mqtt/v5/publish-with";
import { NO_LOCAL, RETAIN_AS_PUBLISHED, RETAIN_IF_NEW } from "../mqtt/v5/spec";
import { subscribeWith } from "../mqtt/v5/subscribe-with";
import { dispatch, newRouter, off, on } from "../router";
import { toBytes } from "../text";
import { active, cut, END_DEADLINE_S, errorOf, leaveWhenDone, type ModuleClient, world } from "./client";
import type { Granted, MessageHandler, MqttError, Packet, PublishOptions, SubscribeOptions } from "./mqtt-ws";
import { watchPackets } from "./packets";
import { toIds } from "./properties";

/** Arguments as they came: an array, or what looks like one. */
export type Arguments = ArrayLike<unknown>;
type Callback = (error?: MqttError, more?: unknown) => void;

/** Names that are no Topic Filters: the events there are, and those of MQTT.js that never come. */
const EVENTS =
  " connect message close offline reconnect end error packetsend packetreceive disconnect outgoingEmpty ";

/** The last function among arguments from this one on. */
function callbackOf(args: Arguments, at: number): Callback | undefined {
  for (; at < args.length; at++) {
    if (typeof args[at] === "function") return args[at] as Callback;
    must(
      args[at] === undefined || typeof args[at] === "object" || typeof args[at] === "boolean",
      "bad argument " + at,
    );
  }
  return undefined;
}

/** The options among arguments, or none. */
function optionsOf<Options>(args: Arguments, at: number): Options {
  return (args[at] && typeof args[at] === "object" ? args[at] : {}) as Options;
}

/** Has the callback called with what became of it. Without one a failure is an "error" of the client. */
function tell(
  client: ModuleClient,
  callback: Callback | undefined,
  what: Bytes,
  reason: number,
  more?: unknown,
): void {
  const failed = reason !== SUCCESS && reason !== QUEUED && (reason > 127 || reason < 0);
  const error = failed ? errorOf(what + ": " + inWords(reason), reason) : undefined;
  if (callback) world.later(callback, error, more);
  else if (error) client.emit("error", error);
}

function inWords(reason: number): Bytes {
  if (reason === QUOTA_EXCEEDED) return "the outbox is full";
  if (reason === PACKET_TOO_LARGE) return "too large";
  if (reason === REPLACED) return "replaced by a newer one";
  if (reason === DROPPED) return "dropped, as it could not be sent at once";
  if (reason === UNSPECIFIED_ERROR) return "the client was ended, or the server refused";
  return world.profile.words(reason);
}

/** Whether it is over for this client; then that is told. */
function isOver(client: ModuleClient, callback: Callback | undefined, what: Bytes): boolean {
  if (client === active && !client.ending) return false;
  tell(client, callback, what, UNSPECIFIED_ERROR);
  return true;
}

/**
 * publish(topic, payload, [options], [callback]). In one piece: a function that it calls is made anew each time.
 * @resident module
 */
export function publishCall(client: ModuleClient, args: Arguments): void {
  const options = (typeof args[2] === "function" ? undefined : args[2]) as PublishOptions | undefined;
  const callback = (typeof args[2] === "function" ? args[2] : args[3]) as Callback | undefined;
  const topic = args[0] as Bytes;
  let payload = args[1] as Bytes;
  let qos = 0;
  let policy = KEEP;
  let retain = false;
  must(typeof topic === "string", "topic: expected text");
  must(!callback || typeof callback === "function", "callback: expected a function");
  if (options) {
    const how = options.policy;
    must(typeof options === "object", "options: expected an object {...}");
    must(
      how === undefined || how === "keep" || how === "latest" || how === "drop",
      'policy: expected "keep", "latest" or "drop"',
    );
    must(FIVE || !options.properties, "properties: only the builds mqtt-ws-v5 have them");
    qos = options.qos || 0;
    retain = !!options.retain;
    policy = how === "latest" ? LATEST : how === "drop" ? DROP : KEEP;
  }
  if (client !== active || client.ending) return tell(client, callback, "publish", UNSPECIFIED_ERROR);
  // On a chip a string is bytes.
  if (typeof payload !== "string" || "\u0100".charCodeAt(0) === 256) payload = toBytes(payload, world);
  const done: Done | undefined =
    callback &&
    function (reason) {
      tell(client, callback, "publish", reason);
    };
  const to = client.link.client;
  const reason =
    FIVE && options && options.properties
      ? publishWith(to, topic, payload, toIds(options.properties, world), qos, retain, done, policy)
      : publish(to, topic, payload, qos, retain, done, policy);
  if (reason !== SUCCESS && reason !== QUEUED) tell(client, callback, "publish", reason);
}

function doneOf(client: ModuleClient, callback: Callback, what: Bytes): Done {
  return function (reason) {
    tell(client, callback, what, reason);
  };
}

/** subscribe(filter | [filters] | {filter: options}, [options], [callback]) */
export function subscribeCall(client: ModuleClient, args: Arguments): void {
  const common = optionsOf<SubscribeOptions>(args, 1);
  const callback = callbackOf(args, 1);
  const what = args[0];
  const list: Subscription[] = [];
  if (typeof what === "string") list.push(subscription(what, common));
  else if (Array.isArray(what))
    for (let i = 0; i < what.length; i++) list.push(subscription(what[i], common));
  else {
    const filters = optionsOf<{ [filter: string]: SubscribeOptions }>(args, 0);
    for (const filter in filters) list.push(subscription(filter, filters[filter] || common));
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

/** What is to be done with the return codes of a SUBACK, one a filter. */
function grantedOf(client: ModuleClient, callback: Callback | undefined, list: Subscription[]): Done {
  return function (reason, codes) {
    const granted: Granted[] = [];
    for (let i = 0; i < list.length; i++) {
      const code = codes ? codes.charCodeAt(i) : reason;
      granted.push({ topic: list[i]!.filter, qos: code });
      if (code >= SUBSCRIPTION_FAILED && !reason) reason = code;
    }
    tell(client, callback, "subscribe", reason, granted);
  };
}

/** Whether MQTT 5 has something to say about these subscriptions. */
function hasOptions(list: Subscription[], common: SubscribeOptions): boolean {
  for (let i = 0; i < list.length; i++) if (list[i]!.qos > 2) return true;
  return !!common.properties;
}

function subscription(filter: unknown, options: SubscribeOptions): Subscription {
  must(typeof filter === "string", "filter: expected text");
  let qos = options.qos || 0;
  must(qos === 0 || qos === 1 || qos === 2, "bad QoS " + qos);
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
  const callback = callbackOf(args, 1);
  const filters = ([] as unknown[]).concat(args[0]) as Bytes[];
  for (let i = 0; i < filters.length; i++) must(typeof filters[i] === "string", "filter: expected text");
  if (isOver(client, callback, "unsubscribe")) return;
  const done = callback && doneOf(client, callback, "unsubscribe");
  const reason = unsubscribe(client.link.client, filters, done);
  if (reason !== SUCCESS && reason !== QUEUED) tell(client, callback, "unsubscribe", reason);
}

/** end([force], [options], [callback]) */
export function endCall(client: ModuleClient, args: Arguments): void {
  const callback = callbackOf(args, 0);
  const link = client.link;
  const over = client !== active || link.state === OFF;
  if (callback && over) world.later(callback);
  else if (callback) world.listen(client, "end", onceOf(client, callback));
  if (over || client.ending) return;
  client.ending = END_DEADLINE_S;
  if (args[0] === true || link.state !== UP) cut(client);
  else leaveWhenDone(client);
}

/** A listener that is called once. */
function onceOf(client: ModuleClient, callback: Callback): () => void {
  const only: { it?: () => void } = {};
  only.it = function () {
    world.unlisten(client, "end", only.it);
    only.it = undefined;
    callback();
  };
  return only.it;
}

/** reconnect() */
export function reconnectCall(client: ModuleClient): void {
  const link = client.link;
  must(client === active, "another client has the connection");
  if (link.state > DOWN) return;
  link.client.ended = 0;
  climb(link);
}

/** on(event | filter, listener) */
export function onCall(client: ModuleClient, name: Bytes, listener: unknown): void {
  must(typeof listener === "function", "a listener must be a function");
  if (isEvent(name)) {
    if (name.substr(0, 6) === "packet" && client.rest === undefined) watchPackets(client);
    world.listen(client, name, listener);
    return;
  }
  const router = client.router || newRouter<Packet>();
  on(router, name, listener as MessageHandler);
  if (!client.router) {
    // Costs something only once it is there.
    world.listen(client, "message", function (topic: Bytes, payload: Bytes, packet: Packet) {
      dispatch(router, topic, payload, packet);
    });
  }
  client.router = router;
}

function isEvent(name: Bytes): boolean {
  return EVENTS.split(" " + name + " ").length > 1;
}

/** removeListener(event | filter, listener) */
export function removeCall(client: ModuleClient, name: Bytes, listener: unknown): void {
  if (isEvent(name)) world.unlisten(client, name, listener);
  else if (client.router) off(client.router, name, listener as MessageHandler);
}
