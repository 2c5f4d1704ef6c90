// The methods of a client that few programs use. Each takes 6 JsVars, so only a client that asks for them has them: one of
// `connectAsync`, or with the option `extras`.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import type { Arguments } from "./arguments";
import { type ModuleClient, world } from "./client";
import { endCall } from "./end";
import { onCall, removeCall } from "./events";
import type { ConnectOptions, Extras } from "./mqtt-ws";
import { publishCall } from "./publish";
import { reauthenticateCall } from "./reauthenticate";
import { requestCall, respondCall } from "./requests";
import { subscribeCall, unsubscribeCall } from "./subscribe";

// biome-ignore-start lint/complexity/noArguments: the calls take what MQTT.js takes
/** Adds them. */
export function addExtras(bare: ModuleClient, options: ConnectOptions): void {
  const client = bare as ModuleClient & Extras;
  client.options = options;
  client.once = function (name: Bytes, listener: unknown) {
    onceCall(client, name, listener);
    return client;
  };
  client.getLastMessageId = function () {
    return client.link.client.lastId;
  };
  client.publishAsync = function () {
    return promised(client, 1, arguments);
  };
  client.subscribeAsync = function () {
    return promised(client, 2, arguments);
  };
  client.unsubscribeAsync = function () {
    return promised(client, 3, arguments);
  };
  client.endAsync = function () {
    return promised(client, 4, arguments);
  };
  if (FIVE) addExtras5(client);
}

function addExtras5(client: ModuleClient & Extras): void {
  client.request = function () {
    return requestCall(client, arguments);
  };
  client.respond = function () {
    respondCall(client, arguments);
    return client;
  };
  client.reauthenticate = function () {
    reauthenticateCall(client);
    return client;
  };
}
// biome-ignore-end lint/complexity/noArguments: the calls take what MQTT.js takes

/** A call with a promise in place of its callback. A mistake in its arguments rejects it. */
function promised(client: ModuleClient, call: number, args: Arguments): never {
  return world.promise(function (done) {
    // The callback comes last: behind topic and payload, and behind what else there may be.
    const list: unknown[] = [args[0], args[1]];
    list.push(call === 1 ? args[2] : done);
    if (call === 1) list.push(done);
    if (call === 1) publishCall(client, list);
    else if (call === 2) subscribeCall(client, list);
    else if (call === 3) unsubscribeCall(client, list);
    else endCall(client, list);
  }) as never;
}

/** once(event | filter, listener) */
function onceCall(client: ModuleClient, name: Bytes, listener: unknown): void {
  const only: { it?: unknown } = {};
  only.it =
    typeof listener === "function" &&
    function (this: unknown, a: unknown, b: unknown, c: unknown) {
      removeCall(client, name, only.it);
      (listener as (a: unknown, b: unknown, c: unknown) => void).call(client, a, b, c);
    };
  onCall(client, name, only.it);
}
