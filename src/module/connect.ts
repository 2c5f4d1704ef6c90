// connect(url, options): a new client. There is one at a time, because a board has one connection (src/board.ts).

import type { Bytes } from "../board";
import { fall } from "../link/ladder";
import { start } from "../link/link";
import { LOGIN, OFF, RENEWING } from "../link/rungs";
import type { Log } from "../log";
import { must } from "../mqtt/bytes";
import { finish } from "../mqtt/outbox";
import { NO_CONNACK } from "../mqtt/spec";
import { activate, active, type ModuleClient, world } from "./client";
import { app } from "./lifecycle";
import type { ConnectOptions, MqttClient } from "./mqtt-ws";
import { readOptions } from "./options";

/** See mqtt-ws.d.ts. `face` has the client's methods. */
export function newClient(face: object, address: Bytes, options?: ConnectOptions): MqttClient {
  const board = world.board;
  must(
    !active || active.link.state === OFF,
    "one connection at a time: call end() of the other client first",
  );
  const ready = readOptions(address, options, world.profile, board.serial(), world);
  const log: Log = { level: ready.log, print: board.print, uptime: board.uptime };
  // Calls the callbacks of messages that an earlier client has left.
  if (active) finish(active.link.client);
  const client = Object.create(face) as ModuleClient;
  client.connected = false;
  client.periodS = ready.periodS;
  activate(client);
  board.seed();
  client.link = start(board, log, ready.settings, app, world.profile);
  if (ready.timeoutS) hurry(client, ready.timeoutS);
  return client;
}

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
