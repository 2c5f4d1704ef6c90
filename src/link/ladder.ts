// The way up the ladder and down again: Wi-Fi, TCP, WebSocket. Every failure has one answer: close, wait, climb again.

import { FIVE, fall5 } from "#five";
import type { Bytes } from "../board";
import { ERROR, INFO, say } from "../log";
import { closed, disconnect } from "../mqtt/client";
import { KEEP_ALIVE_TIMEOUT, NO_CONNACK, UNSPECIFIED_ERROR } from "../mqtt/spec";
import { abandon, closeWebSocket } from "../ws/ending";
import { STATUS_GOING_AWAY, STATUS_NORMAL } from "../ws/frame";
import { openWebSocket } from "../ws/opening";
import { WS_OPEN } from "../ws/state";
import { backOff, judgeUp, leastWait, radioNext, serverEnded } from "./back-off";
import { deadlineOf } from "./deadlines";
import {
  DOWN,
  JOINING,
  LEAVING,
  type Link,
  NETWORK_WAIT_S,
  OFF,
  OPENING,
  RADIO_EVERY,
  REFUSED_WAIT_S,
  RENEWING,
  UP,
} from "./rungs";
import { nextServer } from "./server-reference";
import { nextInList } from "./servers";

/**
 * Ends the link for good: DISCONNECT, CLOSE, then everything stops but the Wi-Fi. Call it while the link is UP.
 */
export function stop(link: Link): void {
  const client = link.client;
  link.state = LEAVING;
  if (!client.corked) return leave(link);
  // In a callback: the client first acknowledges what it has delivered, and reads nothing more. The WebSocket calls `deliver`
  // when the readers have returned, also after a message that came by the short way.
  client.rest = "";
  client.answers = client.answers || [];
}

/** DISCONNECT, then the closing handshake of the WebSocket. */
export function leave(link: Link): void {
  enter(link, LEAVING, deadlineOf(LEAVING).seconds);
  disconnect(link.client);
  closeWebSocket(link.ws, STATUS_NORMAL);
}

/** Takes a rung, for at most `wait` seconds from now; 0 = the rung has no deadline here. */
export function enter(link: Link, state: number, wait: number): void {
  link.state = state;
  link.secondsLeft = wait;
  // A tick that runs already would make the first second shorter. The engine may also have removed it (engine 30).
  link.board.tick(link);
}

/**
 * Ends this connection after a failure: close, wait, climb again.
 * @param reason a Reason Code, one of ours from 0x100 on, or an HTTP status: decides how long to wait
 * @param wait least seconds to wait, where the server asks for them
 */
export function fall(link: Link, why: Bytes, reason: number, wait = 0): void {
  if (link.state <= DOWN) return;
  if (FIVE) reason = fall5(link.client, reason, link.ws.state === WS_OPEN);
  let least = leastWait(reason);
  if (link.state === UP) {
    why += judgeUp(link, reason);
    // The refusal is that of one packet, not of the board.
    if (FIVE && least === REFUSED_WAIT_S && link.client.ends && serverEnded(link)) least = NETWORK_WAIT_S;
  }
  // The driver waits for an answer that does not come, and takes no other order.
  if (link.state === JOINING && !link.secondsLeft) radioNext(link);
  link.why = why;
  if (least === REFUSED_WAIT_S) {
    if (link.lastRefusal === reason) why = "refused as before";
    link.lastRefusal = reason;
  }
  // The Wi-Fi's failures are not the server's.
  const another = link.url.next && link.joined && link.state >= OPENING;
  if (wait > least) least = wait;
  enter(link, DOWN, another ? nextInList(link, least) : backOff(link, least));
  // First: what the application publishes in `down` waits for the next connection.
  closed(link.client);
  if (link.app.down) link.app.down(link, reason);
  say(link.log, ERROR, "link", "DOWN: " + why + ", again in " + link.secondsLeft + " s");
  // A CLOSE is useful only while the peer can hear it. Unsent bytes of a dead line must not stay in memory.
  const alive =
    link.ws.state === WS_OPEN && link.joined && reason !== KEEP_ALIVE_TIMEOUT && reason !== NO_CONNACK;
  if (alive) closeWebSocket(link.ws, STATUS_GOING_AWAY);
  abandon(link.ws, alive ? 0 : 1);
}

/** The next attempt: the Wi-Fi, unless it is joined. */
export function climb(link: Link): void {
  const network = link.network;
  if (link.joined) return renew(link);
  const attempt = ++link.joins;
  const anew = attempt % RADIO_EVERY ? 0 : 1;
  enter(link, JOINING, deadlineOf(JOINING).seconds);
  if (network)
    say(link.log, INFO, "wifi", "Joining " + network.ssid + (anew ? ", the radio off and on first" : ""));
  link.board.joinWifi(network, link, attempt, anew);
}

/** See Owner.onJoined. An answer to an attempt that was given up is ignored. */
export function joined(link: Link, attempt: number, error: Bytes): void {
  if (link.state !== JOINING || link.joins !== attempt) return;
  if (error) return left(link, error);
  say(link.log, INFO, "wifi", "Joined");
  renew(link);
}

/** See Owner.onLeft. */
export function left(link: Link, why: Bytes): void {
  link.joined = 0;
  // Older engines tell a refusal by this event only (engine 43).
  if (link.state === JOINING) why += ", check wifi.ssid and wifi.password";
  if (link.state >= JOINING && link.state <= UP) fall(link, "Wi-Fi: " + why, UNSPECIFIED_ERROR);
}

/** Lets the application get new credentials first, if it wants to. */
function renew(link: Link): void {
  const attempt = link.tries;
  link.joined = 1;
  if (!link.app.renew) return dial(link);
  enter(link, RENEWING, deadlineOf(RENEWING).seconds);
  link.app.renew(link, function () {
    if (link.state === RENEWING && link.tries === attempt) dial(link);
  });
}

function dial(link: Link): void {
  const target = FIVE ? nextServer(link.client, link.url) : link.url;
  const host = target.host;
  link.state = OPENING;
  say(
    link.log,
    INFO,
    "ws",
    "Connecting to " + (host.split(":").length > 1 ? "[" + host + "]" : host) + ":" + target.port,
  );
  if (link.url.tls && !link.url.psk)
    say(link.log, INFO, "ws", "wss: server NOT authenticated, keys from a weak generator");
  // Signal strength, time and the chip's random register have changed: mix them in again.
  link.board.seed();
  openWebSocket(link.ws, target);
  // Connecting may have blocked: the deadline runs from now.
  if (link.state === OPENING) enter(link, OPENING, deadlineOf(OPENING).seconds);
}

/** Stops everything but the Wi-Fi: no timer, no socket; the engine feeds the watchdog. */
export function off(link: Link): void {
  link.state = OFF;
  link.board.tick();
  link.board.watchdog(0);
  if (link.saver) link.saver.keep(link);
  abandon(link.ws, 1);
  say(link.log, INFO, "link", "DONE");
  if (link.app.down) link.app.down(link, 0);
}
