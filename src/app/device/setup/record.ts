// Setup without a cable: its limits, and what it knows while the access point is open. Nothing of it is in memory at other
// times.

import type { Board, Bytes, Found, Peer } from "../../../board";
import type { Profile } from "../../../link/profile";
import type { Log } from "../../../log";
import type { DeviceWorld } from "../record";

/** Where the page is: the address that the chip gives itself. */
export const ADDRESS = "192.168.4.1";
export const HTTP_PORT = 80;
export const DNS_PORT = 53;

/** Largest request in bytes, its header included. */
export const MAX_REQUEST = 2048;
/** Seconds that a client has from its connection to the last byte of the answer. */
export const REQUEST_DEADLINE_S = 15;
/** Most connections at once, each with one request: browsers open some ahead of use. The chip has ten sockets. */
export const MAX_GUESTS = 5;
/** Networks on the page, the strongest first. */
export const MAX_NETWORKS = 10;
/** Seconds that the scan may take before the access point opens. */
export const SCAN_DEADLINE_S = 10;
/** Seconds between the end of the access point and the next attempt to join. */
export const AFTER_SETUP_S = 3;
/** Milliseconds between the answer to a good configuration and the restart that tries it. */
export const RESTART_MS = 2000;
/** Random numbers of 24 bits in the token of the page. */
export const TOKEN_PIECES = 3;

/** What the page is about: one setup, from the scan to the end of the access point. */
export interface Setup {
  board: Board;
  log: Log;
  world: DeviceWorld;
  profile: Profile;
  /** Why the access point is open. */
  why: Bytes;
  /** Name of the network. */
  name: Bytes;
  /** "" for an open network. */
  password: Bytes;
  /** Seconds that it stays open, and when that is over, in milliseconds since boot. */
  forS: number;
  endsMs: number;
  /** 1 until the search for networks has ended, and what it has found. */
  looking: number;
  found: Found[];
  /** A form that was not made by this setup is refused (cross-site request forgery). */
  token: Bytes;
  /** Open connections. */
  guests: number;
  /** 1 once it is closed, or a configuration was taken. */
  over: number;
  /** Only a link counts it down (src/link/trial.ts). */
  trialLeft?: number;
  /** Called before the restart, so that nothing is lost with it. */
  leave(): void;
}

/** One connection of a phone. */
export interface Guest {
  setup: Setup;
  peer: Peer;
  /** The request so far, "" once it is answered. */
  text: Bytes;
  /** What of the answer is next, -1 before there is one. */
  step: number;
  /** The answer: its status line and what it says, or the form. */
  status: Bytes;
  body: Bytes;
  form?: Form;
  /** 1 when the connection has ended. */
  gone: number;
}

/** The fields of the page as they are shown, in the order of {@link fieldAt}; and what is wrong with each. */
export interface Form {
  values: Bytes[];
  wrong: Bytes[];
  /** Mistakes in keys that are not on the page. */
  others: Bytes;
}

/** The numbers of the fields, for code that means one of them. */
export const SSID = 0;
export const WIFI_PASSWORD = 1;
export const URL = 2;
export const USER = 3;
export const USER_PASSWORD = 4;
export const IDENTITY = 5;
export const PSK = 6;
export const SIGN_KEY = 7;
export const ID = 8;
export const FIELDS = 9;

/** A field: the key of config.json that it is about, its label, a hint, and 1 if it is a secret, which is never shown. */
export interface Field {
  key: Bytes;
  label: Bytes;
  hint: Bytes;
  secret: number;
}

/** The field of a number. Made when it is asked for: so it takes no memory (engine 10). */
export function fieldAt(number: number): Field {
  const rows = [
    "wifi.ssid|Wi-Fi network|",
    "wifi.password|Its password|empty: unchanged, or none for another network|s",
    "mqtt.url|Broker|ws://host:9001/mqtt, or wss://; *** stands for what it has; empty: several stay",
    "|User|empty: unchanged",
    "|Password of the user|empty: unchanged|s",
    "mqtt.tls.psk.identity|Identity|only for wss:// with a shared key",
    "mqtt.tls.psk.key|Shared key|empty: unchanged|s",
    "sign.key|Signing key|empty: unchanged, or commands need no signature|s",
    "device.id|Name of this device|",
  ];
  const row = rows[number]!.split("|");
  return { key: row[0]!, label: row[1]!, hint: row[2]!, secret: row[3] ? 1 : 0 };
}

/** The field that shows a mistake in this key, {@link FIELDS} for none. */
export function fieldOf(key: Bytes): number {
  // One of several brokers.
  if (key.substr(0, 9) === "mqtt.url[") return URL;
  if (key.substr(0, 8) === "mqtt.tls") return key === "mqtt.tls.psk.key" ? PSK : IDENTITY;
  for (let i = 0; i < FIELDS; i++) if (fieldAt(i).key === key) return i;
  return key === "wifi" ? SSID : key === "mqtt" ? URL : FIELDS;
}
