// The rules for `setup` in config.json.

import type { Bytes } from "../../../board";
import { NUMBER, type Schema } from "../../../config/check";
import type { DeviceWorld } from "../record";

/** Seconds without Wi-Fi after which the access point opens, and that it stays open, unless configured. */
export const DEFAULT_AFTER_S = 300;
export const DEFAULT_FOR_S = 600;
/** Shortest and longest time that it stays open, in seconds. */
export const LEAST_FOR_S = 60;
export const MOST_FOR_S = 3600;

/** The keys of `setup`. */
export function setupKeys(world: DeviceWorld): Schema {
  return {
    afterS: [NUMBER, 0, 86400, DEFAULT_AFTER_S],
    forS: [NUMBER, LEAST_FOR_S, MOST_FOR_S, DEFAULT_FOR_S],
    pin: [
      function (pin: unknown) {
        if (pin === "") return "";
        const wrong = typeof pin === "string" ? world.pins.unfit(pin, "input") : "a pin is named D0, D1, ...";
        return wrong && "the name of a free pin: " + wrong;
      },
      0,
      0,
      "",
    ],
    password: [(password) => setupPassword(password), 0, 0, ""],
  };
}

/** What is expected of a WPA2 passphrase (IEEE 802.11 J.4.1); "" where it is one, or where there is none. */
export function setupPassword(password: unknown): Bytes {
  if (password === undefined || password === "") return "";
  const good =
    typeof password === "string" && password.length > 7 && password.length < 64 && !/[^ -~]/.test(password);
  return good ? "" : "8..63 ASCII characters, or nothing for an open network";
}
