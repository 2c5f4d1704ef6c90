// The field types of MQTT (1.5, 2.2.3), and the rules for text and topics.

import type { Bytes } from "../board";
import { MAX_FIELD, MAX_REMAINING_LENGTH } from "./spec";

/** Result of {@link readVarint} when the bytes end too early. */
export const CUT_OFF = -1;

/** Most bytes of a topic in an error or in a line of the log. */
export const MAX_TOPIC_SHOWN = 64;

/** A topic as errors and the log show it. It may have 65,535 bytes (1.5.3). */
export function brief(topic: Bytes): Bytes {
  return topic.length > MAX_TOPIC_SHOWN ? topic.substr(0, MAX_TOPIC_SHOWN) + "..." : topic;
}

/** One character for each byte (0..255). */
export const chars = String.fromCharCode;

/**
 * The pieces of a text around a separator, at least one. The engine's `split` is right for a separator of one character
 * only: it makes no piece of a text that is shorter than the separator, and finds separators inside each other (engine 4).
 */
export function pieces(text: Bytes, separator: Bytes): Bytes[] {
  const found: Bytes[] = [];
  let from = 0;
  let at = text.indexOf(separator);
  // At the end of the text a beginning of the separator is found, too (engine 4).
  while (at >= 0 && at + separator.length <= text.length) {
    found.push(text.substr(from, at - from));
    from = at + separator.length;
    at = text.indexOf(separator, from);
  }
  found.push(from ? text.substr(from) : text);
  return found;
}

/**
 * A two-byte integer, most significant byte first (1.5.2).
 */
export function u16(n: number): Bytes {
  return chars(n >> 8, n & 255);
}

/**
 * Reads a two-byte integer, 0..65,535; NaN when the bytes end too early.
 */
export function readU16(bytes: Bytes, at: number): number {
  return bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1);
}

/** A four-byte integer, 0..4,294,967,295, most significant byte first (MQTT 5, 1.5.3). */
export function u32(n: number): Bytes {
  return chars(n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255);
}

/** Reads a four-byte integer, 0..4,294,967,295; NaN when the bytes end too early. */
export function readU32(bytes: Bytes, at: number): number {
  return readU16(bytes, at) * 65536 + readU16(bytes, at + 2);
}

/**
 * Throws an Error with the text `what` unless `well` is truthy. For mistakes of the caller.
 */
export function must(well: unknown, what: Bytes): void {
  if (!well) throw new Error("MQTT: " + what);
}

/** Text or binary data with its length in front (1.5.3). Throws over 65,535 bytes. */
export function field(bytes: Bytes): Bytes {
  must(bytes.length <= MAX_FIELD, "field over 65535 bytes");
  return u16(bytes.length) + bytes;
}

/**
 * The Remaining Length (2.2.3), 0..268,435,455: seven bits in each byte, the lowest first.
 */
export function varint(n: number): Bytes {
  let bytes = "";
  for (; n > 127; n >>= 7) bytes += chars((n & 127) | 128);
  return bytes + chars(n);
}

/**
 * Reads a {@link varint}: 0..268,435,455; {@link CUT_OFF} when the bytes end too early; NaN for a fifth byte or an
 * over-long form. No correct sender makes these, and two parsers could read them differently.
 */
export function readVarint(bytes: Bytes, at: number): number {
  let value = 0;
  for (let unit = 1; unit <= MAX_REMAINING_LENGTH; unit *= 128) {
    const byte = bytes.charCodeAt(at++);
    value += (byte & 127) * unit;
    if (!(byte > 127)) return byte >= 0 ? (byte || unit < 2 ? value : NaN) : CUT_OFF;
  }
  return NaN;
}

/** Length of a number as a {@link varint}, 1..4 bytes. */
export function varintSize(n: number): number {
  return n < 128 ? 1 : n < 16384 ? 2 : n < 2097152 ? 3 : 4;
}

/**
 * Whether bytes are UTF-8 without surrogates [MQTT-1.5.3-1] and, unless `nul` is set, without U+0000
 * [MQTT-1.5.3-2]. Plain ASCII costs one native call.
 */
export function wellFormed(text: Bytes, nul?: number): boolean {
  if (!/[^\x01-\x7f]/.test(text)) return true;
  let more = 0;
  let low = 0x80;
  let high = 0xbf;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    if (more) {
      if (byte < low || byte > high) return false;
      low = 0x80;
      high = 0xbf;
      more--;
    } else if (byte > 0x7f) {
      if (byte < 0xc2 || byte > 0xf4) return false;
      more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      // The second byte excludes over-long forms (E0, F0), surrogates (ED), and characters above U+10FFFF (F4).
      if (byte === 0xe0) low = 0xa0;
      if (byte === 0xf0) low = 0x90;
      if (byte === 0xed) high = 0x9f;
      if (byte === 0xf4) high = 0x8f;
    } else if (!byte && !nul) return false;
  }
  return !more;
}

/**
 * Whether bytes are a Topic Name: 1..65,535 bytes of text without wildcards [MQTT-3.3.2-2, 4.7.3-1..3].
 */
export function isTopicName(topic: Bytes): boolean {
  return (
    topic.length > 0 &&
    topic.length <= MAX_FIELD &&
    wellFormed(topic) &&
    topic.indexOf("+") < 0 &&
    topic.indexOf("#") < 0
  );
}

/**
 * Whether bytes that are well formed are a Topic Filter, 1..65,535 bytes. A wildcard fills its whole level, and `#` is allowed only in the
 * last one [MQTT-4.7.1-2, 4.7.1-3].
 */
export function isTopicFilter(filter: Bytes): boolean {
  const levels = filter.split("/");
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]!;
    if (level.length > 1 && (level.indexOf("+") >= 0 || level.indexOf("#") >= 0)) return false;
    if (level === "#" && i < levels.length - 1) return false;
  }
  return filter.length > 0 && filter.length <= MAX_FIELD;
}
