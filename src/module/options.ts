// The options of `connect`, in MQTT.js' terms, become what a link is made of (src/config/settings.ts). A mistake
// throws and names the option. The caller's objects are not changed.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { checkConfig } from "../config/check";
import type { MqttConfig } from "../config/config-file";
import type { Settings } from "../config/settings";
import { checkTls } from "../config/tls-key";
import { parseUrl, type Url } from "../config/url";
import type { Profile } from "../link/profile";
import { brief, must } from "../mqtt/bytes";
import type { Options5 } from "../mqtt/v5/options";
import { type Memory, toBytes } from "../text";
import type { Auth, ConnectOptions, Renew } from "./mqtt-ws";
import { optionKeys } from "./option-keys";
import { connectNames, willNames } from "./properties";
import { serversOf } from "./servers";

/** Options and what they mean when left out. */
type Options = Required<ConnectOptions> & { outbox: MqttConfig["outbox"] };

export interface Ready {
  settings: Settings;
  /** Seconds between two attempts at least; 0: there is no other. */
  periodS: number;
  /** Seconds for an attempt, 0 = what the ladder allows. */
  timeoutS: number;
  /** Level of the log. */
  log: number;
  renew?: Renew;
  auth?: Auth;
  /** The options for `client.options`, where the client has its extras. */
  extras?: ConnectOptions;
}

/** Reads the URL and the options. Throws on a mistake in either. */
export function readOptions(
  address: Bytes,
  given: ConnectOptions | undefined,
  profile: Profile,
  serial: Bytes,
  memory: Memory,
): Ready {
  must(typeof address === "string", "url: expected ws://[user[:password]@]host[:port][/path]");
  let url = parseUrl(address) as Url;
  must(typeof url !== "string", "url " + url);
  const options = inOurTerms(given || {}, memory);
  // Throws a mistake, and an option that does not exist: ignoring it would hide a typing error. Made here, so that it does
  // not stay in memory.
  const refuse = function (key: Bytes, wrong: Bytes) {
    must(false, wrong ? key + ": " + wrong : "unknown option " + brief(key));
  };
  checkConfig(refuse, optionKeys(profile, serial), options);
  must(options.clientId || options.clean, "clientId: expected some text without clean");
  checkTls(refuse, "tls", options.tls, url);
  // In the URL: the log hides its secrets.
  if (options.username !== undefined) url.user = options.username;
  if (options.password !== undefined) url.password = options.password;
  // MQTT 5 allows a password alone (3.1.2.9).
  const alone = url.password !== undefined && url.user === undefined;
  must(
    !alone || options.protocolVersion === 5,
    "username: expected beside password, unless protocolVersion is 5",
  );
  if (options.headers) url.headers = options.headers;
  if (options.servers) {
    const first = serversOf(url, options.servers);
    must(typeof first !== "string", first as Bytes);
    url = first as Url;
  }
  return {
    settings: settingsOf(options, url),
    periodS: seconds(options.reconnectPeriod),
    timeoutS: seconds(options.connectTimeout),
    log: options.log,
    renew: options.renew,
    auth: options.auth,
    extras: options.extras ? shownOf(given!, options) : undefined,
  };
}

/** The caller's options with what is meant where they are silent. */
function shownOf(given: ConnectOptions, options: Options): ConnectOptions {
  const shown = copy(given);
  for (const name in options) {
    const value = options[name as keyof ConnectOptions];
    if (shown[name] === undefined && value !== undefined) shown[name] = value;
  }
  return shown as ConnectOptions;
}

/** A copy of the options: payloads as bytes, properties under the names of config.json. */
function inOurTerms(given: ConnectOptions, memory: Memory): Options {
  const options = copy(given) as unknown as Options;
  const will = options.will;
  if (will && will.payload !== undefined) will.payload = toBytes(will.payload, memory);
  if (FIVE) {
    options.properties = connectNames(options.properties, memory) as Options["properties"];
    if (will) will.properties = willNames(will.properties, memory) as typeof will.properties;
  }
  return options;
}

/** What the link is made of. The Wi-Fi and the board belong to the program: it is never restarted from here. */
function settingsOf(options: Options, url: Url): Settings {
  const { maxPacket, maxInflight, maxUnsent } = options;
  const outbox = { messages: options.outbox.messages, bytes: options.outbox.bytes };
  return {
    login: loginOf(options, url),
    url,
    restartAfterS: 0,
    limits: { maxPacket, maxInflight, maxUnsent, outbox },
    saved: options.outbox.save,
    zero: options.mask === "zero" ? 1 : 0,
  };
}

/** What CONNECT says. A field that is not needed is left out: it would take memory. */
function loginOf(options: Options, url: Url): Options5 {
  const login: Options5 = {
    clientId: options.clientId,
    keepAlive: options.keepalive,
    cleanSession: options.clean,
  };
  if (options.will) login.will = options.will as Options5["will"];
  if (url.user !== undefined) login.user = url.user;
  if (url.password !== undefined) login.password = url.password;
  if (FIVE) {
    login.version = options.protocolVersion;
    login.properties = options.properties as Options5["properties"];
  }
  return login;
}

/** Whole seconds, which the ladder counts in. */
function seconds(ms: number): number {
  return ms ? ((ms + 999) / 1000) | 0 : 0;
}

/** A copy, to be filled up with defaults. */
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
