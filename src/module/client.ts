// The record of a client, the one that is active, and what the module needs from the board.
//
// Listeners and callbacks are called from the engine's own queue: later, in order, and on an empty stack (engine 22).

import type { Board, Bytes } from "../board";
import type { Profile } from "../link/profile";
import type { Link } from "../link/rungs";
import type { Calls } from "../mqtt/v5/calls";
import type { Router } from "../router";
import type { Memory } from "../text";
import type { MqttClient, MqttError, Packet, Renew } from "./mqtt-ws";

/**
 * The board, with what the module needs besides what every application needs: one record instead of two (engine 14).
 * @direct
 */
export interface ModuleWorld extends Board, Memory {
  profile: Profile;
  /** The engine's own listeners, which every object has. */
  hear(object: object, event: Bytes, listener: unknown): void;
  unhear(object: object, event: Bytes, listener: unknown): void;
  /** The engine's own promise; `begin` gets the callback that settles it. */
  promise(begin: (done: (error?: MqttError, more?: unknown) => void) => void): unknown;
  /** Queues a call, behind the events that wait already. */
  later(callback: (error?: MqttError, more?: unknown) => void, error?: MqttError, more?: unknown): void;
}

/** The engine's method of every object: queues a call of the listeners, with at most four arguments. */
export interface Emitter {
  emit(event: Bytes, ...args: unknown[]): void;
}

export interface ModuleClient extends MqttClient, Emitter {
  link: Link;
  /** Handlers by Topic Filter, from the first one on. */
  router?: Router<Packet>;
  /** Least seconds between two attempts, 0 = one attempt only. */
  periodS: number;
  // Fields that are mostly absent, to save memory (engine 13).
  /** Attempts to connect so far, where these have a deadline. */
  attempts?: number;
  /** Seconds that `end` still waits. */
  ending?: number;
  /** The option of this name. */
  renewal?: Renew;
  /** Requests that wait for their responses, from the first one on (MQTT 5). */
  calls?: Calls;
  /** Where packets are watched (packets.ts): bytes still to be sent of a packet. */
  rest?: number;
}

/** The client that has the connection, or had it last. */
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
