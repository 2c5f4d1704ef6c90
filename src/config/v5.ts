// Puts MQTT 5 into the conversation (src/mqtt/hooks.ts), and follows a server that names another one. To be imported by
// the profiles that have it.

import type { Bytes, Target } from "../board";
import { wellFormed } from "../mqtt/bytes";
import { use } from "../mqtt/hooks";
import { CONNECT, MAX_FIELD } from "../mqtt/spec";
import { type Client, MAX_HELD } from "../mqtt/state";
import { restored5 } from "../mqtt/v5/connack";
import { begin5, opening5, will5 } from "../mqtt/v5/connect";
import { class5, fall5, words5 } from "../mqtt/v5/ending";
import { namesOf } from "../mqtt/v5/names";
import { head5, refuse5, sent5 } from "../mqtt/v5/outgoing";
import { allowed, ruleOf, WILL } from "../mqtt/v5/properties";
import { RECEIVE_MAXIMUM, RESPONSE_TOPIC, USER_PROPERTY } from "../mqtt/v5/spec";
import { MAX_PAIRS } from "../mqtt/v5/state";
import { BOOLEAN, NUMBER, type Schema, TEXT, TOPIC } from "./check";
import { parseUrl } from "./url";

/**
 * Where to connect. A Server Reference (MQTT 5, 4.11) is followed once, and only from the server that is configured:
 * when that connection ends, the configured one is asked again.
 */
function target5(client: Client, configured: Target): Target {
  const versions = client.versions;
  if (!versions) return configured;
  const reference = versions.reference.split(" ")[0]!;
  versions.reference = "";
  versions.followed = 0;
  const port = /:\d+$/.test(reference) ? "" : ":" + configured.port;
  const url = parseUrl("ws://" + reference + port + "/");
  if (!reference || typeof url === "string") return configured;
  versions.followed = 1;
  url.path = configured.path;
  url.tls = configured.tls;
  url.headers = configured.headers;
  return url;
}

/** The rules for properties that are configured for a packet of this type. */
function schemaOf(packet: number): Schema {
  const schema: Schema = { "?": true };
  const names = namesOf();
  for (const name in names) {
    const id = names[name]!;
    const type = ruleOf(id).charAt(0);
    if (!allowed(id, packet)) continue;
    // Ours are bounded by what they take of our memory.
    const most = type === "1" ? 1 : type === "2" ? MAX_HELD : 4294967295;
    schema[name] = +type
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
    // Both with a comma between them.
    const text = "" + list[i];
    good = Array.isArray(list[i]) && list[i]!.length === 2 && text.length <= MAX_FIELD && wellFormed(text);
  }
  return good ? "" : 'a list of at most 16 pairs ["name", "value"] of UTF-8';
}

/** Adds to the rules for `mqtt` in config.json. */
function rules5(mqtt: { [key: string]: unknown }): void {
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

use({
  begin5,
  opening5,
  will5,
  restored5,
  head5,
  sent5,
  refuse5,
  fall5,
  class5,
  words5,
  rules5,
  target5,
});
