// The rules for the keys `device`, `sign` and `setup` in config.json, at boot and for a new configuration that comes over MQTT.

import type { Board } from "../../board";
import { BOOLEAN, NUMBER, type Schema, TEXT, TOPIC } from "../../config/check";
import { decodeKey } from "../../config/key";
import { MAX_FIELD } from "../../mqtt/spec";
import { PUBLIC_KEY } from "../../sign/slh-dsa";
import { signKeys } from "../keys";
import { type DeviceWorld, MAX_NAME } from "./record";
import { setupKeys } from "./setup/rules";

/** Bytes of a topic reserved for the part after `device.base` and `device.id`. */
const SUFFIX = 64;

const PUBLIC_KEY_EXPECTED = "the public key of " + PUBLIC_KEY + " bytes, in hexadecimal or base64";
/** Topics of a device: a channel of such a name would look like one. */
export const OWN_TOPICS = " status telemetry log pin cmd reply update ";

/** The keys of the application `device`. */
export function keysOfDevice(world: DeviceWorld, board: Board): Schema {
  const sign = signKeys(board, world.hmac);
  sign["?"] = true;
  return {
    app: {},
    device: {
      base: [TOPIC, 1, MAX_FIELD - MAX_NAME - SUFFIX, "devices"],
      id: [
        function (id: unknown) {
          const good = typeof id === "string" && id.length <= MAX_NAME && /^[A-Za-z0-9_.-]+$/.test(id);
          if (id === "update") return "a name that is not update: programs are published under it";
          return good ? "" : "1.." + MAX_NAME + " letters, digits, _, - and .";
        },
        0,
        0,
        "esp32-" + board.serial().substr(0, MAX_NAME - 6),
      ],
      telemetryS: [NUMBER, 0, 86400, 60],
      discovery: [TEXT, 0, 64, ""],
      identify: [TEXT, 0, MAX_NAME, ""],
      update: {
        "?": true,
        channel: [
          function (name: unknown) {
            const good = typeof name === "string" && name.length <= MAX_NAME && /^[A-Za-z0-9-]+$/.test(name);
            if (!good) return "1.." + MAX_NAME + " letters, digits and -";
            return OWN_TOPICS.split(" " + name + " ").length > 1 ? "a name that is no topic of a device" : "";
          },
          0,
          0,
          "stable",
        ],
        key: [
          function (key) {
            if (!world.pieces.hashOfText(""))
              return "an Espruino with SHA-256 in its crypto, which this one has not";
            const bytes = typeof key === "string" && decodeKey(key);
            return bytes && bytes.length === PUBLIC_KEY ? "" : PUBLIC_KEY_EXPECTED;
          },
          0,
          0,
        ],
        auto: [BOOLEAN, 0, 0, false],
      },
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
    setup: setupKeys(world),
  };
}
