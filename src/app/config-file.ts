// What applications add to config.json, as TypeScript sees it, defaults filled in. The names in this file are the user's:
// they keep their spelling in the bundle (build/outside.ts).

import type { Bytes } from "../board";
import type { ConfigFile } from "../config/config-file";

export interface AppsConfigFile extends ConfigFile {
  app: AppConfig;
  /** Of the application `device`. */
  device?: DeviceConfig;
  /** In builds that sign (src/sign). */
  sign?: SignConfig;
  /** Of the application `device`. */
  setup?: SetupConfig;
}

export interface SetupConfig {
  /** Seconds without Wi-Fi since boot after which the access point opens, 0 = never. */
  afterS: number;
  /** Seconds that it stays open. */
  forS: number;
  /** Held at power-on it opens the access point; "" = no such pin. */
  pin: Bytes;
  /** WPA2; "" = an open network, only by the pin or without a configuration. */
  password: Bytes;
}

export interface AppConfig {
  topic: Bytes;
  message: Bytes;
  /** 0, 1 or 2 */
  qos: number;
}

export interface SignConfig {
  /** The shared key in hexadecimal or base64. */
  key: Bytes;
  /** Sender id in our messages. */
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
  /** Without it there are no updates through the broker. */
  update?: UpdateConfig;
  /** By names of the user's. */
  pins: { [name: Bytes]: PinConfig };
}

export interface UpdateConfig {
  /** The manifest is under `<base>/update/<channel>`. */
  channel: Bytes;
  /** The public key of the signer of programs for this device, in hexadecimal or base64. */
  key: Bytes;
  /** Whether an update begins without a command. */
  auto: boolean;
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
