// The core's reading and delivering, as the link does both.
import { type Client, deliver, receive } from "#subject";

/** Takes bytes, delivers what they bring. Returns SUCCESS, or the Reason Code to end the connection with. */
export function receiveAll(client: Client, bytes: string): number {
  const reason = receive(client, bytes);
  return reason < 0 ? deliver(client) : reason;
}
