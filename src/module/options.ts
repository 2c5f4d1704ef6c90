// The options of `connect`, in MQTT.js' words, to the configuration of the link (src/config/config-file.ts). A mistake
// throws an error that names the option. The caller's objects do not change.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { BOOLEAN, checkConfig, NUMBER, type Schema, TEXT } from "../config/check";
import type { ConfigFile } from "../config/config-file";
import { checkHeaders, checkMask } from "../config/headers";
import { addLimits, checkTls } from "../config/keys";
import { rules5 } from "../config/keys5";
import { parseUrl, type Url } from "../config/url";
import type { Profile } from "../link/profile";
import { WIRE } from "../log";
import { must } from "../mqtt/bytes";
import { MAX_FIELD } from "../mqtt/spec";
import { type Memory, toBytes } from "../text";
import type { ConnectOptions } from "./mqtt-ws";
import { connectNames, willNames } from "./properties";

/** The options with their defaults filled in. */
type Options = Required<ConnectOptions> & { outbox: ConfigFile["mqtt"]["outbox"] };

export interface Ready {
  config: ConfigFile;
  url: Url;
  /** Least seconds between two attempts; 0: only one attempt. */
  periodS: number;
  /** Seconds for an attempt; 0: the deadlines of the ladder. */
  timeoutS: number;
  /** Level of the log. */
  log: number;
}

const HOUR_MS = 3600000;
const DAY_MS = 86400000;

/** @throws Error on a mistake in the URL or the options */
export function readOptions(
  address: Bytes,
  given: ConnectOptions | undefined,
  profile: Profile,
  serial: Bytes,
  memory: Memory,
): Ready {
  must(typeof address === "string", "url: expected ws://[user[:password]@]host[:port][/path]");
  const url = parseUrl(address) as Url;
  must(typeof url !== "string", "url " + url);
  const options = copy(given || {}) as unknown as Options;
  if (options.will && options.will.payload !== undefined)
    options.will.payload = toBytes(options.will.payload, memory);
  if (FIVE) {
    options.properties = connectNames(options.properties, memory) as Options["properties"];
    if (options.will)
      options.will.properties = willNames(options.will.properties, memory) as typeof options.will.properties;
  }
  checkConfig(refuse, schema(profile, serial), options);
  must(options.clientId || options.clean, "clientId: expected some text without clean");
  checkTls(refuse, "tls", options.tls, url.tls);
  // Into the URL, because the log hides its secrets.
  if (options.username !== undefined) url.user = options.username;
  if (options.password !== undefined) url.password = options.password;
  must(url.password === undefined || url.user !== undefined, "username: expected beside password");
  if (options.headers) url.headers = options.headers;
  const config = {
    wifi: { ssid: "(own)" } as ConfigFile["wifi"],
    mqtt: {
      clientId: options.clientId,
      keepAlive: options.keepalive,
      cleanSession: options.clean,
      maxPacket: options.maxPacket,
      maxInflight: options.maxInflight,
      maxUnsent: options.maxUnsent,
      outbox: options.outbox,
    } as ConfigFile["mqtt"],
    // The board belongs to the user's program: the module never restarts it.
    link: { rebootAfterS: 0 },
  } as ConfigFile;
  // Keys that have their usual value are left out: they would take memory (engine 13).
  if (!options.outbox.save) delete (options.outbox as { save?: boolean }).save;
  if (options.mask !== "random") config.mqtt.mask = options.mask;
  if (options.will) config.mqtt.will = options.will as ConfigFile["mqtt"]["will"];
  if (url.user !== undefined) config.mqtt.user = url.user;
  if (url.password !== undefined) config.mqtt.password = url.password;
  if (FIVE) {
    config.mqtt.version = options.protocolVersion;
    config.mqtt.properties = options.properties as ConfigFile["mqtt"]["properties"];
  }
  return {
    config,
    url,
    periodS: seconds(options.reconnectPeriod),
    timeoutS: seconds(options.connectTimeout),
    log: options.log,
  };
}

/** Milliseconds as whole seconds, rounded up: the ladder counts in seconds. */
function seconds(ms: number): number {
  return ms ? ((ms + 999) / 1000) | 0 : 0;
}

/** A deep copy, into which the check writes the defaults. */
function copy(value: object): { [name: string]: unknown } {
  const to: { [name: string]: unknown } = {};
  must(typeof value === "object" && !Array.isArray(value), "options: expected an object {...}");
  for (const name in value) {
    const each = (value as { [name: string]: unknown })[name];
    const plain = typeof each === "object" && each && !Array.isArray(each);
    if (each !== undefined)
      to[name] = plain && (each as ArrayBuffer).byteLength === undefined ? copy(each) : each;
  }
  return to;
}

/** Throws the mistake. An unknown option is a mistake too: it is often a typing error. */
function refuse(key: Bytes, wrong: Bytes): void {
  must(false, wrong ? key + ": " + wrong : "unknown option " + key);
}

function schema(profile: Profile, serial: Bytes): Schema {
  const rules: Schema = {
    clientId: [TEXT, 0, MAX_FIELD, "esp32-" + serial],
    username: [TEXT, 0, MAX_FIELD, undefined],
    password: [(value) => checkBinary(value), 0, 0, undefined],
    keepalive: [NUMBER, 0, 65535, 60],
    clean: [BOOLEAN, 0, 0, true],
    will: profile.willRule(),
    reconnectPeriod: [NUMBER, 0, DAY_MS, 1000],
    connectTimeout: [NUMBER, 1000, HOUR_MS, 0],
    protocolVersion: [
      function (value) {
        return value === 4 ? "" : "4: only the builds mqtt-ws-v5 speak MQTT 5";
      },
      0,
      0,
      4,
    ],
    mask: [(value) => checkMask(value), 0, 0, "random"],
    headers: [(value) => checkHeaders(value), 0, 0, undefined],
    tls: [TEXT, 0, 16, ""],
    log: [NUMBER, 0, WIRE, 0],
  };
  addLimits(rules, profile);
  const will = rules["will"] as Schema;
  // The payload of a will is binary data (3.1.3.3), not only text.
  if (!Array.isArray(will)) will["payload"] = [(value) => checkBinary(value), 0, 0, ""];
  if (FIVE) {
    const mqtt: Schema = { will };
    rules5(mqtt);
    rules["properties"] = mqtt["properties"]!;
    rules["protocolVersion"] = (mqtt["version"] as unknown[]).slice(0, 3).concat([4]) as Schema[string];
  }
  return rules;
}

/** Binary data (MQTT 3.1.3.3, 3.1.3.5). */
function checkBinary(value: unknown): Bytes {
  return typeof value === "string" && value.length <= MAX_FIELD ? "" : "0..65535 bytes";
}
