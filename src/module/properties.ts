// Properties of MQTT 5 under the names they have in MQTT.js, to and from records by identifier
// (src/mqtt/v5/properties.ts). Only in builds that speak MQTT 5.

import type { Bytes } from "../board";
import { brief, must, pieces } from "../mqtt/bytes";
import { CONNECT } from "../mqtt/spec";
import { namesOf } from "../mqtt/v5/names";
import { type Properties as ById, ruleOf, type Values, WILL } from "../mqtt/v5/properties";
import { MAXIMUM_QOS, SUBSCRIPTION_IDENTIFIER, USER_PROPERTY } from "../mqtt/v5/spec";
import { type Memory, toBytes } from "../text";
import type { Properties } from "./mqtt-ws";

const NAMES =
  " payloadFormatIndicator:1 messageExpiryInterval:2 contentType:3 responseTopic:8 correlationData:9" +
  " subscriptionIdentifier:11 sessionExpiryInterval:17 assignedClientIdentifier:18 serverKeepAlive:19" +
  " authenticationMethod:21 authenticationData:22 requestProblemInformation:23 willDelayInterval:24" +
  " requestResponseInformation:25 responseInformation:26 serverReference:28 reasonString:31 receiveMaximum:33" +
  " topicAliasMaximum:34 topicAlias:35 maximumQoS:36 retainAvailable:37 userProperties:38 maximumPacketSize:39" +
  " wildcardSubscriptionAvailable:40 subscriptionIdentifiersAvailable:41 sharedSubscriptionAvailable:42 ";

/** @throws on an unknown name */
export function toIds(properties: object, memory: Memory): ById {
  const list: Values = {};
  must(typeof properties === "object", "properties: expected an object {...}");
  for (const name in properties) {
    const value = (properties as { [name: string]: unknown })[name];
    const id = parseInt(NAMES.split(" " + name + ":")[1] || "", 10);
    must(id, "unknown property " + brief(name));
    if (value === undefined) continue;
    if (id === USER_PROPERTY) list[id] = pairs(value as { [name: string]: string });
    else
      list[id] =
        typeof value === "boolean"
          ? value
            ? 1
            : 0
          : typeof value === "object"
            ? toBytes(value, memory)
            : (value as number);
  }
  return list as ById;
}

/** Each name with each of its values. */
function pairs(values: { [name: string]: string | string[] }): Bytes[] {
  const list: Bytes[] = [];
  must(values && typeof values === "object", "userProperties: expected an object {...}");
  for (const name in values) {
    const each = ([] as string[]).concat(values[name]!);
    for (let i = 0; i < each.length; i++) list.push(name, "" + each[i]);
  }
  return list;
}

function nameOf(id: number): Bytes {
  return pieces(NAMES, ":" + id + " ")[0]!
    .split(" ")
    .pop()!;
}

/** A record by identifier as MQTT.js shows it. */
export function toNames(list: ById): Properties {
  const properties: Properties = {};
  for (const key in list as Values) {
    const id = parseInt(key, 10);
    const value = (list as Values)[id] as number;
    const name = nameOf(id);
    if (id === USER_PROPERTY) properties[name] = grouped(value as unknown as Bytes[]);
    else if (id === SUBSCRIPTION_IDENTIFIER) {
      const ids = value as unknown as number[];
      properties[name] = ids.length === 1 ? ids[0] : ids;
    } else properties[name] = ruleOf(id).charAt(0) === "1" && id !== MAXIMUM_QOS ? !!value : value;
  }
  return properties;
}

/** User properties by name. A name that comes again has an array. */
function grouped(list: Bytes[]): { [name: string]: Bytes | Bytes[] } {
  const groups: { [name: string]: Bytes | Bytes[] } = {};
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!;
    const value = list[i + 1]!;
    groups[name] = groups.hasOwnProperty(name) ? ([] as Bytes[]).concat(groups[name]!, value) : value;
  }
  return groups;
}

/** The properties of CONNECT, under the names of config.json. */
export function connectNames(properties: object | undefined, memory: Memory): object | undefined {
  return properties && renamed(toIds(properties, memory), CONNECT);
}

/** The properties of a will, under the names of config.json. */
export function willNames(properties: object | undefined, memory: Memory): object | undefined {
  return properties && renamed(toIds(properties, memory), WILL);
}

function renamed(list: ById, packet: number): object {
  const to: { [name: string]: unknown } = {};
  const names = namesOf(packet);
  for (const key in list as Values) {
    const id = parseInt(key, 10);
    const value = (list as Values)[id];
    let found = "";
    for (const name in names) if (names[name] === id) found = name;
    must(found, "property not allowed here: " + nameOf(id));
    to[found] = id === USER_PROPERTY ? paired(value as unknown as Bytes[]) : value;
  }
  return to;
}

/** User properties in the form of config.json. */
function paired(list: Bytes[]): Bytes[][] {
  const all: Bytes[][] = [];
  for (let i = 0; i < list.length; i += 2) all.push([list[i]!, list[i + 1]!]);
  return all;
}
