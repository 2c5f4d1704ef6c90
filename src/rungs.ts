// The rungs of the ladder, how long each may take, and what a link knows. Numbers and types only.

import type { Board, Bytes } from "./board";
import type { ConfigFile } from "./config-file";
import type { Log } from "./log";
import type { Client } from "./mqtt/state";
import type { Profile } from "./profile/profile";
import type { Url } from "./url";
import type { WebSocket } from "./ws/websocket";

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
