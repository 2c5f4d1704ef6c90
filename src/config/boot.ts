// From power-on to the first climb: randomness, config.json, log level. What is wrong is said once, and the board
// stays reachable on its console.

import { FIVE } from "#five";
import type { Board, Bytes } from "../board";
import { type Prepared, start } from "../link/link";
import { type App, type Link, RESTART_FILE } from "../link/rungs";
import { ERROR, INFO, type Log, say, WIRE } from "../log";
import { DISCONNECT, MAX_FIELD } from "../mqtt/spec";
import { MAX_BYTES, MAX_INFLIGHT, MAX_MESSAGES, MAX_UNSENT, MIN_UNSENT } from "../mqtt/state";
import type { Profile } from "../profile/profile";
import { BOOLEAN, checkConfig, ELSEWHERE, NUMBER, type Schema, TEXT, URL } from "./check";
import type { AppConfig, ConfigFile, MqttConfig } from "./config-file";
import { checkHeaders, checkMask } from "./headers";
import { rules5 } from "./keys5";
import { isLocal, parseUrl, type Url } from "./url";

/** Firmware version, as in package.json. */
export const VERSION = "0.1.0";

/** Seconds without the link being up after which the board restarts, unless configured. */
export const REBOOT_AFTER_S = 900;

/** An application, to be made from its part of the configuration. */
export interface AppModule {
  name: string;
  /** The rules for `app` in config.json. */
  rules(profile: Profile): Schema;
  /** The rules for `sign` in config.json, in builds that sign. */
  signRule?(board: Board): Schema;
  /** The rules for `device`, in builds of the device. */
  deviceRule?(board: Board): Schema;
  /** The text of config.json, where that is not simply the file's. */
  configText?(board: Board): Bytes | undefined;
  make(config: AppConfig): App;
}

/** The part of it that judges a configuration. */
export type AppRules = Pick<AppModule, "rules" | "deviceRule" | "signRule">;

/** @returns the link, or undefined if the configuration has a mistake */
export function boot(board: Board, app: AppModule, profile: Profile): Link | undefined {
  const ready = prepare(board, app, profile);
  if (!ready) return undefined;
  const link = start(board, ready, app.make(ready.config.app), profile);
  forget(ready.config);
  return link;
}

/** Lets go what nobody reads any more, 20 JsVars; `mqtt.url` has secrets, too, and its parts are elsewhere. */
function forget(config: Partial<ConfigFile>): void {
  const mqtt: Partial<MqttConfig> = config.mqtt!;
  delete mqtt.url;
  delete mqtt.tls;
  delete mqtt.mask;
  delete mqtt.headers;
  delete config.app;
  delete config.log;
}

/** All that is done once, in a function of its own: nothing of it stays in memory. */
function prepare(board: Board, app: AppModule, profile: Profile): Prepared | undefined {
  const log: Log = { level: INFO, print: board.print, uptime: board.uptime };
  if (!board.seed())
    say(log, INFO, "boot", "no source of chance is known on this board: ids, masks and keys can be guessed");
  const text = app.configText ? app.configText(board) : board.readFile("config.json");
  if (text === undefined) return refuse(log, "config.json: expected in Storage, and not there");
  const config = board.parseJson(text) as ConfigFile;
  const url = judge(board, log, { app, profile }, config);
  if (!url) return undefined;
  const mqtt = config.mqtt;
  if (mqtt.headers) url.headers = mqtt.headers;
  if (url.user !== undefined) mqtt.user = url.user;
  if (url.password !== undefined) mqtt.password = url.password;
  log.level = config.log;
  say(log, INFO, "boot", app.name + " " + VERSION + " " + profile.name + " " + mqtt.clientId);
  const restarted = board.readFile(RESTART_FILE);
  if (restarted) say(log, ERROR, "boot", "restarted by itself: " + restarted);
  return { log, config, url };
}

function refuse(log: Log, why: string): undefined {
  say(log, ERROR, "config", why);
}

/**
 * Whether the board can live with a parsed config.json: says every mistake, and fills in the defaults.
 * @returns where to connect, or undefined if there is a mistake
 */
export function judge(
  board: Board,
  log: Log,
  build: { app: AppRules; profile: Profile },
  config: ConfigFile,
): Url | undefined {
  if (checkConfig(log, schema(board, build.app, build.profile), config)) return undefined;
  const mqtt = config.mqtt;
  const url = parseUrl(mqtt.url) as Url; // checked above
  if (!mqtt.clientId && !mqtt.cleanSession)
    return refuse(log, "mqtt.clientId: expected some text without cleanSession");
  if (mqtt.tls && mqtt.tls !== "unverified")
    return refuse(log, 'mqtt.tls: expected "unverified", or nothing');
  if (url.tls && !mqtt.tls) {
    return refuse(
      log,
      'mqtt.tls: expected "unverified" with wss://, because Espruino encrypts without checking who the server is',
    );
  }
  if (!url.tls && url.password && !isLocal(url.host))
    say(log, INFO, "config", "warning: mqtt.url sends a password over ws://, for all to read on the way");
  return url;
}

/** The whole of config.json. */
function schema(board: Board, app: AppRules, profile: Profile): Schema {
  const rules: Schema & { mqtt: Schema } = {
    wifi: { ssid: [TEXT, 1, 32], password: [TEXT, 0, 64, ""], hostname: [TEXT, 0, 32, ""] },
    mqtt: {
      url: [URL, 1, 2048],
      clientId: [TEXT, 0, MAX_FIELD, "esp32-" + board.serial()],
      tls: [TEXT, 0, 16, ""],
      // Functions that are gone with this schema.
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
    link: { rebootAfterS: [NUMBER, 0, 86400, REBOOT_AFTER_S] },
    app: app.rules(profile),
    device: app.deviceRule ? app.deviceRule(board) : [ELSEWHERE, 0, 0, "device"],
    sign: app.signRule ? app.signRule(board) : [ELSEWHERE, 0, 0, "signed"],
    log: [NUMBER, 0, WIRE, INFO],
  };
  if (FIVE && profile.handlers[DISCONNECT]) rules5(rules.mqtt);
  return rules;
}
