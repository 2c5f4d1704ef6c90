// From power-on to the first climb: randomness, config.json, log level. What is wrong is said once, and the board
// stays reachable on its console.

import type { Board } from "./board";
import { BOOLEAN, checkConfig, ELSEWHERE, NUMBER, type Schema, TEXT, URL } from "./config";
import type { AppConfig, ConfigFile } from "./config-file";
import { checkHeaders, checkMask } from "./headers";
import { start } from "./link";
import { ERROR, INFO, type Log, say, WIRE } from "./log";
import { hooks } from "./mqtt/hooks";
import { MAX_FIELD } from "./mqtt/spec";
import { MAX_BYTES, MAX_INFLIGHT, MAX_MESSAGES, MAX_UNSENT, MIN_UNSENT } from "./mqtt/state";
import type { Profile } from "./profile/profile";
import { type App, type Link, RESTART_FILE } from "./rungs";
import { isLocal, parseUrl, type Url } from "./url";

/** Firmware version, as in package.json. */
export const VERSION = "0.1.0";

/** An application, to be made from its part of the configuration. */
export interface AppModule {
  name: string;
  /** The rules for `app` in config.json. */
  rules(profile: Profile): Schema;
  /** The rules for `sign` in config.json, in builds that sign. */
  signRule?(board: Board): Schema;
  make(config: AppConfig): App;
}

/** What {@link boot} has found to be in order. */
interface Prepared {
  log: Log;
  config: ConfigFile;
  url: Url;
}

/** @returns the link, or undefined if the configuration has a mistake */
export function boot(board: Board, app: AppModule, profile: Profile): Link | undefined {
  const ready = prepare(board, app, profile);
  return ready && start(board, ready.log, app.make(ready.config.app), profile, ready.config, ready.url);
}

/** All that is done once, in a function of its own: nothing of it stays in memory. */
function prepare(board: Board, app: AppModule, profile: Profile): Prepared | undefined {
  const log: Log = { level: INFO, print: board.print, now: board.now };
  function refuse(why: string): undefined {
    say(log, ERROR, "config", why);
  }
  if (!board.seed())
    say(log, INFO, "boot", "no source of chance is known on this board: ids, masks and keys can be guessed");
  const text = board.read("config.json");
  if (text === undefined) return refuse("config.json: expected in Storage, and not there");
  const config = board.parse(text) as ConfigFile;
  if (checkConfig(log, schema(board, app, profile), config)) return undefined;
  const mqtt = config.mqtt;
  const url = parseUrl(mqtt.url) as Url; // checked above
  if (!mqtt.clientId && !mqtt.cleanSession)
    return refuse("mqtt.clientId: expected some text without cleanSession");
  if (mqtt.tls && mqtt.tls !== "unverified") return refuse('mqtt.tls: expected "unverified", or nothing');
  if (url.tls && !mqtt.tls) {
    return refuse(
      'mqtt.tls: expected "unverified" with wss://, because Espruino encrypts without checking who the server is',
    );
  }
  if (!url.tls && url.password && !isLocal(url.host))
    say(log, INFO, "config", "warning: mqtt.url sends a password over ws://, for all to read on the way");
  mqtt.url = ""; // it has secrets, and its parts are elsewhere
  if (mqtt.headers) url.headers = mqtt.headers;
  mqtt.user = url.user;
  mqtt.password = url.password;
  log.level = config.log;
  say(log, INFO, "boot", app.name + " " + VERSION + " " + profile.name + " " + mqtt.clientId);
  const restarted = board.read(RESTART_FILE);
  if (restarted) say(log, ERROR, "boot", "restarted by itself: " + restarted);
  return { log, config, url };
}

/** The whole of config.json. */
function schema(board: Board, app: AppModule, profile: Profile): Schema {
  const rules: Schema & { mqtt: Schema } = {
    wifi: { ssid: [TEXT, 1, 32], password: [TEXT, 0, 64, ""], hostname: [TEXT, 0, 32, ""] },
    mqtt: {
      url: [URL, 1, 2048],
      clientId: [TEXT, 0, MAX_FIELD, "esp32-" + board.serial()],
      tls: [TEXT, 0, 16, ""],
      mask: [(value) => checkMask(value), 0, 0, "random"],
      headers: [(value) => checkHeaders(value), 0, 0, undefined],
      keepAlive: [NUMBER, 0, 65535, 45],
      cleanSession: [BOOLEAN, 0, 0, true],
      maxPacket: [NUMBER, 128, 1048576, 4096],
      maxInflight: [NUMBER, 1, 65535, MAX_INFLIGHT],
      maxUnsent: [NUMBER, MIN_UNSENT, 65535, MAX_UNSENT],
      outbox: {
        messages: [NUMBER, 1, 65535, MAX_MESSAGES],
        bytes: [NUMBER, 64, 1048576, MAX_BYTES],
        save: profile.saveRule(),
      },
      will: profile.willRule(),
      version: [ELSEWHERE, 4, 0, "v5"],
    },
    link: { rebootAfterS: [NUMBER, 0, 86400, 900] },
    app: app.rules(profile),
    sign: app.signRule ? app.signRule(board) : [ELSEWHERE, 0, 0, "signed"],
    log: [NUMBER, 0, WIRE, INFO],
  };
  if (hooks && profile.kinds.older) hooks.rules(rules.mqtt);
  return rules;
}
