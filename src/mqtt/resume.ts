// A connection is accepted: the session goes on (3.1.2.4, 4.4).

import { FIVE, restored5 } from "#five";
import { divide } from "./divide";
import { failEntry, tell } from "./outbox";
import { askOn, restore } from "./session";
import { SUCCESS } from "./spec";
import { ACCEPTED_NOW, type Client, type Pending, READY } from "./state";
import { beginTrial, giveUp } from "./suspect";
import { flush } from "./write";

/** Sends what the session holds, once CONNACK (3.2) is read. `deliver` calls it, from the bottom of the stack (engine 19). */
export function resume(client: Client): void {
  client.connack -= ACCEPTED_NOW;
  client.state = READY;
  const released = giveUp(client).concat(restore(client, client.connack - 1));
  // Requests that were not sent yet: now the server's limits are known.
  for (let at = 0; at < client.pending.length; at++) if (client.pending[at]!.list) divide(client, at);
  if (FIVE) restored5(client, released);
  beginTrial(client);
  // The outbox leaves before anything that the application's callbacks send.
  flush(client);
  for (let i = 0; i < released.length; i++) end(client, released[i]!);
}

/** Tells that an entry has left the outbox without an answer on this connection. */
export function end(client: Client, entry: Pending): void {
  const reason = entry.refused || SUCCESS;
  if (reason) failEntry(client, entry, reason);
  askOn(client, entry);
  tell(client, entry, reason, "");
}
