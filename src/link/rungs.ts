// The rungs of the ladder, how long each may take, and what a link knows. Numbers and types only.

import type { Board, Bytes, Network, Owner } from "../board";
import type { Url } from "../config/url";
import type { Log } from "../log";
import type { Client } from "../mqtt/state";
import type { Options5 } from "../mqtt/v5/options";
import type { Properties } from "../mqtt/v5/properties";
import type { WebSocket, WebSocketOwner } from "../ws/state";
import type { Saver } from "./outbox-file";
import type { Profile } from "./profile";

/** The rungs. */
export const OFF = 0;
export const DOWN = 1;
export const JOINING = 2;
/** The application gets new credentials. */
export const RENEWING = 3;
/** TCP, or the reply to the upgrade request. */
export const OPENING = 4;
/** The handshake of TLS. */
export const SECURING = 5;
export const LOGIN = 6;
export const UP = 7;
/** The application is done: waiting for the server to close. */
export const LEAVING = 8;

/** Seconds to wait for the Wi-Fi: the chip itself tries three times. */
export const JOIN_DEADLINE_S = 40;
/** Seconds to wait for TCP on boards where connecting does not block. */
export const CONNECT_DEADLINE_S = 30;
/** Seconds to wait for the end of the TLS handshake. The chip calculates for one or two seconds, and blocks meanwhile. */
export const TLS_DEADLINE_S = 20;
/** Seconds that an application has for {@link App.renew}. */
export const RENEW_DEADLINE_S = 30;
/** Seconds to wait for the reply to the upgrade request, once TCP, or TLS, is done. */
export const HANDSHAKE_DEADLINE_S = 10;
/** Seconds to wait for the server to close after our CLOSE. */
export const CLOSE_DEADLINE_S = 3;
/** Shortest wait before the next attempt, in seconds, by class of failure. A random part is added (back-off.ts). */
export const NETWORK_WAIT_S = 0;
/** The server answers but cannot serve now: CONNACK 3, HTTP 429, 502, 503, 504, 520 to 530, WebSocket's 1012 and 1013. */
export const BUSY_WAIT_S = 15;
/** The configuration or the server must change: CONNACK 1, 2, 4, 5, HTTP 3xx, 401, 403, 404, no or wrong subprotocol. */
export const REFUSED_WAIT_S = 300;
/** So often the bound of the wait doubles, from 1 s. */
export const DOUBLINGS = 5;
/** Largest bound of the random part, in seconds: 10,000 boards that come back over this time are 313 a second. */
export const MAX_BACKOFF_S = 1 << DOUBLINGS;
/** Seconds UP after which the back-off begins again at its shortest. */
export const STEADY_S = 60;
/** `joined` when TCP has connected. */
export const REACHED = 2;
/** Failures of the network in a row after which the Wi-Fi is joined again, whatever its events said. */
export const REJOIN_EVERY = 5;
/** Every n-th join attempt in a row while the link is not UP switches the radio off and on first; so does one after no answer. */
export const RADIO_EVERY = 3;
/**
 * Quick closes, in seconds after UP and in number: so many in a row look like another client with the same id, which comes back
 * within {@link MAX_BACKOFF_S}, and a few seconds for its login.
 */
export const QUICK_S = MAX_BACKOFF_S + 8;
export const QUICK_CLOSES = 3;

/** Two faults of the engine within this time, in seconds, restart the board. */
export const FAULT_WITHIN_S = 600;
/** Period of the hardware watchdog: longer than DNS and TCP ever block on the chip, about 100 s. */
export const WATCHDOG_S = 300;

/** An application: its callbacks (src/app). */
export interface App {
  /** 1 to show each frame that comes in the log at level INFO; without it, a message leaves no line below DEBUG. */
  told?: number;
  /** Called once, before the first attempt to connect. */
  begin?(link: Link): void;
  /**
   * Called before each attempt to connect, for credentials that expire. Get new ones, pass them to `takeUrl`
   * (src/link/renew.ts), and call `next`, now or later. Without it the attempt ends after {@link RENEW_DEADLINE_S};
   * `fall` (src/link/ladder.ts) ends it at once, with a reason. A call of `next` that comes too late does nothing.
   */
  renew?(link: Link, next: () => void): void;
  /** MQTT is connected: also after every reconnect. `present` is 1 when the server kept our session (3.2.2.2). */
  up(link: Link, present: number): void;
  /**
   * The connection is lost, or an attempt has failed; `link.why` says why. The next attempt comes after
   * `link.secondsLeft`, which may be changed here. With reason 0 the link was stopped for good.
   */
  down?(link: Link, reason: number): void;
  /**
   * All that was written has left the board, and nothing waits any more: there is room for the next messages. Called after a message
   * found no room: it waits, or its policy dropped it.
   */
  drained?(link: Link): void;
  /** Something has failed that no callback tells. The log has it already; `what` says it in words. */
  failed?(link: Link, what: Bytes, reason: number): void;
  /** A message came, already acknowledged; `flags` are those of its PUBLISH, `properties` come with MQTT 5. */
  received(link: Link, topic: Bytes, payload: Bytes, flags: number, properties?: Properties): void;
  /** Another second UP has passed. */
  everySecond(link: Link): void;
}

export interface Link extends Owner, WebSocketOwner {
  state: number;
  board: Board;
  log: Log;
  app: App;
  profile: Profile;
  /** Absent where the Wi-Fi is joined by the user's program. */
  network?: Network;
  /** What CONNECT says. A server that assigns a Client Identifier writes it here. */
  login: Options5;
  url: Url;
  ws: WebSocket;
  client: Client;
  /** 1 while the Wi-Fi is joined, as far as is known; {@link REACHED} when this attempt has proven it. */
  joined: number;
  /** Attempts to join since the link was last UP. */
  joins: number;
  /** Seconds until this rung is given up, or DOWN is left. */
  secondsLeft: number;
  /** Failures in a row, counted from {@link DOUBLINGS} on once TCP had connected, and seconds UP since the last. */
  tries: number;
  upSeconds: number;
  /** Quick closes in a row. */
  quickCloses?: number;
  /** The refusal that was said in full already, 0 = none since the link was UP. */
  lastRefusal?: number;
  /** Milliseconds since boot when the link was last UP, 0 before that. */
  lastUpMs: number;
  /** Why it is not UP. */
  why: Bytes;
  /** Seconds without being UP after which the board restarts, 0 = never. */
  restartAfterS: number;
  /** Milliseconds since boot of the engine's last fault, 0 = none. */
  lastFaultMs?: number;

  /** Seconds that are left to a trial (src/link/trial.ts), 0 or undefined without one. */
  trialLeft?: number;
  /** The outbox in flash, where it is configured. */
  saver?: Saver;
  /** The application's own state. Only the application reads it. */
  own?: unknown;
}
