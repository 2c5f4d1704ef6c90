// The ladder: DOWN -> JOINING (Wi-Fi) -> OPENING (TCP, WebSocket) -> LOGIN (MQTT) -> UP, and down again. Every rung has
// a deadline. Every failure has one answer: close, wait, climb again. Time is one tick a second.

import { FIVE, second5 } from "#five";
import { SHORT, sendWaiting } from "#short";
import type { Board, Bytes } from "../board";
import { RESTART_FILE } from "../config/files";
import type { Settings } from "../config/settings";
import { hideSecrets } from "../config/url";
import { INFO, type Log, MAX_LINE, say, WIRE } from "../log";
import { connect, newClient, tick } from "../mqtt/client";
import { deliver } from "../mqtt/delivery";
import { receive } from "../mqtt/receive";
import { MAX_IDENTIFIER, UNSPECIFIED_ERROR } from "../mqtt/spec";
import { CLOSED, type ClientParts } from "../mqtt/state";
import { flush } from "../mqtt/write";
import { send, waiting } from "../ws/outgoing";
import type { WebSocketOwner } from "../ws/state";
import { newWebSocket } from "../ws/websocket";
import { deadlineOf } from "./deadlines";
import { climb, enter, fall, joined, leave, left, off } from "./ladder";
import type { Profile } from "./profile";
import { checkProgress, fault } from "./rescue";
import {
  type App,
  DOWN,
  HANDSHAKE_DEADLINE_S,
  LEAVING,
  type Link,
  LOGIN,
  OPENING,
  REACHED,
  SECURING,
  STEADY_S,
  UP,
  WATCHDOG_S,
} from "./rungs";
import { beginList } from "./servers";
import { endOfTrial, prove } from "./trial";

/** Makes the link and begins to climb. */
export function start(board: Board, log: Log, settings: Settings, app: App, profile: Profile): Link {
  const { network, login, url, restartAfterS } = settings;
  const begun: Omit<Link, "ws" | "client"> = {
    state: DOWN,
    board,
    log,
    app,
    profile,
    network,
    login,
    url,
    joined: 0,
    joins: 0,
    secondsLeft: 0,
    tries: 0,
    upSeconds: 0,
    lastUpMs: 0,
    why: "",
    restartAfterS,
    onJoined: joined,
    onLeft: left,
    onSecond: oneSecond,
    onFault: fault,
    onTcp: tcpIsThere,
    onOpen: logIn,
    onPayload: receive as WebSocketOwner["onPayload"],
    onRead: deliver as WebSocketOwner["onRead"],
    onHandled: handled,
    onSent: sent,
    onEnd: ended,
  };
  // The WebSocket and the client need the link, and the link needs both: these two fields are set next.
  const link = begun as Link;
  link.ws = newWebSocket(board, log, link, settings.zero);
  if (app.told) link.ws.shownAt = INFO;
  link.client = newClient({
    log,
    owner: link,
    handlers: profile.handlers,
    limits: settings.limits,
    ready,
    received: app.received,
    wire: link.ws,
    transmit: send as ClientParts["transmit"],
    untransmitted: waiting as ClientParts["untransmitted"],
  });
  link.ws.receiver = link.client;
  if (app.failed) link.client.failed = app.failed as ClientParts["failed"];
  if (url.next) beginList(link);
  else if (url.psk)
    say(log, INFO, "boot", "wss: server authenticated by a pre-shared key, no forward secrecy");
  if (log.level >= WIRE) log.hide = (bytes) => hideSecrets(link.url, bytes, 1);
  board.watchdog(WATCHDOG_S);
  board.faults(link);
  // Builds that cannot save refuse it in config.json.
  if (settings.saved) link.saver = profile.load!(link);
  // The server may still hold a QoS 2 message from before a restart, and would drop a new one with the same identifier.
  if (!login.cleanSession) link.client.lastId = (board.chance() * MAX_IDENTIFIER) | 0;
  if (app.begin) app.begin(link);
  // The application may have something to do first (enter, ladder.ts).
  if (!link.secondsLeft) climb(link);
  return link;
}

function tcpIsThere(link: Link, secured: number): void {
  link.joined = REACHED;
  if (link.url.tls && !secured) enter(link, SECURING, deadlineOf(SECURING).seconds);
  else enter(link, OPENING, HANDSHAKE_DEADLINE_S);
}

function logIn(link: Link): void {
  enter(link, LOGIN, 0);
  say(link.log, INFO, "link", "Connected to WS. Logging in to MQTT...");
  if (link.ws.zero)
    say(link.log, INFO, "ws", "mqtt.mask is zero: faster, but not what RFC 6455 5.3 asks for");
  connect(link.client, link.login, link.profile.willFields(link.login.will));
}

/** Packets are handled: ends the connection if they say so, or the application has. */
function handled(link: Link, reason: number): void {
  if (link.state === LEAVING) {
    if (link.client.state !== CLOSED) leave(link);
  } else if (reason) fall(link, link.profile.words(reason), reason);
}

/**
 * All that was written has left the board.
 * @resident
 */
function sent(link: Link): void {
  const client = link.client;
  const app = link.app;
  client.unsent = 0;
  if (!SHORT || sendWaiting(client)) flush(client);
  if (app.drained && link.state === UP && !client.pending[client.sent] && !client.queue && !client.tail)
    app.drained(link);
}

function ended(link: Link, why: Bytes, reason: number, wait: number): void {
  if (link.state === LEAVING) off(link);
  // Before TCP has connected nothing of the server is in the text, and "host" may be a value of the URL's query.
  // A text of the server may be long. It is cut behind its secrets, never inside one.
  else
    fall(link, (link.joined < REACHED ? why : hideSecrets(link.url, why)).substr(0, MAX_LINE), reason, wait);
}

function ready(link: Link, present: number): void {
  // A callback that was called just before may have stopped the link.
  if (link.state !== LOGIN) return;
  enter(link, UP, 0);
  link.upSeconds = link.joins = 0;
  delete link.lastRefusal;
  link.why = "";
  if (link.board.readFile(RESTART_FILE)) link.board.writeFile(RESTART_FILE, "");
  say(link.log, INFO, "mqtt", "CONNECTED to " + link.url.shown);
  if (link.trialLeft) prove(link);
  link.app.up(link, present);
}

function oneSecond(link: Link): void {
  const late = link.secondsLeft && !--link.secondsLeft;
  // A board that comes here every second is well.
  link.board.watchdog(WATCHDOG_S);
  if (FIVE && link.client.expiring) second5(link.client);
  if (link.state === LOGIN || link.state === UP) {
    const reason = tick(link.client);
    if (reason) fall(link, link.profile.words(reason), reason);
    else if (link.client.unsent) flush(link.client);
  } else if (late && link.state === DOWN) climb(link);
  else if (late && link.state === LEAVING) off(link);
  else if (late) fall(link, deadlineOf(link.state).late, UNSPECIFIED_ERROR);
  if (link.saver) link.saver.watch(link);
  if (link.trialLeft && !--link.trialLeft) endOfTrial(link);
  if (link.state === UP) {
    if (++link.upSeconds === STEADY_S) link.tries = 0;
    link.app.everySecond(link);
  }
  checkProgress(link);
}
