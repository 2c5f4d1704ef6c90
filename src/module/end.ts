// client.end and client.reconnect.

import { FIVE } from "#five";
import { climb, off, stop } from "../link/ladder";
import { DOWN, OFF, UP } from "../link/rungs";
import { must } from "../mqtt/bytes";
import { closed } from "../mqtt/client";
import { finish } from "../mqtt/outbox";
import { disconnectWith } from "../mqtt/v5/disconnect-with";
import type { Properties } from "../mqtt/v5/properties";
import { type Arguments, type Callback, callbackOf, checkNames, optionsOf } from "./arguments";
import { active, type ModuleClient, world } from "./client";
import type { EndOptions } from "./mqtt-ws";
import { toIds } from "./properties";

/** Most seconds that `end` waits for acknowledgements. */
const END_DEADLINE_S = 10;

/** end([force], [options], [callback]) */
export function endCall(client: ModuleClient, args: Arguments): void {
  const callback = callbackOf(args, 0);
  const options = optionsOf<EndOptions>(args, 1);
  checkNames(optionsOf(args, 0), "");
  checkNames(options, FIVE ? " reasonCode properties " : "");
  const link = client.link;
  const over = client !== active || link.state === OFF;
  if (callback && over) world.later(callback);
  else if (callback) world.hear(client, "end", onceOf(client, callback));
  if (over || client.ending) return;
  // Throws on what a DISCONNECT must not have, before anything has ended.
  if (FIVE && (options.reasonCode !== undefined || options.properties))
    disconnectWith(
      link.client,
      options.reasonCode || 0,
      toIds(options.properties || {}, world) as Properties,
    );
  client.ending = END_DEADLINE_S;
  if (args[0] === true || link.state !== UP) cut(client);
  else leaveWhenDone(client);
}

/** A listener that is called once. */
function onceOf(client: ModuleClient, callback: Callback): () => void {
  const only: { it?: () => void } = {};
  only.it = function () {
    world.unhear(client, "end", only.it);
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

/** Ends the connection without DISCONNECT. */
function cut(client: ModuleClient): void {
  const link = client.link;
  closed(link.client);
  finish(link.client);
  off(link);
}

/** Disconnects once all messages are acknowledged. */
function leaveWhenDone(client: ModuleClient): void {
  const link = client.link;
  const last = link.client.pending[link.client.pending.length - 1];
  if (!client.ending || link.state !== UP) return;
  if (!last) return stop(link);
  const done = last.done;
  last.done = function (reason, granted) {
    if (done) done(reason, granted);
    leaveWhenDone(client);
  };
}
