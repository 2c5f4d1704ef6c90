// Where MQTT 5 is put into the conversation. A build without it never calls `use`: the bundler sees that `hooks` stays
// undefined and leaves every use of it out, so 3.1.1 pays nothing. Each name is one function in the whole program: so the
// bundler calls it directly, and the table costs a board nothing (build/direct.ts). Types and one variable.

import type { Bytes, Target } from "../board";
import type { Will } from "./encode";
import type { Client, Pending } from "./state";
import type { Options5, WillOptions } from "./v5/state";

/** @direct */
export interface Hooks {
  /** A new connection: decides its version. */
  begin5(client: Client, options: Options5): void;
  /** Properties of the CONNECT, "" for 3.1.1; `shown` is 1 for those that a log may show. */
  opening5(client: Client, shown: number): Bytes;
  /** Properties of its will. */
  will5(will: Will & WillOptions): Bytes;
  /** The outbox has been made ready for a connection: what it cannot take is taken out, and put to what is done with. */
  restored5(client: Client, done: Pending[]): void;
  /** What goes in front of an entry's payload; "" for a connection that speaks 3.1.1. Changes nothing. */
  head5(client: Client, entry: Pending, id: number): Bytes;
  /** What {@link head5} returned last was sent. */
  sent5(client: Client): void;
  /** Why the server would not take an entry: a Reason Code, or SUCCESS. */
  refuse5(client: Client, entry: Pending): number;
  /**
   * The link falls for this reason: says DISCONNECT where the WebSocket is still open. Returns the reason that decides
   * the class of the failure.
   */
  fall5(client: Client, reason: number, open: boolean): number;
  /** The reason of 3.1.1 after which one waits as long as after this one. */
  class5(reason: number): number;
  /** A Reason Code in words, "" if it is none that 5 adds. */
  words5(reason: number): Bytes;
  /** Adds to the rules for `mqtt` in config.json. */
  rules5(mqtt: { [key: string]: unknown }): void;
  /** Where to connect: there, or where the last server has sent us. */
  target5(client: Client, target: Target): Target;
}

/**
 * What comes with properties of messages and subscriptions that an application gives (v5/publish-with.ts).
 * @direct
 */
export interface Extras {
  /** Properties of an entry as they are to be sent now. */
  moreOf5(entry: Pending): Bytes;
  /** Takes its properties from the payload of a message that was in flash. */
  thawed5(entry: Pending): void;
  /** One second has passed, with or without a connection: messages expire. */
  second5(client: Client): void;
}

/**
 * Whether messages of 3.1.1 have short ways of their own, past what the rest does. A bundle with MQTT 5 does without: there
 * they are the exception, and cost 700 bytes (build/five.ts).
 */
export let quick = 1;
export let hooks: Hooks | undefined;
export let extras: Extras | undefined;

/** To be called once, when the program starts. */
export function use(more: Hooks): void {
  hooks = more;
  quick = 0;
}

/** Has every message pass by its handler: for who looks at packets. */
export function longWays(): void {
  quick = 0;
}

/** Has the short ways all the same, to be called behind {@link use}: for who speaks 3.1.1 mostly, and for tests of both. */
export function shortWays(): void {
  quick = 1;
}

/** The same, where an application imports it. */
export function useExtras(more: Extras): void {
  extras = more;
}
