// The ladder: DOWN -> JOINING (Wi-Fi) -> OPENING (TCP, WebSocket) -> LOGIN (MQTT) -> UP, and down again. Every rung
// has a deadline; whatever fails: close, wait, climb again. Time is one tick a second.

import type { Board, Bytes } from "./board";
import type { ConfigFile } from "./config-file";
import { ERROR, INFO, type Log, say } from "./log";
import { type Client, closed, connect, disconnect, newClient, tick } from "./mqtt/client";
import { receive } from "./mqtt/receive";
import { KEEP_ALIVE_TIMEOUT, NO_CONNACK, UNSPECIFIED_ERROR } from "./mqtt/spec";
import type { Profile } from "./profile/profile";
import type { Url } from "./url";
import { GOING_AWAY, NORMAL } from "./ws/frame";
import {
  abandon,
  closeWebSocket,
  newWebSocket,
  OPEN,
  openWebSocket,
  send,
  type WebSocket,
} from "./ws/websocket";

/** The rungs. */
export const OFF = 0;
export const DOWN = 1;
export const JOINING = 2;
export const OPENING = 3;
export const LOGIN = 4;
export const UP = 5;
/** The application is done: waiting for the server to close. */
export const LEAVING = 6;

/** Seconds to wait for the Wi-Fi: the chip itself tries three times. */
export const JOIN_DEADLINE_S = 40;
/** Seconds to wait for TCP on boards where connecting does not block. */
export const CONNECT_DEADLINE_S = 30;
/** Seconds to wait for the reply to the upgrade request, once TCP is connected. */
export const HANDSHAKE_DEADLINE_S = 10;
/** Seconds to wait for the server to close after our CLOSE. */
export const CLOSE_DEADLINE_S = 3;
/** Longest wait before climbing again, in seconds; the first one is 1. */
export const MAX_BACKOFF_S = 64;
/** Seconds UP after which the next failure waits shortly again. */
export const STEADY_S = 60;
/** Failures in a row after which the Wi-Fi is joined anew, whatever its events said. */
export const REJOIN_EVERY = 5;

/** What a device does with the link (src/app). */
export interface App {
  name: Bytes;
  /** MQTT is connected: also after every reconnect. */
  up(link: Link): void;
  /** A message came, already acknowledged; `flags` are those of its PUBLISH. */
  message(link: Link, topic: Bytes, payload: Bytes, flags: number): void;
  /** Another second UP has passed. */
  second(link: Link): void;
}

export interface Link {
  state: number;
  board: Board;
  log: Log;
  app: App;
  profile: Profile;
  config: ConfigFile;
  url: Url;
  ws: WebSocket;
  client: Client;
  /** 1 while the Wi-Fi is joined, as far as is known. */
  joined: number;
  /** Seconds until this rung is given up, or DOWN is left. */
  wait: number;
  /** Failures in a row, and seconds UP since the last. */
  tries: number;
  steady: number;
}

/** Makes the link and begins to climb. */
export function start(
  board: Board,
  log: Log,
  app: App,
  profile: Profile,
  config: ConfigFile,
  url: Url,
): Link {
  const ws = newWebSocket(board, log, {
    connected() {
      link.wait = HANDSHAKE_DEADLINE_S;
    },
    open() {
      link.state = LOGIN;
      link.wait = 0;
      say(log, INFO, "link", "Connected to WS. Logging in to MQTT...");
      connect(link.client, config.mqtt, profile.will);
    },
    data(payload) {
      const reason = receive(link.client, payload);
      if (link.state === LEAVING) leave(link);
      else if (reason) fall(link, profile.why(reason), reason);
    },
    closed(why) {
      if (link.state === LEAVING) off(link);
      else fall(link, why, UNSPECIFIED_ERROR);
    },
  });
  const events = {
    ready() {
      link.state = UP;
      link.steady = 0;
      say(log, INFO, "mqtt", "CONNECTED to " + url.shown);
      app.up(link);
    },
    message(topic: Bytes, payload: Bytes, flags: number) {
      if (link.state === UP) app.message(link, topic, payload, flags);
    },
  };
  const client = newClient(
    log,
    events,
    profile.kinds,
    (bytes, shown) => send(ws, bytes, shown),
    config.mqtt.maxPacket,
  );
  const link: Link = {
    state: DOWN,
    board,
    log,
    app,
    profile,
    config,
    url,
    ws,
    client,
    joined: 0,
    wait: 0,
    tries: 0,
    steady: 0,
  };
  board.tick(() => oneSecond(link));
  climb(link);
  return link;
}

/**
 * The application is done: DISCONNECT, CLOSE, then everything stops but the Wi-Fi. To be called while UP.
 */
export function stop(link: Link): void {
  link.state = LEAVING;
  link.wait = CLOSE_DEADLINE_S;
  // Not in the midst of a chunk: what was received before is acknowledged first.
  if (!link.client.corked) leave(link);
}

function leave(link: Link): void {
  disconnect(link.client);
  closeWebSocket(link.ws, NORMAL);
}

/** Gives this connection up: close, wait, climb again. `reason` goes to all that still waits for an answer. */
export function fall(link: Link, why: Bytes, reason: number): void {
  if (link.state <= DOWN) return;
  // Up to a bound that doubles: boards that fell together do not come back together.
  const bound = link.tries < 6 ? 1 << link.tries : MAX_BACKOFF_S;
  link.wait = ((link.board.random() * bound) | 0) + 1;
  link.tries++;
  if (link.tries % REJOIN_EVERY === 0) link.joined = 0;
  link.state = DOWN;
  say(link.log, ERROR, "link", "DOWN: " + why + ", again in " + link.wait + " s");
  // A CLOSE is of use only where somebody listens; what a dead line holds back must not stay in memory.
  const alive =
    link.ws.state === OPEN && link.joined && reason !== KEEP_ALIVE_TIMEOUT && reason !== NO_CONNACK;
  if (alive) closeWebSocket(link.ws, GOING_AWAY);
  abandon(link.ws, alive ? 0 : 1);
  closed(link.client, reason);
}

function climb(link: Link): void {
  const network = link.config.wifi;
  const attempt = link.tries;
  if (link.joined) return dial(link);
  link.state = JOINING;
  link.wait = JOIN_DEADLINE_S;
  say(link.log, INFO, "wifi", "Joining " + network.ssid);
  link.board.join(network, {
    joined(error) {
      // Perhaps the answer to an attempt that was given up.
      if (link.state !== JOINING || link.tries !== attempt) return;
      if (error)
        return fall(link, "Wi-Fi: " + error + ", check wifi.ssid and wifi.password", UNSPECIFIED_ERROR);
      link.joined = 1;
      // Signal and time have added to what is random.
      link.board.seed();
      say(link.log, INFO, "wifi", "Joined");
      dial(link);
    },
    left(why) {
      link.joined = 0;
      if (link.state >= JOINING && link.state <= UP) fall(link, "Wi-Fi: " + why, UNSPECIFIED_ERROR);
    },
  });
}

function dial(link: Link): void {
  link.state = OPENING;
  say(link.log, INFO, "ws", "Connecting to " + link.url.host + ":" + link.url.port);
  openWebSocket(link.ws, link.url);
  // Connecting may have blocked: the deadline runs from now.
  if (link.state === OPENING) link.wait = CONNECT_DEADLINE_S;
}

function oneSecond(link: Link): void {
  const late = link.wait && !--link.wait;
  if (link.state === LOGIN || link.state === UP) {
    const reason = tick(link.client);
    if (reason) fall(link, link.profile.why(reason), reason);
  } else if (late && link.state === DOWN) climb(link);
  else if (late && link.state === LEAVING) off(link);
  else if (late) {
    fall(
      link,
      link.state === JOINING ? "no answer from Wi-Fi" : "no answer from the server",
      UNSPECIFIED_ERROR,
    );
  }
  if (link.state === UP) {
    if (++link.steady === STEADY_S) link.tries = 0;
    link.app.second(link);
  }
}

function off(link: Link): void {
  link.state = OFF;
  link.board.tick();
  abandon(link.ws, 1);
  say(link.log, INFO, "link", "DONE");
}
