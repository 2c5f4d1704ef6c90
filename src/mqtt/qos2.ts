// QoS 2, exactly once (4.3.3): the packets that follow a PUBLISH, in both directions. Builds without this file have only
// QoS 0 and 1.

import type { Bytes } from "../board";
import { encodeAck } from "./encode";
import { identifier, waiting } from "./handlers";
import { MALFORMED_PACKET, PUBCOMP, PUBREL } from "./spec";
import type { Client } from "./state";
import { sendPacket } from "./write";

/** PUBREC (3.5): the server has our message, so release it. Release an unknown one too, so that the server forgets it. */
export function onPubrec(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const id = identifier(bytes, at, 2);
  if (!id) return MALFORMED_PACKET;
  const place = waiting(client, bytes, id);
  if (place >= 0) {
    const entry = client.pending[place]!;
    entry.kind = PUBCOMP;
    // The server has the message: only the identifier is still needed.
    client.outboxBytes -= entry.payload.length;
    entry.payload = "";
  }
  return sendPacket(client, encodeAck(PUBREL, id)); // [MQTT-4.3.3-1]
}

/** PUBREL (3.6): the server has released its message, so the identifier is free. */
export function onPubrel(client: Client, _flags: number, bytes: Bytes, at: number): number {
  const id = identifier(bytes, at, 2);
  if (!id) return MALFORMED_PACKET;
  if (client.held[id]) {
    delete client.held[id];
    client.heldCount--;
  }
  return sendPacket(client, encodeAck(PUBCOMP, id)); // [MQTT-4.3.3-2], for an unknown identifier too
}
