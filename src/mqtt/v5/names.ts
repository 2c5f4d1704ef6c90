// Names of properties in config.json and their identifiers, for CONNECT and for a will.

import type { Bytes } from "../../board";
import type { ConnectNames, Pairs, WillNames } from "./options";
import type { Properties, Values } from "./properties";
import { WILL } from "./properties";
import { USER_PROPERTY } from "./spec";

/** Identifiers by the names in `mqtt.properties`, or with WILL by those in `mqtt.will.properties`. */
export function namesOf(packet: number): { [name: string]: number } {
  if (packet === WILL)
    return {
      delay: 24,
      expiry: 2,
      contentType: 3,
      responseTopic: 8,
      correlationData: 9,
      text: 1,
      userProperties: 38,
    };
  return {
    sessionExpiry: 17,
    receiveMaximum: 33,
    topicAliasMaximum: 34,
    requestProblem: 23,
    requestResponse: 25,
    userProperties: 38,
  };
}

/** The configured values for CONNECT, or for a WILL, as properties. */
export function named(packet: number, values: ConnectNames | WillNames | undefined): Properties {
  const list: Values = {};
  if (!values) return list;
  const names = namesOf(packet);
  for (const name in names) {
    const value = (values as { [name: string]: number | Bytes | Pairs })[name];
    const id = names[name]!;
    if (value !== undefined)
      list[id] =
        id === USER_PROPERTY ? ([] as Bytes[]).concat.apply([], value as Pairs) : (value as number | Bytes);
  }
  return list;
}
