// The keys that MQTT 5 adds to config.json. Only builds that speak MQTT 5 have them.

import type { Bytes } from "../board";
import { wellFormed } from "../mqtt/bytes";
import { MAX_FIELD } from "../mqtt/spec";
import { MAX_HELD } from "../mqtt/state";
import { MAX_PAIRS } from "../mqtt/v5/options";
import { BOOLEAN, NUMBER, type Schema, TEXT, TOPIC } from "./check";

/** Largest integer of four bytes. */
const MAX_U32 = 4294967295;

/**
 * The rules for `mqtt.properties`, and for `mqtt.will.properties`. They are written out: taking them from the table of
 * v5/properties.ts would read that text once for each name, which takes a chip 8 ms each time. Receive Maximum and Topic
 * Alias Maximum cost the board memory, so they have a lower bound than the standard's.
 */
function connectRules(): Schema {
  return {
    "?": true,
    sessionExpiry: [NUMBER, 0, MAX_U32, undefined],
    receiveMaximum: [NUMBER, 1, MAX_HELD, undefined],
    topicAliasMaximum: [NUMBER, 0, MAX_HELD, undefined],
    requestProblem: [NUMBER, 0, 1, undefined],
    requestResponse: [NUMBER, 0, 1, undefined],
    userProperties: [checkPairs, 0, MAX_FIELD, undefined],
  };
}

function willRules(): Schema {
  return {
    "?": true,
    delay: [NUMBER, 0, MAX_U32, undefined],
    expiry: [NUMBER, 0, MAX_U32, undefined],
    contentType: [TEXT, 0, MAX_FIELD, undefined],
    responseTopic: [TOPIC, 0, MAX_FIELD, undefined],
    correlationData: [TEXT, 0, MAX_FIELD, undefined],
    text: [NUMBER, 0, 1, undefined],
    userProperties: [checkPairs, 0, MAX_FIELD, undefined],
  };
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
  mqtt["properties"] = connectRules();
  (mqtt["will"] as Schema)["properties"] = willRules();
}
