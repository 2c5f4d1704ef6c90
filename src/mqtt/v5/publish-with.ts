// Messages with properties (3.3.2.3). On a connection that speaks 3.1.1 they are sent without them.

import type { Bytes } from "../../board";
import { must } from "../bytes";
import { publish } from "../request";
import { PUBLISH } from "../spec";
import type { Client, Done } from "../state";
import { checked } from "./checked";
import type { Properties } from "./properties";
import { MESSAGE_EXPIRY_INTERVAL, SUBSCRIPTION_IDENTIFIER, TOPIC_ALIAS } from "./spec";

/**
 * Publishes a message with properties. Otherwise the same as {@link publish}. Topic aliases are set automatically.
 * @throws on properties that a PUBLISH of a client must not have
 * @resident: it has more parameters than a part may have
 */
export function publishWith(
  client: Client,
  topic: Bytes,
  payload: Bytes,
  list: Properties,
  qos: number,
  retain: boolean,
  done?: Done,
  policy?: number,
): number {
  must(list[TOPIC_ALIAS] === undefined, "aliases are given automatically");
  must(list[SUBSCRIPTION_IDENTIFIER] === undefined, "a client gives no Subscription Identifier"); // [MQTT-3.3.4-6]
  if (list[MESSAGE_EXPIRY_INTERVAL] !== undefined) client.expiring = 1;
  return publish(client, topic, payload, qos, retain, done, policy, checked(list, PUBLISH));
}
