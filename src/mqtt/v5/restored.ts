// The outbox on a new connection of MQTT 5: entries that this server would refuse are removed before they are sent.

import { remove } from "../outbox";
import type { Client, Pending } from "../state";
import { refuse5 } from "./outgoing";

/** Moves the entries that this server would refuse from the outbox to `done`, each with its Reason Code. */
export function restored5(client: Client, done: Pending[]): void {
  if (client.adapt) client.adapt(client);
  for (let i = 0; i < client.pending.length; i++) {
    const refused = refuse5(client, client.pending[i]!);
    if (!refused) continue;
    client.pending[i]!.refused = refused;
    done.push(remove(client, i--));
  }
}
