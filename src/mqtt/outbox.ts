// The outbox: everything that the server has to be told, in order, until it has answered. Does not send: write.ts does.

import type { Bytes } from "../board";
import { ERROR, say } from "../log";
import { brief } from "./bytes";
import { DUP, MAX_IDENTIFIER, OVERTAKEN, REPLACEABLE, SUBACK, UNSPECIFIED_ERROR } from "./spec";
import type { Client, Done, Pending } from "./state";

/** Bytes that an entry takes in the outbox. */
export function weight(entry: Pending): number {
  return entry.topic.length + entry.payload.length + (entry.more ? entry.more.length : 0);
}

/**
 * The next identifier that is not in use [MQTT-2.3.1-2]: 1..65,535, counting up and round again; 0 if there is none.
 * Never the lowest free one: the server may still hold a QoS 2 message under an identifier that is free here, and would drop
 * the new message as a duplicate.
 */
export function nextIdentifier(client: Client): number {
  if (client.ids.length >= MAX_IDENTIFIER) return 0;
  do client.lastId = client.lastId < MAX_IDENTIFIER ? client.lastId + 1 : 1;
  while (client.ids.indexOf(client.lastId) >= 0);
  return client.lastId;
}

/** Puts an entry with its identifier into the outbox, at this place. */
export function insert(client: Client, entry: Pending, id: number, at: number): void {
  client.pending.splice(at, 0, entry);
  client.ids.splice(at, 0, id);
  // Not by `weight`: a call less on the stack (engine 19).
  client.outboxBytes += entry.topic.length + entry.payload.length + (entry.more ? entry.more.length : 0);
}

/** The place of a message to this topic that was never sent and may be replaced; the end of the outbox if there is none. */
export function replaceable(client: Client, topic: Bytes): number {
  let at = client.sent;
  for (; at < client.pending.length; at++) {
    const entry = client.pending[at]!;
    if (entry.topic === topic && (entry.flags & (REPLACEABLE | DUP)) === REPLACEABLE) break;
  }
  return at;
}

/** Takes an entry out of the outbox. */
export function remove(client: Client, at: number): Pending {
  const entry = client.pending[at]!;
  client.pending.splice(at, 1);
  client.ids.splice(at, 1);
  client.outboxBytes -= weight(entry);
  if (at < client.sent) {
    client.sent--;
    if (at) client.pending[0]!.flags |= OVERTAKEN;
    else client.waited = 0;
    // All that was sent alone has its answer: nothing is suspected any more.
    if (client.alone && !--client.alone) client.ends = 0;
  }
  return entry;
}

/** An entry in words, for the log. */
export function nameOf(entry: Pending): Bytes {
  const list = entry.list;
  const kind = list ? (entry.kind === SUBACK ? "SUBSCRIBE" : "UNSUBSCRIBE") : "PUBLISH";
  const to = brief(list ? list[0]!.filter : entry.topic);
  return kind + " to " + to + (list && list.length > 1 ? " and " + (list.length - 1) + " more" : "");
}

/** Tells that something has failed: in the log and, where no callback tells it, to the application. */
export function fail(client: Client, what: Bytes, reason: number, done?: Done): void {
  say(client.log, ERROR, "mqtt", what);
  if (!done && client.failed) client.failed(client.owner, what, reason);
}

/** Tells that an entry has left the outbox because of a failure. */
export function failEntry(client: Client, entry: Pending, reason: number): void {
  const why =
    reason < 256 ? ": refused with 0x" + reason.toString(16) : ": given up, it ended each connection";
  fail(client, nameOf(entry) + why, reason, entry.done);
}

/**
 * Calls the callback of an entry that has left the outbox. While received packets are handled, the callback waits until
 * the packet is read (delivery.ts).
 * @param reason SUCCESS, REPLACED, or the Reason Code of the failure
 * @param granted the return codes of a SUBACK, a byte for each filter (3.9.3); else ""
 */
export function tell(client: Client, entry: Pending, reason: number, granted: Bytes): void {
  const done = entry.done;
  if (!done) return;
  if (client.corked) {
    client.answers = (client.answers || []).concat({ done, reason, granted });
    return;
  }
  try {
    done(reason, granted);
  } catch (error) {
    say(client.log, ERROR, "app", "" + error); // the application's mistake: go on
  }
}

/**
 * Empties the outbox and calls every callback with UNSPECIFIED_ERROR. A publish from inside a callback is refused; otherwise
 * this loop would never end.
 */
export function finish(client: Client): void {
  const out = client.pending;
  client.ended = 1;
  client.pending = [];
  client.ids = [];
  client.outboxBytes = 0;
  for (let i = 0; i < out.length; i++) tell(client, out[i]!, UNSPECIFIED_ERROR, "");
}
