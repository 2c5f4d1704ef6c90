// connect(url, options): a new client. There is one at a time, because a board has one connection (src/board.ts).

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { fall } from "../link/ladder";
import { start } from "../link/link";
import { LOGIN, OFF, RENEWING } from "../link/rungs";
import type { Log } from "../log";
import { must } from "../mqtt/bytes";
import { finish } from "../mqtt/outbox";
import { NO_CONNACK } from "../mqtt/spec";
import { withAuth } from "../mqtt/v5/auth";
import { activate, active, type ModuleClient, world } from "./client";
import { addExtras } from "./extras";
import { app } from "./lifecycle";
import type { ConnectOptions, MqttClient, MqttError } from "./mqtt-ws";
import { readOptions } from "./options";

/** See mqtt-ws.d.ts. `face` has the client's methods. */
export function newClient(face: object, address: Bytes, options?: ConnectOptions): MqttClient {
  const board = world;
  must(
    !active || active.link.state === OFF,
    "one connection at a time: call end() of the other client first",
  );
  const ready = readOptions(address, options, world.profile, board.serial(), world);
  const log: Log = { level: ready.log, print: board.print, uptime: board.uptime };
  // Calls the callbacks of messages that an earlier client has left.
  if (active) finish(active.link.client);
  const client = Object.create(face) as ModuleClient;
  client.connected = client.reconnecting = false;
  if (ready.renew) client.renewal = ready.renew;
  client.periodS = ready.periodS;
  activate(client);
  board.seed();
  client.link = start(board, log, ready.settings, app, world.profile);
  if (ready.timeoutS) hurry(client, ready.timeoutS);
  if (FIVE && ready.auth) client.link.client.handlers = withAuth(world.profile.handlers, ready.auth);
  if (ready.extras) addExtras(client, ready.extras);
  return client;
}

/** connectAsync(url, [options]): the client with its extras, once it is connected. Rejects with the first error. */
export function newClientAsync(face: object, address: Bytes, given?: ConnectOptions): unknown {
  return world.promise(function (done) {
    const options: ConnectOptions = {};
    for (const name in given) (options as Named)[name] = (given as Named)[name];
    options.extras = true;
    const client = newClient(face, address, options) as ModuleClient;
    const over = function (error?: MqttError) {
      world.unhear(client, "connect", connected);
      world.unhear(client, "error", failed);
      if (error) client.end(true);
      done(error, client);
    };
    const connected = function () {
      over();
    };
    const failed = function (error: MqttError) {
      over(error);
    };
    world.hear(client, "connect", connected);
    world.hear(client, "error", failed);
  });
}

type Named = { [name: string]: unknown };

/** Ends an attempt that takes too long. The deadlines of the ladder hold as well. */
function hurry(client: ModuleClient, timeoutS: number): void {
  const link = client.link;
  const second = link.onSecond;
  let attempt = 0;
  let left = 0;
  client.attempts = 0;
  link.onSecond = function (owner) {
    second(owner);
    if (link.state < RENEWING || link.state > LOGIN) return;
    if (attempt !== client.attempts) left = timeoutS;
    attempt = client.attempts!;
    if (!--left) fall(link, "no CONNACK in " + timeoutS + " s", NO_CONNACK);
  };
}
