// The keys that MQTT 5 adds to config.json. Only builds that speak MQTT 5 have them.

import type { Bytes } from "../board";
import { wellFormed } from "../mqtt/bytes";
import { CONNECT, MAX_FIELD } from "../mqtt/spec";
import { MAX_HELD } from "../mqtt/state";
import { namesOf } from "../mqtt/v5/names";
import { MAX_PAIRS } from "../mqtt/v5/options";
import { allowed, ruleOf, WILL } from "../mqtt/v5/properties";
import { RECEIVE_MAXIMUM, RESPONSE_TOPIC, USER_PROPERTY } from "../mqtt/v5/spec";
import { BOOLEAN, NUMBER, type Schema, TEXT, TOPIC } from "./check";

/** The rules for the configured properties of a packet of this type, or of WILL. */
function schemaOf(packet: number): Schema {
  const schema: Schema = { "?": true };
  const names = namesOf();
  for (const name in names) {
    const id = names[name]!;
    const type = ruleOf(id).charAt(0);
    if (!allowed(id, packet)) continue;
    // Receive Maximum and Topic Alias Maximum cost the board memory, so they have a lower bound than the standard's.
    const most = type === "1" ? 1 : type === "2" ? MAX_HELD : 4294967295;
    schema[name] = parseInt(type, 10)
      ? [NUMBER, id === RECEIVE_MAXIMUM ? 1 : 0, most, undefined]
      : [id === USER_PROPERTY ? checkPairs : id === RESPONSE_TOPIC ? TOPIC : TEXT, 0, MAX_FIELD, undefined];
  }
  return schema;
}

/** User properties in config.json. */
function checkPairs(value: unknown): Bytes {
  const list = value as Bytes[][];
  let good = Array.isArray(value) && list.length <= MAX_PAIRS;
  for (let i = 0; good && i < list.length; i++) {
    // Name and value, joined with a comma.
    const text = "" + list[i];
    good = Array.isArray(list[i]) && list[i]!.length === 2 && text.length <= MAX_FIELD && wellFormed(text);
  }
  return good ? "" : 'a list of at most 16 pairs ["name", "value"] of UTF-8';
}

/** Adds the rules of MQTT 5 to those of `mqtt` in config.json. */
export function rules5(mqtt: { [key: string]: unknown }): void {
  mqtt["version"] = [
    function (value: unknown): Bytes {
      return value === 4 || value === 5 || value === "auto" ? "" : '4, 5 or "auto"';
    },
    0,
    0,
    5,
  ];
  mqtt["followServer"] = [BOOLEAN, 0, 0, false];
  mqtt["properties"] = schemaOf(CONNECT);
  (mqtt["will"] as Schema)["properties"] = schemaOf(WILL);
}
