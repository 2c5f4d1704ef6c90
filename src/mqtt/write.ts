// Sends packets in order, as fast as the connection takes them: the rest of a large PUBLISH, then answers, then the outbox. A
// large packet is one message of the WebSocket, in frames (RFC 6455 5.4); no other packet goes between them.
// `limits.maxUnsent` bounds the engine's own queue (engine 37).

import { FIVE, head5, sent5 } from "#five";
import type { Bytes } from "../board";
import { encodeAck, publishHead, requestHead } from "./encode";
import { remove, tell } from "./outbox";
import { DUP, PUBCOMP, PUBREL, QUOTA_EXCEEDED, SUCCESS, WIRE_FLAGS } from "./spec";
import {
  BEGINNING,
  type Client,
  ENDING,
  FRAME_OVERHEAD,
  LATE_S,
  MAX_ANSWERS,
  MIDDLE,
  type Pending,
  PIECE,
  PINGRESP_DEADLINE_S,
  READY,
  WHOLE,
} from "./state";

/**
 * Whether the connection has room for `length` more bytes. If not, {@link flush} is called when it may have room.
 */
function takes(client: Client, length: number): boolean {
  const most = client.limits.maxUnsent - FRAME_OVERHEAD - length;
  // The known number may be old. Asking for the current one also requests the later call of `flush`.
  if (client.unsent > most) client.unsent = client.untransmitted(client.wire);
  return client.unsent <= most;
}

/**
 * Whether a packet of `length` bytes can be sent now.
 */
export function hasRoom(client: Client, length: number): boolean {
  return (
    client.state === READY && !client.tail && length <= PIECE && takes(client, client.queue.length + length)
  );
}

/**
 * Sends a small packet for which there is room, and restarts the keep alive time. While received packets are handled the
 * packet waits in the queue: so all answers to a chunk leave in one frame, and sending does not add to the stack of receiving
 * (engine 19).
 */
export function hand(client: Client, bytes: Bytes): void {
  client.idle = 0;
  if (client.corked || client.queue) client.queue += bytes;
  else client.unsent = client.transmit(client.wire, bytes, bytes, WHOLE);
}

/**
 * Sends a small packet that is not in the outbox: an answer, a PINGREQ.
 * @returns SUCCESS, or QUOTA_EXCEEDED if answers pile up because the server does not read
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
 * Sends waiting packets until all are sent or the connection is full. Then call it again when the connection has room.
 */
export function flush(client: Client): void {
  while (client.state === READY) {
    while (next(client));
    if (client.corked) return;
    if (client.queue.length > PIECE && !client.tail) {
      // Answers that pile up leave in pieces, too.
      client.tail = client.queue;
      client.tailAt = 0;
      client.queue = "";
    }
    if (client.tail) {
      const piece = client.tail.substr(client.tailAt!, PIECE);
      const more = client.tailAt! + piece.length < client.tail.length;
      if (!put(client, piece, more ? (client.tailAt ? MIDDLE : BEGINNING) : ENDING)) return;
      client.tailAt! += piece.length;
      // A large packet that is still leaving is not late.
      if (client.waited > 0) client.waited = 0;
      if (!more) client.tail = "";
    } else if (client.queue) {
      if (!put(client, client.queue)) return;
      client.queue = "";
      if (FIVE) client.secret = undefined;
    } else return;
  }
}

/** Writes some bytes, see `transmit`. Returns false if the connection has no room; {@link flush} is called when it has. */
function put(client: Client, piece: Bytes, part = WHOLE): boolean {
  if (!takes(client, piece.length)) return false;
  client.idle = 0;
  // A PINGREQ waits behind these bytes, or is among them: its deadline runs from now.
  if (client.grace > 1) {
    client.secondsLeft = PINGRESP_DEADLINE_S;
    if (!client.tail) client.grace = 1;
  }
  const shown = FIVE && client.secret ? piece.replace(/[^*]/g, "*") : piece;
  client.unsent = client.transmit(client.wire, piece, shown, part);
  return client.state === READY;
}

/**
 * Sends the next entry of the outbox, in order [MQTT-4.6.0-1], unless `sendQuota` entries wait for their answers or
 * something else must leave first. Returns whether it did.
 */
function next(client: Client): boolean {
  let at = client.sent;
  if (at >= (client.alone ? (client.waited < 0 ? 0 : 1) : client.sendQuota)) {
    // The answers are late: messages at QoS 0, which need none, pass. Their identifier is 0.
    at = client.waited < LATE_S ? -1 : client.ids.indexOf(0);
  }
  const entry = client.pending[at];
  // The callback of the previous entry may have ended the connection. `answers`: callbacks that still wait come first.
  if (!entry || client.state !== READY || client.tail || client.answers) return false;
  const released = entry.kind === PUBCOMP;
  let payload = released ? "" : entry.payload;
  const id = client.ids[at]!;
  let head = "";
  if (released) head = encodeAck(PUBREL, id);
  else if (FIVE && client.five) head = head5(client, entry, id);
  else head = headOf(entry, id);
  const length = head.length + payload.length;
  if (head.length > PIECE) {
    // A topic longer than a piece is rare: copying it is simpler.
    payload = head + payload;
    head = "";
  }
  const first = head + payload.substr(0, PIECE - head.length);
  if (client.queue && client.queue.length + length > PIECE) return false;
  if (length <= PIECE) {
    // Wait until the connection has room: until then a newer message may replace this one.
    if (!takes(client, client.queue.length + length)) return false;
    client.queue += first;
  } else {
    if (client.corked || !put(client, first, BEGINNING)) return false;
    client.tail = payload;
    client.tailAt = first.length - head.length;
  }
  if (FIVE) sent5(client);
  if (entry.kind) {
    client.sent++;
    // Set DUP now, for the case that it is sent again [MQTT-3.3.1-1].
    entry.flags |= DUP;
  } else tell(client, remove(client, at), SUCCESS, "");
  return true;
}

/** The bytes in front of an entry's payload, in 3.1.1. */
export function headOf(entry: Pending, id: number): Bytes {
  const length = entry.payload.length;
  if (entry.list) return requestHead(entry.kind, length, id);
  return publishHead(entry.topic, length, entry.flags & WIRE_FLAGS, id);
}
