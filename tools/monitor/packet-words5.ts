// MQTT 5 control packets in words: Reason Codes and properties by their names in the standard, fields in wire order.
// Reads with the firmware's own readers.

import type { Bytes } from "../../src/board.ts";
import { readU16 } from "../../src/mqtt/bytes.ts";
import { type Reader, readProperties, type Values, WILL } from "../../src/mqtt/v5/properties.ts";
import { NAMES, payloadInWords, text } from "./packet-words.ts";

/** Properties (2.2.2.2) by identifier. */
const PROPERTIES: Record<number, string> = {
  ...{ 1: "Payload Format Indicator", 2: "Message Expiry Interval", 3: "Content Type", 8: "Response Topic" },
  ...{ 9: "Correlation Data", 11: "Subscription Identifier", 17: "Session Expiry Interval" },
  ...{ 18: "Assigned Client Identifier", 19: "Server Keep Alive", 21: "Authentication Method" },
  ...{ 22: "Authentication Data", 23: "Request Problem Information", 24: "Will Delay Interval" },
  ...{ 25: "Request Response Information", 26: "Response Information", 28: "Server Reference" },
  ...{ 31: "Reason String", 33: "Receive Maximum", 34: "Topic Alias Maximum", 35: "Topic Alias" },
  ...{ 36: "Maximum QoS", 37: "Retain Available", 38: "User Property", 39: "Maximum Packet Size" },
  ...{ 40: "Wildcard Subscription Available", 41: "Subscription Identifier Available" },
  ...{ 42: "Shared Subscription Available" },
};

/** Reason Codes (2.4) except success and the granted QoS. */
const REASONS: Record<number, string> = {
  ...{ 4: "disconnect with will", 16: "no matching subscribers", 17: "no subscription existed" },
  ...{ 24: "continue authentication", 25: "re-authenticate", 128: "unspecified error" },
  ...{ 129: "malformed packet", 130: "protocol error", 131: "implementation specific error" },
  ...{ 132: "unsupported protocol version", 133: "client identifier not valid" },
  ...{ 134: "bad user name or password", 135: "not authorized", 136: "server unavailable" },
  ...{ 137: "server busy", 138: "banned", 139: "server shutting down", 140: "bad authentication method" },
  ...{ 141: "keep alive timeout", 142: "session taken over", 143: "topic filter invalid" },
  ...{ 144: "topic name invalid", 145: "packet identifier in use", 146: "packet identifier not found" },
  ...{ 147: "receive maximum exceeded", 148: "topic alias invalid", 149: "packet too large" },
  ...{ 150: "message rate too high", 151: "quota exceeded", 152: "administrative action" },
  ...{ 153: "payload format invalid", 154: "retain not supported", 155: "QoS not supported" },
  ...{ 156: "use another server", 157: "server moved", 158: "shared subscriptions not supported" },
  ...{ 159: "connection rate exceeded", 160: "maximum connect time" },
  ...{ 161: "subscription identifiers not supported", 162: "wildcard subscriptions not supported" },
};

/** Packet types with a Reason Code before their properties; both are optional. */
const CODED = [4, 5, 6, 7, 14, 15];

/** A whole packet of MQTT 5; its variable header begins at `at`. */
export function packet5InWords(bytes: Bytes, at: number): string {
  const type = bytes.charCodeAt(0) >> 4;
  const reader = { bytes, at, reason: 0 };
  const words =
    type === 1
      ? connect(reader)
      : type === 3
        ? publish(reader)
        : others(reader, type).filter(Boolean).join(" ");
  return `${NAMES[type]}${words && ` ${words}`}${reader.reason ? " (malformed)" : ""}`;
}

/** Packets with an identifier, a Reason Code or both, then properties, then filters or codes. */
function others(reader: Reader, type: number): string[] {
  const { bytes } = reader;
  const words: string[] = [];
  if (type >= 4 && type <= 11) words.push(`id ${u16(reader)}`);
  if (type === 2) {
    const present = bytes.charCodeAt(reader.at++) & 1;
    const code = bytes.charCodeAt(reader.at++);
    words.push((code ? reason(code) : "accepted") + (present ? ", session present" : ""));
  } else if (CODED.includes(type) && reader.at < bytes.length) {
    const code = bytes.charCodeAt(reader.at++);
    words.push(code ? reason(code) : "");
  }
  if (type < 12 || reader.at < bytes.length) {
    const list = CODED.includes(type) && reader.at >= bytes.length ? "" : properties(reader, type);
    if (list) words[words.length - 1] += ",";
    words.push(list);
  }
  if (type === 8 || type === 10) words.push(filters(bytes, reader.at, type === 8));
  if (type === 9 || type === 11)
    words.push([...bytes.slice(reader.at)].map((code) => granted(code, type)).join(", "));
  return words;
}

/** CONNECT (3.1). The log has stars for user name and password. */
function connect(reader: Reader): string {
  const { bytes } = reader;
  const take = () => {
    const length = u16(reader);
    reader.at += length;
    return text(bytes.substr(reader.at - length, length));
  };
  take();
  const level = bytes.charCodeAt(reader.at++);
  const flags = bytes.charCodeAt(reader.at++);
  const words = [`level ${level}`, `keepAlive ${u16(reader)} s`, flags & 2 ? "clean start" : "kept session"];
  words.push(properties(reader, 1), `client ${take()}`);
  if (flags & 4) {
    const list = properties(reader, WILL);
    words.push(`will ${take()} ${take()} QoS ${(flags >> 3) & 3}${flags & 32 ? " retain" : ""}`, list);
  }
  if (flags & 128) words.push(`user ${take()}`);
  if (flags & 64) words.push(`password ${take()}`);
  return words.filter(Boolean).join(", ");
}

/** PUBLISH (3.3). */
function publish(reader: Reader): string {
  const { bytes } = reader;
  const flags = bytes.charCodeAt(0) & 15;
  const qos = (flags >> 1) & 3;
  const length = u16(reader);
  const topic = bytes.substr(reader.at, length);
  reader.at += length;
  const id = qos ? ` id ${u16(reader)}` : "";
  const list = properties(reader, 3);
  return `QoS ${qos}${flags & 8 ? " dup" : ""}${flags & 1 ? " retain" : ""}${id} ${[text(topic), list, payloadInWords(bytes.slice(reader.at))].filter(Boolean).join(", ")}`;
}

/** Topic Filters, in a SUBSCRIBE each with its options (3.8.3.1). */
function filters(bytes: Bytes, at: number, options: boolean): string {
  const words = [];
  for (let next = at; next + 2 <= bytes.length; next += options ? 1 : 0) {
    const length = readU16(bytes, next);
    const filter = text(bytes.substr(next + 2, length));
    next += 2 + length;
    const bits = bytes.charCodeAt(next);
    const more = [
      bits & 4 ? " no local" : "",
      bits & 8 ? " retain as published" : "",
      bits & 48 ? ` retain handling ${(bits >> 4) & 3}` : "",
    ];
    words.push(options ? `${filter} QoS ${bits & 3}${more.join("")}` : filter);
  }
  return words.join(", ");
}

/** The code of SUBACK or UNSUBACK for one filter. */
function granted(char: string, type: number): string {
  const code = char.charCodeAt(0);
  return code > 2 ? reason(code) : type === 9 ? `QoS ${code}` : "done";
}

function properties(reader: Reader, packet: number): string {
  const list = readProperties(reader, packet) as Values;
  return Object.entries(list)
    .map(([id, value]) => {
      const name = PROPERTIES[+id];
      if (+id === 38)
        return pairs(value as Bytes[])
          .map((pair) => `${name} ${pair}`)
          .join(", ");
      return `${name} ${([] as (number | Bytes)[]).concat(value).map(shown).join(", ")}`;
    })
    .join(", ");
}

function pairs(list: Bytes[]): string[] {
  return list.flatMap((name, i) => (i % 2 ? [] : [`${text(name)} = ${text(list[i + 1]!)}`]));
}

function shown(value: number | Bytes): string {
  return typeof value === "string" ? text(value) : value >= 0 ? `${value}` : "?";
}

function reason(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")} ${REASONS[code] ?? "?"}`;
}

function u16(reader: Reader): number {
  reader.at += 2;
  return readU16(reader.bytes, reader.at - 2);
}
