// Every property of MQTT 5 (2.2.2.2): its bytes, its value, and the packets where it may stand.
import { properties, spec, spec5 } from "#subject";
import type { Bytes } from "../../src/board.ts";
import type { Properties } from "../../src/mqtt/v5/properties.ts";
import { wire } from "../support/wire.ts";

export interface PropertyVector {
  name: string;
  id: number;
  /** Identifier and value as on the wire. */
  bytes: Bytes;
  value: Properties[keyof Properties];
  /** Packet types. */
  packets: number[];
  /** It may stand there more than once. */
  repeats?: true;
}

const { WILL } = properties;
const { CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP } = spec;
const { SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT, AUTH } = spec;

export const ACKS = [PUBACK, PUBREC, PUBREL, PUBCOMP];
/** All packet types that can have properties. */
export const ALL = [
  ...[WILL, CONNECT, CONNACK, PUBLISH, ...ACKS],
  ...[SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, DISCONNECT, AUTH],
];

/** One line: name of its constant, bytes, value, packets. */
const of = (
  name: keyof typeof spec5,
  bytes: Bytes,
  value: PropertyVector["value"],
  packets: number[],
): PropertyVector => ({ name, id: spec5[name], bytes, value, packets });

export const PROPERTIES: PropertyVector[] = [
  of("PAYLOAD_FORMAT_INDICATOR", wire`01 01`, 1, [PUBLISH, WILL]),
  of("MESSAGE_EXPIRY_INTERVAL", wire`02 00000e10`, 3600, [PUBLISH, WILL]),
  of("CONTENT_TYPE", wire`03 0004 'text'`, "text", [PUBLISH, WILL]),
  of("RESPONSE_TOPIC", wire`08 0003 'a/b'`, "a/b", [PUBLISH, WILL]),
  of("CORRELATION_DATA", wire`09 0003 00ff80`, "\0\xff\x80", [PUBLISH, WILL]),
  of("SUBSCRIPTION_IDENTIFIER", wire`0b 8001`, 128, [SUBSCRIBE]),
  { ...of("SUBSCRIPTION_IDENTIFIER", wire`0b ffffff7f`, [268435455], [PUBLISH]), repeats: true },
  of("SESSION_EXPIRY_INTERVAL", wire`11 ffffffff`, 4294967295, [CONNECT, CONNACK, DISCONNECT]),
  of("ASSIGNED_CLIENT_IDENTIFIER", wire`12 0002 'id'`, "id", [CONNACK]),
  of("SERVER_KEEP_ALIVE", wire`13 003c`, 60, [CONNACK]),
  of("AUTHENTICATION_METHOD", wire`15 0001 'm'`, "m", [CONNECT, CONNACK, AUTH]),
  of("AUTHENTICATION_DATA", wire`16 0002 ff00`, "\xff\0", [CONNECT, CONNACK, AUTH]),
  of("REQUEST_PROBLEM_INFORMATION", wire`17 00`, 0, [CONNECT]),
  of("WILL_DELAY_INTERVAL", wire`18 80000000`, 2147483648, [WILL]),
  of("REQUEST_RESPONSE_INFORMATION", wire`19 01`, 1, [CONNECT]),
  of("RESPONSE_INFORMATION", wire`1a 0002 'r/'`, "r/", [CONNACK]),
  of("SERVER_REFERENCE", wire`1c 0001 'h'`, "h", [CONNACK, DISCONNECT]),
  of("REASON_STRING", wire`1f 0000`, "", [CONNACK, ...ACKS, SUBACK, UNSUBACK, DISCONNECT, AUTH]),
  of("RECEIVE_MAXIMUM", wire`21 ffff`, 65535, [CONNECT, CONNACK]),
  of("TOPIC_ALIAS_MAXIMUM", wire`22 0000`, 0, [CONNECT, CONNACK]),
  of("TOPIC_ALIAS", wire`23 0100`, 256, [PUBLISH]),
  of("MAXIMUM_QOS", wire`24 01`, 1, [CONNACK]),
  of("RETAIN_AVAILABLE", wire`25 00`, 0, [CONNACK]),
  { ...of("USER_PROPERTY", wire`26 0001 'k' 0002 c3a9`, ["k", "\xc3\xa9"], ALL), repeats: true },
  of("MAXIMUM_PACKET_SIZE", wire`27 00010000`, 65536, [CONNECT, CONNACK]),
  of("WILDCARD_SUBSCRIPTION_AVAILABLE", wire`28 01`, 1, [CONNACK]),
  of("SUBSCRIPTION_IDENTIFIER_AVAILABLE", wire`29 00`, 0, [CONNACK]),
  of("SHARED_SUBSCRIPTION_AVAILABLE", wire`2a 00`, 0, [CONNACK]),
];
