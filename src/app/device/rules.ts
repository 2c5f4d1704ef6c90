// The rules for `device` and `sign` in config.json: at boot, and for a new configuration from afar.

import type { Board } from "../../board";
import type { AppRules } from "../../config/boot";
import { NUMBER, TEXT, TOPIC } from "../../config/check";
import { MAX_FIELD } from "../../mqtt/spec";
import { decodeKey, KEY_EXPECTED } from "../../sign/key";
import { MAX_ID } from "../../sign/signer";
import { type DeviceWorld, MAX_NAME } from "./state";

/** Bytes of a topic that are left for what stands behind `device.base` and `device.id`. */
const SUFFIX = 64;

/** An application without anything but its rules. */
export function rulesOf(world: DeviceWorld): AppRules {
  return {
    rules: () => ({}),
    deviceRule: (board: Board) => ({
      base: [TOPIC, 1, MAX_FIELD - MAX_NAME - SUFFIX, "devices"],
      id: [
        function (id: unknown) {
          const good = typeof id === "string" && id.length <= MAX_NAME && /^[A-Za-z0-9_.-]+$/.test(id);
          return good ? "" : "1.." + MAX_NAME + " letters, digits, _, - and .";
        },
        0,
        0,
        "esp32-" + board.serial().substr(0, MAX_NAME - 6),
      ],
      telemetryS: [NUMBER, 0, 86400, 60],
      discovery: [TEXT, 0, 64, ""],
      identify: [TEXT, 0, MAX_NAME, ""],
      pins: [
        function (pins: unknown) {
          return typeof pins === "object" && pins !== null && !Array.isArray(pins) ? "" : "an object {...}";
        },
        0,
        0,
        {},
      ],
    }),
    signRule: (board: Board) => ({
      "?": true,
      key: [
        function (key: unknown) {
          if (!world.hash("", "")) return "an Espruino with SHA-256 in its crypto, which this one has not";
          return typeof key === "string" && decodeKey(key) ? "" : KEY_EXPECTED;
        },
        0,
        0,
      ],
      id: [TEXT, 1, MAX_ID, board.serial()],
    }),
  };
}
