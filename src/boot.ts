// From power-on to the first climb: randomness, config.json, log level. What is wrong is said once, and the board
// stays reachable on its console.

import type { Board } from "./board";
import { COMMON_ROWS, type Row, readConfig, type Values } from "./config";
import { type App, type Link, type Settings, start } from "./link";
import { ERROR, INFO, type Log, say } from "./log";
import type { Profile } from "./profile/profile";
import { parseUrl } from "./url";

/** Firmware version, as in package.json. */
export const VERSION = "0.1.0";

/** An application, given its values of config.json. */
export interface AppModule {
  name: string;
  /** Its configuration keys. */
  rows(profile: Profile): Row[];
  make(values: Values): App;
}

/** @returns the link, or undefined if the configuration has a mistake */
export function boot(board: Board, app: AppModule, profile: Profile): Link | undefined {
  const log: Log = { level: INFO, print: board.print, now: board.now };
  board.seed();
  const text = board.read("config.json");
  if (text === undefined) {
    say(log, ERROR, "config", "config.json: expected this file in Storage, and there is none");
    return undefined;
  }
  const values = readConfig(log, COMMON_ROWS.concat(profile.rows, app.rows(profile)), board.parse(text));
  const settings = values && settle(log, board, values);
  if (!values || !settings) return undefined;
  log.level = values["log"] as number;
  say(log, INFO, "boot", app.name + " " + VERSION + " " + profile.name + " " + settings.mqtt.clientId);
  return start(board, log, app.make(values), profile, settings);
}

/** Values to settings; prints what is wrong between them. */
function settle(log: Log, board: Board, values: Values): Settings | undefined {
  const url = parseUrl(values["mqtt.url"] as string);
  const given = values["mqtt.clientId"];
  let why = "";
  if (typeof url === "string")
    why = "mqtt.url: expected ws://[user:password@]host[:port][/path], but it " + url;
  else if (url.tls) why = "mqtt.url: expected ws://, this build has no TLS";
  if (given === "" && !values["mqtt.cleanSession"])
    why = "mqtt.clientId: expected 1 byte or more without mqtt.cleanSession";
  if (values["mqtt.will"] && !values["mqtt.will.topic"]) why = "mqtt.will.topic: expected a topic name";
  if (why || typeof url === "string") {
    say(log, ERROR, "config", why);
    return undefined;
  }
  return {
    network: {
      ssid: values["wifi.ssid"] as string,
      password: values["wifi.password"] as string,
      hostname: values["wifi.hostname"] as string,
    },
    target: url,
    shown: url.shown,
    maxPacket: values["mqtt.maxPacket"] as number,
    mqtt: {
      clientId: given === false ? "esp32-" + board.serial() : (given as string),
      cleanSession: values["mqtt.cleanSession"] as boolean,
      keepAlive: values["mqtt.keepAlive"] as number,
      user: url.user,
      password: url.password,
      will: values["mqtt.will"]
        ? {
            topic: values["mqtt.will.topic"] as string,
            payload: values["mqtt.will.payload"] as string,
            qos: values["mqtt.will.qos"] as number,
            retain: values["mqtt.will.retain"] as boolean,
          }
        : undefined,
    },
  };
}
