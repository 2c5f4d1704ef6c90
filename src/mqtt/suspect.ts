// What of ours is never answered, and what of ours ends connections. Such a packet would be sent again first thing on every
// connection, for ever. So the ends that it may be to blame for are counted:
//
//   1, 2, 3  The server ended the connection while this packet was the first without an answer. That can be chance.
//   then     a trial: the connection must last CALM_S seconds, then the outbox goes one packet at a time, one filter a packet.
//   4, 5     The server ended a trial with this packet alone on the way. It is given up; the rest of the outbox lives.
//
// A connection that ends with nothing of ours on the way, as in the seconds of calm, proves that something else ends them. A
// malformed answer, and one that never comes while later packets get theirs, name their packet: two are enough. When such a packet
// is the only one on later connections, each end counts as one of the server.

import type { Bytes } from "../board";
import { ERROR, INFO, say } from "../log";
import { readU16, readVarint, varintSize } from "./bytes";
import type { Subscription } from "./encode";
import { nameOf, remove } from "./outbox";
import { askAgain, forget, unasked } from "./session";
import {
  ENDS_CONNECTION,
  MALFORMED_PACKET,
  NO_ANSWER,
  PROTOCOL_ERROR,
  PUBCOMP,
  PUBREC,
  SUCCESS,
  UNSPECIFIED_ERROR,
} from "./spec";
import {
  ANSWER_DEADLINE_S,
  CALM_S,
  type Client,
  GUILTY_ENDS,
  LATE_S,
  type Pending,
  SUSPECT_ENDS,
} from "./state";
import { flush } from "./write";

/**
 * The record that bears the mark of a suspect: the entry; of a request its first filter, because a SUBSCRIBE that restores is
 * made again for each connection.
 */
function recordOf(entry: Pending): Pending | Subscription {
  return entry.list ? entry.list[0]! : entry;
}

/**
 * The connection ends: counts it against a packet of ours.
 * @param at its place; 0 for the first one that was sent, which has waited longest; -1 to acquit all
 * @param reason why the connection ends
 * @param sure 1 if this packet is the reason and no other
 */
export function blame(client: Client, at: number, reason: number, sure: number): void {
  const entry = client.pending[at];
  const record = entry && at < client.sent ? recordOf(entry) : undefined;
  const again = record && client.ends && record.suspect === client.suspect;
  // Silence proves nothing where later packets got no answer either: unless they did on an earlier connection.
  if (!record || (reason === NO_ANSWER && !sure && !again)) {
    if (client.ends) client.ends = 0;
    return;
  }
  const single = !entry!.list || entry!.list.length < 2;
  if (again) client.ends = sure && single ? GUILTY_ENDS : client.ends! + 1;
  else {
    client.ends = client.alone ? SUSPECT_ENDS + 1 : 1;
    client.suspect = record.suspect = (client.suspect || 0) + 1;
  }
  client.verdict = reason === UNSPECIFIED_ERROR ? ENDS_CONNECTION : reason;
}

/** A packet of the server is malformed. If it is the answer to a packet of ours, that one is to blame. */
export function accuse(client: Client, packet: Bytes, reason: number): void {
  const type = packet.charCodeAt(0) >> 4;
  const id = readU16(packet, 1 + varintSize(readVarint(packet, 1)));
  if (reason !== MALFORMED_PACKET && reason !== PROTOCOL_ERROR) return;
  for (let at = 0; at < client.sent; at++) {
    // An answer without an identifier: the first one that waits for such an answer.
    if (client.pending[at]!.kind !== type || (id && client.ids[at] !== id)) continue;
    return blame(client, at, reason, 1);
  }
}

/** Takes the packet that is proven to end connections out of the outbox. The caller tells its callback. */
export function giveUp(client: Client): Pending[] {
  if (!(client.ends! >= GUILTY_ENDS)) return [];
  client.ends = 0;
  for (let at = 0; at < client.pending.length; at++) {
    if (recordOf(client.pending[at]!).suspect !== client.suspect) continue;
    const entry = remove(client, at);
    // With its PUBREC the server has the message (4.3.3).
    if (entry.kind !== PUBCOMP) entry.refused = client.verdict;
    if (entry.list) forget(client, entry.list[0]!);
    return [entry];
  }
  return [];
}

/** A new connection: begins the trial, if something is suspected. */
export function beginTrial(client: Client): void {
  if (!(client.ends! >= SUSPECT_ENDS)) return;
  client.alone = client.pending.length + unasked(client);
  if (client.alone) client.waited = -CALM_S;
}

/** Another second in which something waits. Returns SUCCESS, or the Reason Code to end the connection with. */
export function secondOfAnswers(client: Client): number {
  if (client.askIn && !--client.askIn) askAgain(client);
  if (client.waited < 0) {
    if (!++client.waited) flush(client);
  } else if (client.sent) {
    const waited = ++client.waited;
    const late = waited >= ANSWER_DEADLINE_S ? NO_ANSWER : SUCCESS;
    if (late || waited === LATE_S) {
      const first = client.pending[0]!;
      // A server without QoS 2 may simply not answer.
      const words =
        nameOf(first) + (first.kind === PUBREC ? " at QoS 2" : "") + ": no answer in " + waited + " s";
      say(client.log, late ? ERROR : INFO, "mqtt", words);
      flush(client);
    }
    return late;
  }
  return SUCCESS;
}
