// The client that people hold: one connection's life as events, in MQTT.js' words. Knows the link; what is published and
// subscribed to is in calls.ts. There is one client at a time, because a board has one connection (src/board.ts).
//
// Listeners and callbacks are called by the engine's own queue: later, in order, and on an empty stack.

import { FIVE } from "#five";
import type { Board, Bytes } from "../board";
import { fall, off, stop } from "../link/ladder";
import { start } from "../link/link";
import { type App, type Link, LOGIN, OFF, RENEWING, UP } from "../link/rungs";
import type { Log } from "../log";
import { must } from "../mqtt/bytes";
import { closed } from "../mqtt/client";
import { finish } from "../mqtt/outbox";
import { DUP, NO_CONNACK, RETAIN, UNSPECIFIED_ERROR } from "../mqtt/spec";
import type { Profile } from "../profile/profile";
import type { Router } from "../router";
import type { Memory } from "../text";
import type { ConnectOptions, MqttClient, MqttError, Packet } from "./mqtt-ws";
import { readOptions } from "./options";
import { toNames } from "./properties";

/** Most seconds that `end` waits for what was not acknowledged. */
export const END_DEADLINE_S = 10;

/**
 * What the module has of the board besides what every application has.
 * @direct
 */
export interface ModuleWorld extends Memory {
  board: Board;
  profile: Profile;
  /** The engine's own listeners, which every object has. */
  listen(object: object, event: Bytes, listener: unknown): void;
  unlisten(object: object, event: Bytes, listener: unknown): void;
  /** Has a function called by the queue that events wait in: behind what came before it, and on an empty stack. */
  later(callback: (error?: MqttError, more?: unknown) => void, error?: MqttError, more?: unknown): void;
}

/** What the engine adds to every object: queues a call of the listeners, at most four arguments. */
export interface Emitter {
  emit(event: Bytes, ...args: unknown[]): void;
}

export interface ModuleClient extends MqttClient, Emitter {
  link: Link;
  /** Handlers by Topic Filter, from the first one on. */
  router?: Router<Packet>;
  /** Seconds between two attempts at least; 0: there is no other. */
  periodS: number;
  // What few have, or few at a time: where it is not there, it takes no memory.
  /** The attempts to connect, where they have a deadline. */
  attempts?: number;
  /** 1 from the loss of a connection, or a failed attempt, to the next connection. */
  again?: number;
  /** Seconds that `end` goes on waiting. */
  ending?: number;
  /** Bytes that are still to come of a packet that was begun, where packets are watched (packets.ts). */
  rest?: number;
}

/** The client that is, or was, connected. */
export let active: ModuleClient | undefined;
export let world: ModuleWorld;

/** To be called once, when the module is loaded. */
export function install(to: ModuleWorld): void {
  world = to;
}

/** What the ladder tells, told to the client that is active. */
const app: App = {
  name: "",
  renew(_link, next) {
    const client = active!;
    if (client.attempts !== undefined) client.attempts++;
    if (client.again) client.emit("reconnect");
    next();
  },
  up(link, present) {
    const client = active!;
    const packet: { [name: string]: unknown } = { cmd: "connack", sessionPresent: !!present };
    if (FIVE && link.client.five) packet["properties"] = toNames(link.client.five.server);
    client.connected = true;
    client.again = undefined;
    client.emit("connect", packet);
  },
  /** @resident module */
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
    if (FIVE && properties) packet.properties = toNames(properties);
    if (client.rest !== undefined) client.emit("packetreceive", packet);
    client.emit("message", topic, payload, packet);
  },
  everySecond(link) {
    const client = active!;
    if (client.ending && !--client.ending) stop(link);
  },
  down(link, reason) {
    lost(active!, link, link.why, reason);
  },
};

/** The connection is gone, or an attempt has failed; `reason` 0: it was ended by us, for good. */
function lost(client: ModuleClient, link: Link, why: Bytes, reason: number): void {
  const over = !reason || client.ending;
  // One that simply ended is no error; one that did not come about is.
  if (reason && (!client.connected || reason !== UNSPECIFIED_ERROR))
    client.emit("error", errorOf(why, reason));
  client.connected = false;
  if (client.rest) client.rest = 0;
  // The engine's second fault in ten minutes would restart a board that is not ours.
  link.lastFaultMs = 0;
  // In MQTT.js' order.
  if (!over && client.periodS && !client.again) client.emit("offline");
  client.emit("close");
  if (over) {
    client.ending = undefined;
    finish(link.client);
    client.emit("end");
  }
  if (!reason) return;
  if (over || !client.periodS) {
    link.state = OFF;
    link.board.tick();
  } else {
    if (link.secondsLeft < client.periodS) link.secondsLeft = client.periodS;
    client.again = 1;
  }
}

/** Ends it without a word to the server. */
export function cut(client: ModuleClient): void {
  const link = client.link;
  closed(link.client);
  finish(link.client);
  off(link);
}

/** Ends it in order, once all is acknowledged. */
export function leaveWhenDone(client: ModuleClient): void {
  const link = client.link;
  const last = link.client.outbox[link.client.outbox.length - 1];
  if (!client.ending || link.state !== UP) return;
  if (!last) return stop(link);
  const done = last.done;
  last.done = function (reason, granted) {
    if (done) done(reason, granted);
    leaveWhenDone(client);
  };
}

export function errorOf(why: Bytes, reason: number): MqttError {
  const error = new Error(why) as MqttError;
  error.code = reason;
  return error;
}

/** See mqtt-ws.d.ts. `face` has the client's methods. */
export function newClient(face: object, address: Bytes, options?: ConnectOptions): MqttClient {
  const board = world.board;
  must(!active || active.link.state === OFF, "one connection at a time: end() the other one first");
  const ready = readOptions(address, options, world.profile, board.serial(), world);
  const log: Log = { level: ready.log, print: board.print, uptime: board.uptime };
  // What an earlier client could not say any more.
  if (active) finish(active.link.client);
  const client = Object.create(face) as ModuleClient;
  client.connected = false;
  client.periodS = ready.periodS;
  active = client;
  board.seed();
  client.link = start(board, { log, config: ready.config, url: ready.url }, app, world.profile);
  if (ready.timeoutS) hurry(client, ready.timeoutS);
  return client;
}

/** Ends an attempt that takes too long; the ladder's own deadlines hold besides. */
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
