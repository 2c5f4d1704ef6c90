// The short way out of a message of one piece: into the outbox, and to the connection where nothing else waits (3.3, 4.3). It keeps
// the rules of ../request.ts and ../write.ts.

import { FIVE, name5 } from "#five";
import { chars } from "../bytes";
import { DUP, MAX_IDENTIFIER, QUEUED, REPLACEABLE, SUCCESS, WIRE_FLAGS } from "../spec";
import {
  type Client,
  DELIVERIES,
  FRAME_OVERHEAD,
  LATE_S,
  LATEST,
  type Pending,
  PIECE,
  READY,
  WHOLE,
} from "../state";
import { flush } from "../write";
import { HEAD, sendWaiting } from "./send-waiting";

/** Most bytes of a small PUBLISH besides topic and payload: with topic length and identifier. */
const MOST = HEAD + 4;

/**
 * Puts a message into the outbox, and sends it if nothing else waits.
 * @param entry with the flags of its PUBLISH
 * @returns SUCCESS if it is sent, QUEUED if it waits; DELIVERIES if something is unusual: then nothing has changed
 * @resident
 */
export function keep(client: Client, entry: Pending, qos: number, policy?: number): number {
  const topic = entry.topic;
  const payload = entry.payload;
  const size = topic.length;
  const weight = size + payload.length;
  const at = client.pending.length;
  const waits = at > client.sent;
  const ready = client.state === READY;
  let id = 0;
  if (qos) {
    if ((qos !== 1 && qos !== 2) || !client.handlers[qos + 3]) return DELIVERIES;
    // Counting up, as nextIdentifier does.
    id = client.lastId < MAX_IDENTIFIER ? client.lastId + 1 : 1;
    if (at && client.ids.indexOf(id) >= 0) return DELIVERIES;
  } else if (policy === undefined || qos !== 0) return DELIVERIES;
  // A message with the policy LATEST may replace one that waits.
  if (policy && (waits || policy !== LATEST)) return DELIVERIES;
  // Printable ASCII without wildcards is a Topic Name. The last topic was checked before.
  const five = FIVE ? client.five : undefined;
  if (
    topic !== client.lastTopicOut &&
    (!/^[ -"$-*,-~]+$/.test(topic) || (five && ready && !name5(client, topic)))
  )
    return DELIVERIES;
  if (
    weight > PIECE - MOST ||
    at >= client.messageLimit ||
    client.outboxBytes + weight > client.byteLimit ||
    (ready ? client.alone || client.waited >= LATE_S : client.ended)
  )
    return DELIVERIES;
  if (FIVE && (entry.more || (five && weight + MOST > five.plain))) return DELIVERIES;
  if (!five) client.lastTopicOut = topic;
  if (qos) {
    entry.kind = qos + 3; // PUBACK, PUBREC
    client.lastId = id;
  }
  if (policy) entry.flags |= REPLACEABLE;
  client.pending[at] = entry;
  client.ids[at] = id;
  client.outboxBytes += weight;
  // What waits leaves when the connection has room, or with an answer; while packets are handled, behind them.
  if (waits || client.corked || !ready) return QUEUED;
  if (
    qos &&
    at < client.sendQuota &&
    !client.queue &&
    !client.tail &&
    client.unsent + weight + MOST + FRAME_OVERHEAD <= client.unsentLimit
  ) {
    // As `sendWaiting` does, with fewer native calls.
    const first = 0x30 | (entry.flags & WIRE_FLAGS);
    const name = five ? five.written : FIVE ? topic : "";
    const behind = five ? five.behind : "";
    const named = FIVE ? name.length : size;
    const length = FIVE ? named + behind.length + weight - size + 4 : weight + 4;
    const bytes =
      (length < 128
        ? chars(first, length, 0, named)
        : chars(first, (length & 127) | 128, length >> 7, named >> 8, named & 255)) +
      (FIVE ? name : topic) +
      chars(id >> 8, id & 255) +
      (FIVE ? behind + payload : payload);
    client.sent++;
    entry.flags |= DUP;
    client.idle = 0;
    client.unsent = client.transmit(client.wire, bytes, bytes, WHOLE);
    return SUCCESS;
  }
  if (sendWaiting(client)) flush(client);
  return client.pending.indexOf(entry) < client.sent ? SUCCESS : QUEUED;
}
