// What goes to the connection, in order, and never more of it than the connection can take: the rest of a large
// PUBLISH, answers, the outbox. Espruino's own queue has no bound and copies; `limits.maxUnsent` is its bound.

import { FIVE, head5, sent5 } from "#five";
import type { Bytes } from "../board";
import { encodeAck, publishHead, requestHead } from "./encode";
import { remove, tell } from "./outbox";
import { DUP, PUBCOMP, PUBREL, QUOTA_EXCEEDED, SUCCESS, WIRE_FLAGS } from "./spec";
import { type Client, FRAME_OVERHEAD, MAX_ANSWERS, type Pending, PIECE, READY } from "./state";

/**
 * Whether the connection takes so many bytes more; if not, {@link flush} is called when it may.
 * @resident module
 */
function takes(client: Client, length: number): boolean {
  const most = client.limits.maxUnsent - FRAME_OVERHEAD - length;
  // What is known may be old; asking also has us called.
  if (client.unsent > most) client.unsent = client.untransmitted(client.wire);
  return client.unsent <= most;
}

/**
 * Whether a packet of so many bytes can be handed over now.
 * @resident module
 */
export function hasRoom(client: Client, length: number): boolean {
  return (
    client.state === READY && !client.tail && length <= PIECE && takes(client, client.queue.length + length)
  );
}

/**
 * Hands over a small packet for which there is room; the keep alive time starts anew with it. While received packets
 * are handled it only waits: so all answers to a chunk leave in one frame, and the chip's small stack (about 15 calls of
 * ours on a C3) never has to bear the way down to the socket on top of the way up to the application.
 * @resident module
 */
export function hand(client: Client, bytes: Bytes): void {
  client.idle = 0;
  if (client.corked || client.queue) client.queue += bytes;
  else client.unsent = client.transmit(client.wire, bytes, bytes);
}

/**
 * Sends a small packet that no outbox holds: an answer, a PINGREQ.
 * @returns SUCCESS, or QUOTA_EXCEEDED when the server does not read what it makes us answer
 */
export function sendPacket(client: Client, bytes: Bytes): number {
  if (hasRoom(client, bytes.length)) hand(client, bytes);
  else {
    if (client.queue.length > MAX_ANSWERS) return QUOTA_EXCEEDED;
    client.queue += bytes;
    flush(client);
  }
  return SUCCESS;
}

/**
 * Hands over what waits, until all is handed over or the connection is full; then to be called when it has room.
 * @resident module
 */
export function flush(client: Client): void {
  while (client.state === READY) {
    while (next(client));
    if (client.corked) return;
    if (client.tail) {
      const piece = client.tail.substr(client.tailAt, PIECE);
      if (!put(client, piece)) return;
      client.tailAt += piece.length;
      if (client.tailAt >= client.tail.length) client.tail = "";
    } else if (client.queue) {
      if (!put(client, client.queue.substr(0, PIECE))) return;
      client.queue = client.queue.substr(PIECE);
    } else return;
  }
}

/** Writes some bytes. Returns false if there was no room; then {@link flush} is called when there is. */
function put(client: Client, piece: Bytes): boolean {
  if (!takes(client, piece.length)) return false;
  client.idle = 0;
  client.unsent = client.transmit(client.wire, piece, piece);
  return client.state === READY;
}

/**
 * Moves the next entry of the outbox on, in the order in which they came [MQTT-4.6.0-1], unless `maxInflight` wait
 * for their answers or something else must leave first. Returns whether it did.
 * @resident module
 */
function next(client: Client): boolean {
  const at = client.sent;
  const entry = client.outbox[at];
  // The callback of the entry before, called or waiting, may end the connection.
  if (!entry || client.state !== READY || at >= client.limits.maxInflight || client.tail || client.answers)
    return false;
  const released = entry.kind === PUBCOMP;
  let payload = released ? "" : entry.payload;
  let head = released ? encodeAck(PUBREL, client.ids[at]!) : headOf(client, entry, client.ids[at]!);
  const length = head.length + payload.length;
  if (head.length > PIECE) {
    // A topic that fills a piece is the rare case that is worth a copy.
    payload = head + payload;
    head = "";
  }
  const first = head + payload.substr(0, PIECE - head.length);
  if (client.queue && client.queue.length + length > PIECE) return false;
  if (length <= PIECE) {
    // Not before it can leave: until then a newer one may replace it, and its next attempt is the first.
    if (!takes(client, client.queue.length + length)) return false;
    client.queue += first;
  } else {
    if (client.corked || !put(client, first)) return false;
    client.tail = payload;
    client.tailAt = first.length - head.length;
  }
  client.sent++;
  if (FIVE) sent5(client);
  // From now on it is a second attempt [MQTT-3.3.1-1].
  if (entry.kind) entry.flags |= DUP;
  else tell(client, remove(client, at), SUCCESS, "");
  return true;
}

/** What goes in front of an entry's payload. */
export function headOf(client: Client, entry: Pending, id: number): Bytes {
  const head = FIVE && head5(client, entry, id);
  if (head) return head;
  const length = entry.payload.length;
  if (entry.list) return requestHead(entry.kind, length, id);
  return publishHead(entry.topic, length, entry.flags & WIRE_FLAGS, id);
}
