// Power-on, before anything connects: seeds the random numbers, reads config.json, sets the log level. After a mistake the
// board stays reachable on its console.

import type { Board, Bytes } from "../board";
import { ERROR, INFO, type Log, say, WARNING } from "../log";
import { checkConfig, type Report, type Schema } from "./check";
import type { ConfigFile } from "./config-file";
import { CONFIG_FILE, RESTART_FILE } from "./files";
import { type KeysProfile, keysOf } from "./keys";
import { readServers } from "./servers";
import type { Settings } from "./settings";
import { checkTls } from "./tls-key";
import { isLocal, parseUrl, type Url } from "./url";

/** Firmware version, as in package.json. */
export const VERSION = "0.2.0";

/** What a configuration is judged by. */
export interface Build {
  profile: KeysProfile & { title(): Bytes };
  /** The application's own keys, by their names at the top of config.json. */
  ownKeys: Schema;
}

/** A build, and what the application says besides. */
export interface Firmware extends Build {
  name: Bytes;
  /** The text of config.json, where that is not simply the file's. */
  text?: Bytes;
}

/** The parts of a firmware, when the configuration is in order. */
export interface Prepared {
  log: Log;
  config: ConfigFile;
  settings: Settings;
}

/** Prints each mistake, and a warning for each unknown key. */
export function reportTo(log: Log): Report {
  return function (key, wrong) {
    if (wrong) say(log, ERROR, "config", key + ": " + wrong);
    else say(log, WARNING, "config", "unknown key " + key + ", ignored");
  };
}

/** In a function of its own: nothing of it stays in memory. @returns undefined if the configuration has a mistake */
export function prepare(board: Board, firmware: Firmware): Prepared | undefined {
  const log: Log = { level: INFO, print: board.print, uptime: board.uptime };
  const report = reportTo(log);
  if (!board.seed())
    say(log, INFO, "boot", "no source of chance is known on this board: ids, masks and keys can be guessed");
  if (firmware.text === undefined)
    return report(CONFIG_FILE, "expected in Storage, and not there") as undefined;
  const config = board.parseJson(firmware.text) as ConfigFile;
  const first = judge(board, report, firmware, config);
  if (!first) return undefined;
  const mqtt = config.mqtt;
  let url = first;
  do {
    if (!url.tls && url.password && !isLocal(url.host))
      say(log, WARNING, "config", "mqtt.url sends a password over ws://, for all to read on the way");
    if (mqtt.headers) url.headers = mqtt.headers;
    url = url.next || first;
  } while (url !== first);
  if (url.user !== undefined) mqtt.user = url.user;
  if (url.password !== undefined) mqtt.password = url.password;
  log.level = config.log;
  say(
    log,
    INFO,
    "boot",
    firmware.name + " " + VERSION + " " + firmware.profile.title() + " " + mqtt.clientId,
  );
  const restarted = board.readFile(RESTART_FILE);
  if (restarted) say(log, ERROR, "boot", "restarted by itself: " + restarted);
  return { log, config, settings: settingsOf(config, url) };
}

/** What a link is made of. CONNECT's part of the file is used as it is; power-on removes the rest of it. */
function settingsOf(config: ConfigFile, url: Url): Settings {
  const mqtt = config.mqtt;
  const outbox = { messages: mqtt.outbox.messages, bytes: mqtt.outbox.bytes };
  const { maxPacket, maxInflight, maxUnsent } = mqtt;
  return {
    network: config.wifi,
    login: mqtt,
    url,
    restartAfterS: config.link.rebootAfterS,
    limits: { maxPacket, maxInflight, maxUnsent, outbox },
    saved: mqtt.outbox.save,
    zero: mqtt.mask === "zero" ? 1 : 0,
  };
}

/**
 * Whether the board can live with a parsed config.json: reports every mistake, and fills in the defaults.
 * @returns where to connect, or undefined if there is a mistake
 */
export function judge(board: Board, report: Report, build: Build, config: ConfigFile): Url | undefined {
  if (checkConfig(report, keysOf(board, build.profile, build.ownKeys), config)) return undefined;
  const mqtt = config.mqtt;
  if (!mqtt.clientId && !mqtt.cleanSession)
    return report("mqtt.clientId", "expected some text without cleanSession") as undefined;
  if (Array.isArray(mqtt.url)) return readServers(report, mqtt);
  const url = parseUrl(mqtt.url) as Url; // checked above
  return checkTls(report, "mqtt.tls", mqtt.tls, url) ? undefined : url;
}
