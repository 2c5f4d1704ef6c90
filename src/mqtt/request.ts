// Requests to the server: PUBLISH, SUBSCRIBE, UNSUBSCRIBE. Each goes through the outbox, so that none is lost with a
// connection. Only a message at QoS 0 for which the connection has room is sent at once.

import { FIVE, head5, name5, refuse5, refuseAll5, sent5 } from "#five";
import { keep, SHORT } from "#short";
import type { Bytes } from "../board";
import { brief, chars, isTopicName, must } from "./bytes";
import { divide } from "./divide";
import { BAD_TOPIC, checkFilters, encodeFilters, encodeSubscriptions, type Subscription } from "./encode";
import { insert, nextIdentifier, remove, replaceable, tell, weight } from "./outbox";
import { end } from "./resume";
import { subscribed } from "./session";
import {
  DROPPED,
  MAX_REMAINING_LENGTH,
  PACKET_TOO_LARGE,
  PUBACK,
  PUBREC,
  QUEUED,
  QUOTA_EXCEEDED,
  REPLACEABLE,
  REPLACED,
  RETAIN,
  SUBACK,
  SUCCESS,
  UNSPECIFIED_ERROR,
  UNSUBACK,
} from "./spec";
import {
  type Client,
  DELIVERIES,
  type Done,
  DROP,
  FRAME_OVERHEAD,
  KEEP,
  LATE_S,
  LATEST,
  MAX_SUBSCRIPTIONS,
  type Pending,
  PIECE,
  READY,
  WHOLE,
} from "./state";
import { flush, hand, hasRoom, headOf } from "./write";

/** Most bytes of a PUBLISH besides topic and payload: fixed header, topic length, identifier (3.3). */
const PUBLISH_OVERHEAD = 9;
/** Bytes around topic and payload of a small PUBLISH at QoS 0: fixed header 3, MQTT 5's alias 4, frame; topic length apart. */
const OVERHEAD = 7 + FRAME_OVERHEAD;

/**
 * Publishes a message (3.3), now or when a connection can take it.
 * @param payload 0 bytes or more
 * @param qos 0, 1 or, in builds that know it, 2
 * @param done called once if SUCCESS or QUEUED was returned: when the server has acknowledged the message, at QoS 0 when it
 *   is sent
 * @param policy KEEP, LATEST or DROP; default DROP at QoS 0, else KEEP
 * @param more properties for MQTT 5, see v5/publish-with.ts
 * @returns SUCCESS if it is sent, QUEUED if it waits in the outbox. Else it is refused: QUOTA_EXCEEDED if the outbox is full,
 *   PACKET_TOO_LARGE if it could never fit, DROPPED by its policy, UNSPECIFIED_ERROR after DISCONNECT.
 * @throws on a bad topic or QoS
 * @resident
 */
export function publish(
  client: Client,
  topic: Bytes,
  payload: Bytes,
  qos: number,
  retain: boolean,
  done?: Done,
  policy?: number,
  more?: Bytes,
): number {
  // The usual message at QoS 0: small, and nothing waits that must go first. This does the same as `post`, with fewer native calls
  // (engine 23).
  if (
    SHORT &&
    qos === 0 &&
    client.state === READY &&
    !client.tail &&
    (!client.pending[client.sent] || policy === DROP || policy === undefined)
  ) {
    // Printable ASCII without wildcards is a Topic Name. The last topic was checked before.
    let usual = FIVE
      ? !more &&
        (topic === client.lastTopicOut ||
          (/^[ -"$-*,-~]+$/.test(topic) && (!client.five || name5(client, topic))))
      : topic === client.lastTopicOut || /^[ -"$-*,-~]+$/.test(topic);
    const five = FIVE ? client.five : undefined;
    const name = five ? five.written : FIVE ? topic : "";
    const behind = five ? five.behind : "";
    const size = FIVE ? name.length : topic.length;
    const length = (FIVE ? size + behind.length : size) + payload.length + 2;
    // Up to so many bytes, `maxUnsent` always leaves room.
    if (client.queue || client.unsent + length > PIECE - OVERHEAD) {
      const most = client.unsentLimit - length - OVERHEAD - (client.queue ? client.queue.length : 0);
      if (client.unsent > most) client.unsent = client.untransmitted(client.wire);
      if (client.unsent > most || length > PIECE - OVERHEAD) usual = false;
    }
    if (usual && !(five && length + OVERHEAD > five.plain)) {
      const first = retain ? 0x31 : 0x30;
      const bytes =
        (length < 128
          ? chars(first, length, 0, size)
          : chars(first, (length & 127) | 128, length >> 7, size >> 8, size & 255)) +
        (FIVE ? name + behind : topic) +
        payload;
      if (!five) client.lastTopicOut = topic;
      client.idle = 0;
      // As `hand` does.
      if (client.corked || client.queue) client.queue += bytes;
      else client.unsent = client.transmit(client.wire, bytes, bytes, WHOLE);
      if (done) done(SUCCESS, "");
      return SUCCESS;
    }
  }
  const entry: Pending = { kind: 0, flags: (qos << 1) | (retain ? RETAIN : 0), topic, payload, done };
  if (FIVE) entry.more = more;
  const kept = SHORT ? keep(client, entry, qos, policy) : DELIVERIES;
  if (kept < 0) return post(client, entry, qos, policy);
  return kept;
}

/**
 * Publishes any message: checks it, then sends, queues or drops it.
 */
function post(client: Client, entry: Pending, qos: number, policy: number = qos ? KEEP : DROP): number {
  const done = entry.done;
  const length = PUBLISH_OVERHEAD + weight(entry);
  checkQos(client, qos);
  must(length <= MAX_REMAINING_LENGTH, "packet too large");
  // The text is built only for a mistake: it would cost as much as the check.
  if (!isTopicName(entry.topic)) must(false, BAD_TOPIC + brief(entry.topic));
  const refused = FIVE && refuse5(client, entry);
  if (refused) return refused;
  const waits = client.pending.length > client.sent;
  const full = client.alone || client.sent >= client.sendQuota;
  // When answers are late a message at QoS 0 passes what waits for them, but no other one at QoS 0.
  const passes = full && client.waited >= LATE_S && client.ids.indexOf(0) < 0;
  const first = !waits || passes || policy === DROP;
  if (!qos && first && hasRoom(client, length)) {
    const head = FIVE && client.five ? head5(client, entry, 0) : headOf(entry, 0);
    hand(client, head + entry.payload);
    if (FIVE) sent5(client);
    if (done) done(SUCCESS, "");
    return SUCCESS;
  }
  const now = !waits && !full && hasRoom(client, length < PIECE ? length : PIECE);
  if (policy === DROP && !now) {
    client.lost = (client.lost || 0) + 1;
    return DROPPED;
  }
  entry.kind = [0, PUBACK, PUBREC][qos]!;
  if (policy === LATEST) entry.flags |= REPLACEABLE;
  return enqueue(client, entry, policy === LATEST ? replaceable(client, entry.topic) : client.pending.length);
}

/**
 * Puts an entry into the outbox and sends what can be sent.
 * @param at place of the older entry that it replaces, or the end of the outbox
 * @returns SUCCESS if it is sent, QUEUED if it waits, else the Reason Code of its refusal
 */
function enqueue(client: Client, entry: Pending, at: number): number {
  // What the server refuses is refused at once; of several filters, only those.
  const reason = FIVE && entry.list && entry.list.length < 2 && refuse5(client, entry);
  if (reason) return reason;
  const old = client.pending[at];
  const length = weight(entry);
  const more = old ? length - weight(old) : length;
  if (client.ended) return UNSPECIFIED_ERROR;
  if (length > client.byteLimit) return PACKET_TOO_LARGE;
  if (!old && client.pending.length >= client.messageLimit) return QUOTA_EXCEEDED;
  // A replacement that is no larger always fits.
  if (more > 0 && client.outboxBytes + more > client.byteLimit) return QUOTA_EXCEEDED;
  const id = entry.kind && (client.ids[at] || nextIdentifier(client));
  if (entry.kind && !id) return QUOTA_EXCEEDED;
  insert(client, entry, id, at);
  if (old) {
    // A message to this topic may be what ends the connections (suspect.ts). The newer one inherits that, or it would never be given up.
    if (old.suspect) entry.suspect = old.suspect;
    tell(client, remove(client, at + 1), REPLACED, "");
  }
  if (entry.list) {
    const refused: Pending[] = [];
    divide(client, at);
    if (FIVE) refuseAll5(client, refused);
    for (let i = 0; i < refused.length; i++) end(client, refused[i]!);
  }
  // While received packets are handled, sending waits: a C3's stack has no room for it (engine 19).
  if (!client.corked) flush(client);
  return client.pending.indexOf(entry) < client.sent ? SUCCESS : QUEUED;
}

/**
 * Subscribes to filters (3.8). Returns and throws as {@link publish}; `done` gets a return code for each filter.
 * @param more properties for MQTT 5, then the list's `qos` may have options, see v5/subscribe-with.ts
 */
export function subscribe(client: Client, list: Subscription[], done?: Done, more?: Bytes): number {
  let count = client.subscriptions.length;
  for (let i = 0; i < list.length; i++) {
    checkQos(client, FIVE && more !== undefined ? list[i]!.qos & 3 : list[i]!.qos);
    if (subscribed(client, list[i]!) < 0) count++;
  }
  checkFilters(list);
  const payload = encodeSubscriptions(list);
  if (count > MAX_SUBSCRIPTIONS) return QUOTA_EXCEEDED;
  // A copy: the caller may change its list.
  const entry: Pending = { kind: SUBACK, flags: 0, topic: "", payload, list: list.slice(0), done };
  if (FIVE) entry.more = more;
  return enqueue(client, entry, client.pending.length);
}

/**
 * Ends subscriptions (3.10). Returns and throws as {@link publish}.
 * @param more properties for MQTT 5, see v5/subscribe-with.ts
 */
export function unsubscribe(client: Client, filters: Bytes[], done?: Done, more?: Bytes): number {
  const list = [];
  for (let i = 0; i < filters.length; i++) list.push({ filter: filters[i]!, qos: 0 });
  checkFilters(list);
  const payload = encodeFilters(list);
  const entry: Pending = { kind: UNSUBACK, flags: 0, topic: "", payload, list, done };
  if (FIVE) entry.more = more;
  return enqueue(client, entry, client.pending.length);
}

/**
 * Throws unless this build knows the QoS: 0, 1 and, in builds with its packets, 2.
 */
function checkQos(client: Client, qos: number): void {
  // The text is built only for a mistake, which may be anything.
  if (qos !== 0 && qos !== 1 && !(qos === 2 && client.handlers[PUBREC]))
    must(false, "bad QoS " + brief("" + qos));
}
