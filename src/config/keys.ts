// The keys of config.json that every application has: one row a key. Kind, least and most, default; a key without a default
// is required.

import { FIVE } from "#five";
import type { Board } from "../board";
import { INFO, WIRE } from "../log";
import { DISCONNECT, MAX_FIELD } from "../mqtt/spec";
import { type Handlers, MAX_BYTES, MAX_INFLIGHT, MAX_MESSAGES, MAX_UNSENT, MIN_UNSENT } from "../mqtt/state";
import { BOOLEAN, ELSEWHERE, NUMBER, type Rule, type Schema, TEXT, URL } from "./check";
import { checkHeaders, checkMask } from "./headers";
import { rules5 } from "./keys5";
import { checkTlsForm } from "./tls-key";
import { MAX_URL } from "./url";

/** Seconds of keep alive, unless configured: many proxies close a connection that is silent for 60 s. */
export const KEEP_ALIVE_S = 45;
/** Seconds without the link being UP after which the board restarts, unless configured. */
export const REBOOT_AFTER_S = 900;

/**
 * What the keys depend on in a build.
 * @direct
 */
export interface KeysProfile {
  /** Handlers by packet type. */
  handlers: Handlers;
  /** The rule for `mqtt.will`. A function: the rule need not stay in memory. */
  willRule(): Schema[string];
  /** The rule for `mqtt.outbox.save`. */
  saveRule(): Rule;
}

/** All keys; `own` are those of the application, by their names at the top of the file. */
export function keysOf(board: Board, profile: KeysProfile, own: Schema): Schema {
  const mqtt: Schema = {
    url: [URL, 1, MAX_URL],
    clientId: [TEXT, 0, MAX_FIELD, "esp32-" + board.serial()],
    // Function expressions: they are gone with this record (engine 10).
    tls: [(value) => checkTlsForm(value), 0, 0, ""],
    mask: [(value) => checkMask(value), 0, 0, "random"],
    headers: [(value) => checkHeaders(value), 0, 0, undefined],
    keepAlive: [NUMBER, 0, 65535, KEEP_ALIVE_S],
    cleanSession: [BOOLEAN, 0, 0, true],
  };
  const keys: Schema = {
    wifi: { ssid: [TEXT, 1, 32], password: [TEXT, 0, 64, ""], hostname: [TEXT, 0, 32, ""] },
    mqtt,
    link: { rebootAfterS: [NUMBER, 0, 86400, REBOOT_AFTER_S] },
  };
  addLimits(mqtt, profile);
  mqtt["will"] = profile.willRule();
  mqtt["version"] = [ELSEWHERE, 4, 0, "v5"];
  if (FIVE && profile.handlers[DISCONNECT]) rules5(mqtt);
  for (const name in own) keys[name] = own[name]!;
  keys["log"] = [NUMBER, 0, WIRE, INFO];
  return keys;
}

/** How much may wait and come: the same keys in config.json and in the options of the module. */
export function addLimits(keys: Schema, profile: KeysProfile): void {
  keys["maxPacket"] = [NUMBER, 128, 1048576, 4096];
  keys["maxInflight"] = [NUMBER, 1, 65535, MAX_INFLIGHT];
  keys["maxUnsent"] = [NUMBER, MIN_UNSENT, 65535, MAX_UNSENT];
  keys["outbox"] = {
    messages: [NUMBER, 1, 65535, MAX_MESSAGES],
    bytes: [NUMBER, 64, 1048576, MAX_BYTES],
    save: profile.saveRule(),
  };
}
