// The outbox before it leaves on a connection of MQTT 5: nothing that this server has said it does not take.

import { remove } from "../outbox";
import type { Client, Pending } from "../state";
import { refuse5 } from "./outgoing";

/** Takes out of the outbox what this server would not take, and puts it to what is done with. */
export function restored5(client: Client, done: Pending[]): void {
  if (client.adapt) client.adapt(client);
  for (let i = 0; i < client.pending.length; i++) {
    const refused = refuse5(client, client.pending[i]!);
    if (!refused) continue;
    client.pending[i]!.refused = refused;
    done.push(remove(client, i--));
  }
}
