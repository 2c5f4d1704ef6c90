// config.json as TypeScript sees it, defaults filled in. The names in this file are the user's: they keep their
// spelling in the bundle (build/outside.ts).

import type { Bytes, Network } from "../board";
import type { Limits } from "../mqtt/state";
import type { Options5 } from "../mqtt/v5/options";

/** Everything that config.json can say. The README has the table of keys. */
export interface ConfigFile {
  wifi: Network;
  mqtt: MqttConfig;
  link: LinkConfig;
  /** The application's own (src/app). */
  app: AppConfig;
  /** Of the application `device`. */
  device?: DeviceConfig;
  /** In builds that sign (src/sign). */
  sign?: SignConfig;
  /** 0 none, 1 errors, 2 what happens, 3 why, 4 the bytes. */
  log: number;
}

export interface MqttConfig extends Options5, Limits {
  /** ws:// or wss://[user[:password]@]host[:port][/path][?query] */
  url: Bytes;
  /** "unverified", or "" where there is no TLS to be. */
  tls: Bytes;
  /** "random", or "zero": payload goes out as it is (RFC 6455 5.3 asks for the former). */
  mask: Bytes;
  /** Further headers of the upgrade request. */
  headers?: { [name: Bytes]: Bytes };
}

export interface LinkConfig {
  /** Seconds without the link being UP after which the board restarts, 0 = never. */
  rebootAfterS: number;
}

export interface AppConfig {
  topic: Bytes;
  message: Bytes;
  /** 0, 1 or 2 */
  qos: number;
}

export interface SignConfig {
  /** The shared key in hexadecimal or base64; "" once it was read. */
  key: Bytes;
  /** What our messages say they come from. */
  id: Bytes;
}

export interface DeviceConfig {
  /** Topics begin with `<base>/<id>/`. */
  base: Bytes;
  id: Bytes;
  /** Seconds between two reports, 0 = none. */
  telemetryS: number;
  /** Home Assistant's prefix for discovery, "" = none. */
  discovery: Bytes;
  /** Name of the output that blinks when the device is to be found, "" = none. */
  identify: Bytes;
  /** By names of the user's. */
  pins: { [name: Bytes]: PinConfig };
}

export interface PinConfig {
  /** As on the board: "D5". */
  pin: Bytes;
  /** "output", "input", "analog", "pwm" */
  use: Bytes;
  /** Active when low. */
  inverted: boolean;
  /** Outputs and PWM, after a restart: "off", "on", "last". */
  boot: Bytes;
  /** Inputs: "up", "down", "none". */
  pull: Bytes;
  debounceMs: number;
  /** Inputs: how long makes a long press, 0 = presses are not told. */
  longMs: number;
  /** Analogue inputs. */
  everyS: number;
  scale: number;
  offset: number;
  delta: number;
  /** PWM: periods a second. */
  hz: number;
  /** For Home Assistant. */
  unit: Bytes;
  deviceClass: Bytes;
}
