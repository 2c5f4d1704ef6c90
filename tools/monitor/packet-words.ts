// MQTT 3.1.1 control packets in words, fields in wire order. Reads with the firmware's own field readers.

import type { Bytes } from "../../src/board.ts";
import { readU16 } from "../../src/mqtt/bytes.ts";

/** Packet types by number (2.2.1). */
export const NAMES = [
  ...["?", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP"],
  ...["SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH"],
];
/** Return codes of CONNACK (3.2.2.3). */
const CONNACK_CODES = [
  "accepted",
  "bad protocol version",
  "client id refused",
  "server unavailable",
  "bad user name or password",
  "not authorized",
];
/** Number of bytes of a payload to show. */
const MAX_SHOWN = 40;

/** A whole packet; its variable header begins at `at`. */
export function packetInWords(bytes: Bytes, at: number): string {
  const type = bytes.charCodeAt(0) >> 4;
  const words = (FIELDS[type] ?? (() => ""))(bytes, at);
  return `${NAMES[type]}${words && ` ${words}`}`;
}

const id = (bytes: Bytes, at: number) => `id ${readU16(bytes, at)}`;

const FIELDS: Record<number, (bytes: Bytes, at: number) => string> = {
  1: connect,
  2: (bytes, at) =>
    `${CONNACK_CODES[bytes.charCodeAt(at + 1)] ?? bytes.charCodeAt(at + 1)}${bytes.charCodeAt(at) & 1 ? ", session present" : ""}`,
  3: publish,
  4: id,
  5: id,
  6: id,
  7: id,
  8: (bytes, at) => `${id(bytes, at)} ${filters(bytes, at + 2, true)}`,
  9: (bytes, at) =>
    `${id(bytes, at)} ${[...bytes.slice(at + 2)].map((code) => (code.charCodeAt(0) > 2 ? "refused" : `QoS ${code.charCodeAt(0)}`)).join(", ")}`,
  10: (bytes, at) => `${id(bytes, at)} ${filters(bytes, at + 2, false)}`,
  11: id,
};

/** CONNECT (3.1). The log has stars for user name and password. */
function connect(bytes: Bytes, at: number): string {
  let next = at + 2 + readU16(bytes, at);
  const take = () => {
    const length = readU16(bytes, next);
    next += 2 + length;
    return text(bytes.substr(next - length, length));
  };
  const flags = bytes.charCodeAt(next + 1);
  const words = [
    `level ${bytes.charCodeAt(next)}`,
    `keepAlive ${readU16(bytes, next + 2)} s`,
    flags & 2 ? "clean session" : "kept session",
  ];
  next += 4;
  words.push(`client ${take()}`);
  if (flags & 4) words.push(`will ${take()} ${take()} QoS ${(flags >> 3) & 3}${flags & 32 ? " retain" : ""}`);
  if (flags & 128) words.push(`user ${take()}`);
  if (flags & 64) words.push(`password ${take()}`);
  return words.join(", ");
}

/** PUBLISH (3.3). */
function publish(bytes: Bytes, at: number): string {
  const flags = bytes.charCodeAt(0) & 15;
  const qos = (flags >> 1) & 3;
  const length = readU16(bytes, at);
  const topic = bytes.substr(at + 2, length);
  const rest = at + 2 + length;
  const payload = bytes.slice(rest + (qos ? 2 : 0));
  const marks = `QoS ${qos}${flags & 8 ? " dup" : ""}${flags & 1 ? " retain" : ""}${qos ? ` ${id(bytes, rest)}` : ""}`;
  return `${marks} ${text(topic)}, ${payloadInWords(payload)}`;
}

export function payloadInWords(payload: Bytes): string {
  return `${payload.length} bytes${payload && ` ${text(payload)}`}`;
}

/** Topic Filters, each with its QoS in a SUBSCRIBE (3.8.3). */
function filters(bytes: Bytes, at: number, qos: boolean): string {
  const words = [];
  for (let next = at; next + 2 <= bytes.length; ) {
    const length = readU16(bytes, next);
    words.push(
      text(bytes.substr(next + 2, length)) + (qos ? ` QoS ${bytes.charCodeAt(next + 2 + length)}` : ""),
    );
    next += 2 + length + (qos ? 1 : 0);
  }
  return words.join(", ");
}

/** Bytes as UTF-8 text in quotes, shortened, without control characters for a terminal. */
export function text(bytes: Bytes): string {
  const shown = Buffer.from(bytes.slice(0, MAX_SHOWN), "latin1").toString("utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are replaced
  return `"${shown.replace(/[\x00-\x1f\x7f-\x9f]/g, ".")}${bytes.length > MAX_SHOWN ? "..." : ""}"`;
}
