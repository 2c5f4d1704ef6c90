// The outbox and the limits of a server of MQTT 5: entries that it would refuse are removed before they are sent.

import { remove } from "../outbox";
import type { Client, Pending } from "../state";
import { refuse5 } from "./outgoing";

/** A new connection was accepted: adapts the outbox to it, and moves what this server would refuse to `done`. */
export function restored5(client: Client, done: Pending[]): void {
  if (client.adapt) client.adapt(client);
  refuseAll5(client, done);
}

/** Moves the entries that this server would refuse, and that were not sent, to `done`, each with its Reason Code. */
export function refuseAll5(client: Client, done: Pending[]): void {
  for (let i = client.sent; i < client.pending.length; i++) {
    const refused = refuse5(client, client.pending[i]!);
    if (!refused) continue;
    client.pending[i]!.refused = refused;
    done.push(remove(client, i--));
  }
}
