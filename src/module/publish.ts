// client.publish.

import { FIVE } from "#five";
import type { Bytes } from "../board";
import { brief, must } from "../mqtt/bytes";
import { publish } from "../mqtt/request";
import { NO_CONNACK, QUEUED, SUCCESS, UNSPECIFIED_ERROR } from "../mqtt/spec";
import { type Done, DROP, KEEP, LATEST } from "../mqtt/state";
import { publishWith } from "../mqtt/v5/publish-with";
import { toBytes } from "../text";
import type { Arguments, Callback } from "./arguments";
import { active, type ModuleClient, world } from "./client";
import type { PublishOptions } from "./mqtt-ws";
import { tell } from "./outcome";
import { toIds } from "./properties";

/**
 * publish(topic, payload, [options], [callback]), any of them. In one piece: a function that it calls is made again each time
 * (engine 10). The usual one is in face.ts.
 */
export function publishCall(client: ModuleClient, args: Arguments): void {
  const options = (typeof args[2] === "function" ? undefined : args[2]) as PublishOptions | undefined;
  const callback = (typeof args[2] === "function" ? args[2] : args[3]) as Callback | undefined;
  const topic = args[0] as Bytes;
  let payload = args[1] as Bytes;
  let qos = 0;
  let policy = KEEP;
  let retain = false;
  // `must` is called for a mistake only: it is made again each time.
  if (typeof topic !== "string") must(false, "topic: expected text");
  if (callback && typeof callback !== "function") must(false, "callback: expected a function");
  if (options) {
    const how = options.policy;
    if (typeof options !== "object") must(false, "options: expected an object {...}");
    if (how !== undefined && how !== "keep" && how !== "latest" && how !== "drop")
      must(false, 'policy: expected "keep", "latest" or "drop"');
    // By hand: this is the path of a message (engine 23).
    for (const name in options)
      if (name !== "qos" && name !== "retain" && name !== "properties" && name !== "policy")
        must(false, "unknown option " + brief(name));
    if (!FIVE && options.properties) must(false, "properties: only the builds mqtt-ws-v5 have them");
    qos = options.qos || 0;
    retain = !!options.retain;
    policy = how === "latest" ? LATEST : how === "drop" ? DROP : KEEP;
  }
  if (client !== active || client.ending) return tell(client, callback, "publish", UNSPECIFIED_ERROR);
  // On a chip a string is bytes already (engine 5).
  if (typeof payload !== "string" || "\u0100".charCodeAt(0) === 256) payload = toBytes(payload, world);
  // With MQTT 5 the server may refuse a message. Without a callback that is an "error" event.
  const done: Done | undefined =
    callback || (FIVE && qos)
      ? function (reason) {
          const refused = reason > UNSPECIFIED_ERROR && reason < NO_CONNACK;
          if (callback || refused)
            tell(client, callback, refused ? "publish " + brief(topic) : "publish", reason);
        }
      : undefined;
  const to = client.link.client;
  const reason =
    FIVE && options && options.properties
      ? publishWith(to, topic, payload, toIds(options.properties, world), qos, retain, done, policy)
      : publish(to, topic, payload, qos, retain, done, policy);
  if (reason !== SUCCESS && reason !== QUEUED) tell(client, callback, "publish", reason);
}
