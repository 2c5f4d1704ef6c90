// Messages with properties of their own (3.3.2.3). On a connection that speaks 3.1.1 they go without.

import type { Bytes } from "../../board";
import { must } from "../bytes";
import { useExtras } from "../hooks";
import { publish } from "../request";
import { PUBLISH, SUCCESS } from "../spec";
import type { Client, Done } from "../state";
import { moreOf5, second5, thawed5 } from "./expiry";
import { encodeProperties, type Properties, readProperties, ruleOf, type Values } from "./properties";
import { SUBSCRIPTION_IDENTIFIER, TOPIC_ALIAS } from "./spec";

/**
 * Bytes of properties for a packet of this type. Throws on one that must not stand there, or has a bad value. Of those of two
 * bytes an application gives none.
 */
export function checked(list: Properties, packet: number): Bytes {
  const values = list as Values;
  for (const id in values) {
    const size = +ruleOf(+id).charAt(0);
    const value = values[id] as number;
    must(!size || (value >= 0 && value < 4294967296 && value % 1 === 0), "bad value of property " + id);
  }
  const bytes = encodeProperties(list);
  const reader = { bytes, at: 0, reason: SUCCESS };
  readProperties(reader, packet);
  must(!reader.reason, "bad properties");
  return bytes;
}

/**
 * Publishes a message with properties, as {@link publish} does without. Throws on properties that a PUBLISH of a client
 * must not have; topic aliases are given automatically.
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
  return publish(client, topic, payload, qos, retain, done, policy, checked(list, PUBLISH));
}

useExtras({ moreOf5, thawed5, second5 });
