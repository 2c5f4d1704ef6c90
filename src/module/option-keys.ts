// The options of `connect`: one row an option, as config.json has its keys (src/config/keys.ts).

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { BOOLEAN, NUMBER, type Schema, TEXT } from "../config/check";
import { checkHeaders, checkMask } from "../config/headers";
import { addLimits, KEEP_ALIVE_S } from "../config/keys";
import { rules5 } from "../config/keys5";
import { checkTlsForm } from "../config/tls-key";
import type { Profile } from "../link/profile";
import { WIRE } from "../log";
import { MAX_FIELD } from "../mqtt/spec";
import type { Auth } from "./mqtt-ws";
import { checkHosts } from "./servers";

const HOUR_MS = 3600000;
const DAY_MS = 86400000;

/** All options. */
export function optionKeys(profile: Profile, serial: Bytes): Schema {
  const rules: Schema = {
    clientId: [TEXT, 0, MAX_FIELD, "esp32-" + serial],
    username: [TEXT, 0, MAX_FIELD, undefined],
    password: [(value) => checkBinary(value), 0, 0, undefined],
    keepalive: [NUMBER, 0, 65535, KEEP_ALIVE_S],
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
    tls: [(value) => checkTlsForm(value), 0, 0, ""],
    servers: [(value) => checkHosts(value), 0, 0, undefined],
    log: [NUMBER, 0, WIRE, 0],
    renew: [(value) => (typeof value === "function" ? "" : "a function"), 0, 0, undefined],
    extras: [BOOLEAN, 0, 0, false],
  };
  addLimits(rules, profile);
  const will = rules["will"] as Schema;
  // Not only text: 3.1.3.3 knows no rule for it.
  if (!Array.isArray(will)) will["payload"] = [(value) => checkBinary(value), 0, 0, ""];
  if (FIVE) {
    const mqtt: Schema = { will };
    rules5(mqtt);
    rules["properties"] = mqtt["properties"]!;
    rules["auth"] = [
      function (value) {
        const auth = value as Auth;
        const right = auth && typeof auth.method === "string" && typeof auth.next === "function";
        return right ? "" : "{ method: text, next: function }";
      },
      0,
      0,
      undefined,
    ];
    rules["protocolVersion"] = (mqtt["version"] as unknown[]).slice(0, 3).concat([4]) as Schema[string];
  }
  return rules;
}

/** Binary data (MQTT 3.1.3.3, 3.1.3.5). */
function checkBinary(value: unknown): Bytes {
  return typeof value === "string" && value.length <= MAX_FIELD ? "" : "0..65535 bytes";
}
