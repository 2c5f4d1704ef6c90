// The rules for the keys `device` and `sign` in config.json, at boot and for a new configuration that comes over MQTT.

import type { Board } from "../../board";
import { NUMBER, type Schema, TEXT, TOPIC } from "../../config/check";
import { MAX_FIELD } from "../../mqtt/spec";
import { signKeys } from "../keys";
import { type DeviceWorld, MAX_NAME } from "./record";

/** Bytes of a topic reserved for the part after `device.base` and `device.id`. */
const SUFFIX = 64;

/** The keys of the application `device`. */
export function keysOfDevice(world: DeviceWorld, board: Board): Schema {
  const sign = signKeys(board, world.hash);
  sign["?"] = true;
  return {
    app: {},
    device: {
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
    },
    sign,
  };
}
