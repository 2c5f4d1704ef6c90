// How long to wait after a failure: its reason decides the class, and the number of failures in a row the random part.
// Knows no connection.

import { class5, FIVE } from "#five";
import type { Bytes } from "../board";
import { nameOf } from "../mqtt/outbox";
import {
  NO_ANSWER,
  NOT_AUTHORIZED,
  OVERTAKEN,
  SERVER_UNAVAILABLE,
  UNSPECIFIED_ERROR,
  UNSUPPORTED_PROTOCOL_VERSION,
  WRONG_SUBPROTOCOL,
} from "../mqtt/spec";
import { SUSPECT_ENDS } from "../mqtt/state";
import { blame } from "../mqtt/suspect";
import { FORBIDDEN, isBusy, isRedirect, NOT_FOUND, UNAUTHORIZED } from "../ws/handshake";
import { WS_CLOSED } from "../ws/state";
import {
  BUSY_WAIT_S,
  DOUBLINGS,
  type Link,
  MAX_BACKOFF_S,
  NETWORK_WAIT_S,
  QUICK_CLOSES,
  QUICK_S,
  RADIO_EVERY,
  REACHED,
  REFUSED_WAIT_S,
  REJOIN_EVERY,
} from "./rungs";

/** The class of a failure, as the shortest wait before the next attempt, in seconds. */
export function leastWait(reason: number): number {
  if (FIVE) reason = class5(reason);
  if (reason === SERVER_UNAVAILABLE || isBusy(reason)) return BUSY_WAIT_S;
  return (reason >= UNSUPPORTED_PROTOCOL_VERSION && reason <= NOT_AUTHORIZED) || // CONNACK 1, 2, 4, 5
    reason === WRONG_SUBPROTOCOL ||
    isRedirect(reason) ||
    reason === UNAUTHORIZED ||
    reason === FORBIDDEN ||
    reason === NOT_FOUND
    ? REFUSED_WAIT_S
    : NETWORK_WAIT_S;
}

/** Whether the server has ended the connection, and not we or the Wi-Fi. */
export function serverEnded(link: Link): boolean {
  const five = FIVE ? link.client.five : undefined;
  return !!link.joined && (link.ws.state === WS_CLOSED || (!!five && five.over > 0));
}

/**
 * Judges the end of a connection that was UP: something of ours, or another client with the same identifier. Returns words for
 * the log, "" where there is nothing to suspect.
 */
export function judgeUp(link: Link, reason: number): Bytes {
  const client = link.client;
  link.lastUpMs = link.board.uptime();
  if (serverEnded(link)) {
    // A server that says that it restarts or is overloaded has not ended the connection because of our packet.
    blame(client, reason === SERVER_UNAVAILABLE ? -1 : 0, reason, 0);
    if (client.ends! >= SUSPECT_ENDS)
      return ", again while " + nameOf(client.pending[0]!) + " waited for its answer";
  }
  // Later packets got their answers, so it is this one; else it may be the server.
  if (reason === NO_ANSWER) blame(client, 0, reason, client.pending[0]!.flags & OVERTAKEN);
  // The server ends the older connection of two with one identifier [MQTT-3.1.4-2].
  const quick = link.upSeconds < QUICK_S && link.joined && reason === UNSPECIFIED_ERROR;
  const closes = quick ? (link.quickCloses || 0) + 1 : 0;
  if (closes) link.quickCloses = closes;
  else delete link.quickCloses;
  return closes < QUICK_CLOSES ? "" : ", possibly another client with the same id, see mqtt.clientId";
}

/** The Wi-Fi is to be joined again, and the radio switched off first: the driver may believe that it is joined. */
export function radioNext(link: Link): void {
  link.joined = 0;
  link.joins += RADIO_EVERY - 1 - (link.joins % RADIO_EVERY);
}

/**
 * Counts a failure; returns the seconds to wait. Without TCP the wait lies in the upper half of a bound that doubles. Behind TCP
 * the server has a trouble that all its boards may share: then the wait is anywhere up to the largest bound.
 * `npm run bench:back-off` shows what a fleet makes of this.
 * @param least the shortest wait: of the class, or longer where the server asks for it
 */
export function backOff(link: Link, least: number): number {
  const tries = link.tries++;
  let bound = tries < DOUBLINGS ? 1 << tries : MAX_BACKOFF_S;
  // After a first failure, and behind a class's own wait, nothing was tried just before.
  const half = tries && !least ? bound >> 1 : 0;
  if (least || link.joined === REACHED) {
    bound = MAX_BACKOFF_S;
    if (tries < DOUBLINGS) link.tries = DOUBLINGS + 1;
  } else if (link.tries % REJOIN_EVERY === 0) radioNext(link);
  return least + half + ((link.board.chance() * (bound - half)) | 0) + 1;
}
