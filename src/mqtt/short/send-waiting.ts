// The short way from the outbox to the connection. It keeps the rules of ../write.ts.

import { FIVE, name5 } from "#five";
import { ERROR, say } from "../../log";
import { chars } from "../bytes";
import { DUP, PUBREC, SUCCESS, WIRE_FLAGS } from "../spec";
import { type Client, DELIVERIES, FRAME_OVERHEAD, LATE_S, PIECE, READY, WHOLE } from "../state";

/** Most bytes of a small PUBLISH in front of its topic length, and of MQTT 5's Topic Alias with its length: 3 and 4. */
export const HEAD = FIVE ? 7 : 3;

/**
 * Sends what waits, as `flush` (../write.ts) does: answers in `queue`, and small messages of the outbox behind them, up to a piece
 * in a frame.
 * @returns SUCCESS, or DELIVERIES if something is left that only `flush` can send
 * @resident
 */
export function sendWaiting(client: Client): number {
  const most = client.unsentLimit - FRAME_OVERHEAD;
  let queued = client.queue ? client.queue.length : 0;
  let result = SUCCESS;
  if (client.state !== READY) return SUCCESS;
  if (client.corked || client.tail || client.alone || client.answers || client.grace > 1) return DELIVERIES;
  if (queued > PIECE || (FIVE && client.secret)) return DELIVERIES;
  for (;;) {
    const at = client.sent;
    const entry = client.pending[at]!;
    const five = FIVE ? client.five : undefined;
    let size = 0;
    // Bytes that the next packet takes at most; 0 if there is none that can leave now.
    let length = 0;
    if (entry) {
      const topic = entry.topic;
      size = topic.length;
      length = size + entry.payload.length + (entry.kind ? 4 : 2) + HEAD;
      // Beyond PUBREC are messages that the server has, and requests with filters.
      if (
        at >= client.sendQuota ||
        entry.kind > PUBREC ||
        length > PIECE ||
        (FIVE && (entry.more || (five && topic !== client.lastTopicOut && !name5(client, topic))))
      ) {
        length = 0;
        // A full window is usual, until the answers are late.
        if (at < client.sendQuota || client.waited >= LATE_S) result = DELIVERIES;
      } else if (client.unsent + queued + length > most) {
        // The known number may be old. Asking for the current one also requests the later call of `sendWaiting`.
        client.unsent = client.untransmitted(client.wire);
        if (client.unsent + queued + length > most) length = 0;
      }
    }
    if (queued && (!length || queued + length > PIECE)) {
      if (client.unsent + queued > most) {
        client.unsent = client.untransmitted(client.wire);
        if (client.unsent + queued > most) return result;
      }
      const frame = client.queue;
      client.idle = queued = 0;
      client.queue = "";
      client.unsent = client.transmit(client.wire, frame, frame, WHOLE);
      // Writing may have ended the connection.
      if (client.state !== READY) return result;
      // The packet goes into a frame of its own.
      if (length && client.unsent + length > most) continue;
    }
    if (!length) return result;
    const id = client.ids[at]!;
    const first = 0x30 | (entry.flags & WIRE_FLAGS);
    const name = five ? five.written : FIVE ? entry.topic : "";
    const behind = five ? five.behind : "";
    if (FIVE) {
      length += name.length - size + behind.length;
      size = name.length;
    }
    const rest = length - HEAD;
    client.queue +=
      (rest < 128
        ? chars(first, rest, 0, size)
        : chars(first, (rest & 127) | 128, rest >> 7, size >> 8, size & 255)) +
      (FIVE ? name : entry.topic) +
      (id ? chars(id >> 8, id & 255) : "");
    client.queue += FIVE ? behind + entry.payload : entry.payload;
    queued += rest < 128 ? rest + 2 : rest + 3;
    if (id) {
      client.sent++;
      // Set DUP now, for the case that it is sent again [MQTT-3.3.1-1].
      entry.flags |= DUP;
    } else {
      client.pending.splice(at, 1);
      client.ids.splice(at, 1);
      client.outboxBytes -= FIVE ? entry.topic.length + entry.payload.length : rest - 2;
      if (entry.done) {
        try {
          entry.done(SUCCESS, "");
        } catch (error) {
          say(client.log, ERROR, "app", "" + error);
        }
        // It may have published, or have ended the connection.
        if (client.state !== READY) return SUCCESS;
        if (client.tail) return DELIVERIES;
        queued = client.queue ? client.queue.length : 0;
      }
    }
  }
}
