// Where MQTT 5 is put into the conversation. A build without it never calls `use`: the bundler sees that `hooks` stays
// undefined and leaves every use of it out, so 3.1.1 pays nothing. Types and one variable.

import type { Bytes, Target } from "../board";
import type { ConnectOptions, Will } from "./encode";
import type { Client, Pending } from "./state";

export interface Hooks {
  /** A new connection: decides its version. Returns what encodes CONNECT. */
  connect(
    client: Client,
    options: ConnectOptions,
  ): (options: ConnectOptions, will?: (will: Will) => Bytes) => Bytes;
  /** What goes in front of an entry's payload; "" for a connection that speaks 3.1.1. Changes nothing. */
  head(client: Client, entry: Pending, id: number): Bytes;
  /** What {@link head} returned last was sent. */
  sent(client: Client): void;
  /** Why the server would not take an entry: a Reason Code, or SUCCESS. */
  refuse(client: Client, entry: Pending): number;
  /**
   * The link falls for this reason: says DISCONNECT where the WebSocket is still open. Returns the reason that decides
   * the class of the failure.
   */
  fall(client: Client, reason: number, open: boolean): number;
  /** Adds to the rules for `mqtt` in config.json. */
  rules(mqtt: { [key: string]: unknown }): void;
  /** Where to connect: there, or where the last server has sent us. */
  target(client: Client, target: Target): Target;
}

export let hooks: Hooks | undefined;

/** To be called once, when the program starts. */
export function use(more: Hooks): void {
  hooks = more;
}
