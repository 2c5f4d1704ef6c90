// The record of a client, the one that is active, and what the module needs from the board.
//
// Listeners and callbacks are called from the engine's own queue: later, in order, and on an empty stack (engine 22).

import type { Board, Bytes } from "../board";
import type { Link } from "../link/rungs";
import type { Profile } from "../profile/profile";
import type { Router } from "../router";
import type { Memory } from "../text";
import type { MqttClient, MqttError, Packet } from "./mqtt-ws";

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

/** To be called when a client takes the connection. */
export function activate(client: ModuleClient): void {
  active = client;
}

export function errorOf(why: Bytes, reason: number): MqttError {
  const error = new Error(why) as MqttError;
  error.code = reason;
  return error;
}
