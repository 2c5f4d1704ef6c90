// The life of a connection as events, in MQTT.js' words and order.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { stop } from "../link/ladder";
import { type App, type Link, OFF } from "../link/rungs";
import { finish } from "../mqtt/outbox";
import { DUP, RETAIN, UNSPECIFIED_ERROR } from "../mqtt/spec";
import { responded, secondOfCalls } from "../mqtt/v5/calls";
import { active, errorOf, type ModuleClient } from "./client";
import type { Packet } from "./mqtt-ws";
import { toNames } from "./properties";
import { renewUrl } from "./renew";

/** Passes what happens to the link on to the active client. */
export const app: App = {
  renew(_link, next) {
    const client = active!;
    if (client.attempts !== undefined) client.attempts++;
    if (client.reconnecting) client.emit("reconnect");
    if (client.renewal) renewUrl(client, next);
    else next();
  },
  up(link, present) {
    const client = active!;
    const packet: { [name: string]: unknown } = { cmd: "connack", sessionPresent: !!present };
    if (FIVE && link.client.five) packet["properties"] = toNames(link.client.five.server);
    client.connected = true;
    client.reconnecting = false;
    client.emit("connect", packet);
  },
  received(_link, topic, payload, flags, properties) {
    const client = active!;
    const packet: Packet = {
      cmd: "publish",
      topic,
      payload,
      qos: ((flags >> 1) & 3) as Packet["qos"],
      retain: !!(flags & RETAIN),
      dup: !!(flags & DUP),
    };
    if (FIVE && client.calls && responded(client.calls, topic, payload, properties)) return;
    if (FIVE && properties) packet.properties = toNames(properties);
    if (client.rest !== undefined) client.emit("packetreceive", packet);
    client.emit("message", topic, payload, packet);
  },
  drained() {
    active!.emit("drain");
  },
  failed(_link, what, reason) {
    active!.emit("error", errorOf(what, reason));
  },
  everySecond(link) {
    const client = active!;
    if (FIVE && client.calls) secondOfCalls(client.calls);
    if (client.ending && !--client.ending) stop(link);
  },
  down(link, reason) {
    lost(active!, link, link.why, reason);
  },
};

/** The connection is lost, or an attempt has failed. `reason` 0: the client has ended it, for good. */
function lost(client: ModuleClient, link: Link, why: Bytes, reason: number): void {
  const over = !reason || client.ending;
  // A connection that ends is not an error. A connection attempt that fails is.
  if (reason && (!client.connected || reason !== UNSPECIFIED_ERROR))
    client.emit("error", errorOf(why, reason));
  client.connected = false;
  if (client.rest) client.rest = 0;
  // A second fault of the engine within ten minutes would restart the board, which is up to the program.
  delete link.lastFaultMs;
  // The order is that of MQTT.js.
  if (!over && client.periodS && !client.reconnecting) client.emit("offline");
  client.emit("close");
  if (over) {
    client.ending = undefined;
    client.reconnecting = false;
    finish(link.client);
    client.emit("end");
  }
  if (!reason) return;
  if (over || !client.periodS) {
    link.state = OFF;
    link.board.tick();
  } else {
    if (link.secondsLeft < client.periodS) link.secondsLeft = client.periodS;
    client.reconnecting = true;
  }
}
