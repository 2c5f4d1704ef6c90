// Puts MQTT 5 into the conversation (src/mqtt/hooks.ts), and follows a server that names another one. To be imported by
// the profiles that have it.

import type { Bytes, Target } from "./board";
import { BOOLEAN, NUMBER, type Schema, TEXT, TOPIC } from "./config";
import { use } from "./mqtt/hooks";
import { MAX_FIELD } from "./mqtt/spec";
import { type Client, MAX_HELD } from "./mqtt/state";
import { connect5 } from "./mqtt/v5/connect";
import { fall5 } from "./mqtt/v5/ending";
import { CONNECT_NAMES, WILL_NAMES } from "./mqtt/v5/names";
import { head5, refuse, sent5 } from "./mqtt/v5/outgoing";
import { ruleOf } from "./mqtt/v5/properties";
import { RECEIVE_MAXIMUM, RESPONSE_TOPIC } from "./mqtt/v5/spec";
import { parseUrl } from "./url";

/**
 * Where to connect. A Server Reference (MQTT 5, 4.11) is followed once, and only from the server that is configured:
 * when that connection ends, the configured one is asked again.
 */
function target(client: Client, configured: Target): Target {
  const versions = client.versions;
  const reference = versions && !versions.followed && versions.reference.split(" ")[0]!;
  if (!versions) return configured;
  versions.reference = "";
  versions.followed = 0;
  if (!reference) return configured;
  const port = /:\d+$/.test(reference) ? "" : ":" + configured.port;
  const url = parseUrl("ws://" + reference + port + "/");
  if (typeof url === "string") return configured;
  versions.followed = 1;
  return {
    host: url.host,
    port: url.port,
    path: configured.path,
    authority: url.authority,
    tls: configured.tls,
    headers: configured.headers,
  };
}

/** Adds to the rules for `mqtt` in config.json. */
function rules(mqtt: { [key: string]: unknown }): void {
  function named(names: Bytes): Schema {
    const schema: Schema = { "?": true };
    const pairs = names.split(" ");
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i]!.split(":");
      const id = +pair[1]!;
      const type = ruleOf(id).charAt(0);
      // Ours are bounded by what they take of our memory.
      const most = type === "1" ? 1 : type === "2" ? MAX_HELD : 4294967295;
      schema[pair[0]!] = +type
        ? [NUMBER, id === RECEIVE_MAXIMUM ? 1 : 0, most, undefined]
        : [id === RESPONSE_TOPIC ? TOPIC : TEXT, 0, MAX_FIELD, undefined];
    }
    return schema;
  }
  mqtt["version"] = [
    function (value: unknown): Bytes {
      return value === 4 || value === 5 || value === "auto" ? "" : '4, 5 or "auto"';
    },
    0,
    0,
    5,
  ];
  mqtt["followServer"] = [BOOLEAN, 0, 0, false];
  mqtt["properties"] = named(CONNECT_NAMES);
  (mqtt["will"] as Schema)["properties"] = named(WILL_NAMES);
}

use({ rules, connect: connect5, head: head5, sent: sent5, refuse, fall: fall5, target });
