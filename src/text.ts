// What people hand over to bytes for the wire, and JSON in both directions: the one place where text becomes UTF-8 and
// where it comes from it. The engine's strings are bytes, its JSON knows nothing of UTF-8: it writes "\u00C3\u00A9" for
// the two bytes of an e with an accent, and makes one byte of "\u20AC".

import type { Bytes } from "./board";
import { chars } from "./mqtt/bytes";

/** What only a board can do as fast as it should be. */
export interface Memory {
  /** The bytes of an ArrayBuffer or of an array on one, copied. */
  flat(data: ArrayBuffer | ArrayBufferView): Bytes;
}

/**
 * Bytes for the wire. A string is taken as bytes already, as it is where it comes from source text, from a file or from
 * another message; one with characters above 255, which only some engines have, becomes UTF-8. Typed arrays and
 * ArrayBuffers give their memory, numbers and booleans their text, other objects their JSON, undefined and null nothing.
 */
export function toBytes(value: unknown, memory: Memory): Bytes {
  if (typeof value === "string") return isWide(value) ? utf8(value) : value;
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return "" + value;
  return (value as ArrayBuffer).byteLength === undefined ? toJson(value) : memory.flat(value as ArrayBuffer);
}

/** A value as JSON in UTF-8 (RFC 8259 8.1); its strings are bytes of UTF-8, as those of {@link toBytes} are. */
export function toJson(value: unknown): Bytes {
  const json = unescaped("" + JSON.stringify(value), 0x100);
  return isWide(json) ? utf8(json) : json;
}

/** The value of JSON in UTF-8, its strings as bytes of UTF-8; undefined if it is none. Never throws. */
export function fromJson(json: Bytes): unknown {
  try {
    return JSON.parse(unescaped(json, 0x80));
  } catch (_) {
    return undefined;
  }
}

/** Text to UTF-8 (RFC 3629): each character above 127, surrogates in pairs; one without its other becomes U+FFFD. */
export function utf8(text: string): Bytes {
  let bytes = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const low = text.charCodeAt(i + 1);
    if (isPair(code, low)) {
      bytes += encoded(paired(code, low));
      i++;
    } else bytes += encoded(code);
  }
  return bytes;
}

/** Whether a string has characters that are no bytes. A chip has no such strings, and need not look. */
function isWide(text: string): boolean {
  // No regular expression: the engine's get classes that end at FF wrong.
  if ("\u0100".charCodeAt(0) === 256 && /[^\x01-\x7f]/.test(text))
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return true;
  return false;
}

/**
 * JSON with its \u escapes of characters above 127 as what they stand for, so that no engine has to know them: bytes of
 * UTF-8, below `least` the byte itself.
 */
function unescaped(json: string, least: number): string {
  if (json.split("\\u").length < 2) return json;
  // A backslash that is escaped itself begins nothing.
  const pieces = json.split("\\\\");
  for (let n = 0; n < pieces.length; n++) {
    const parts = pieces[n]!.split("\\u");
    let out = parts[0]!;
    for (let i = 1; i < parts.length; i++) {
      const part = parts[i]!;
      const code = parseInt(part.substr(0, 4), 16);
      const next = part.length === 4 ? parts[i + 1] : undefined;
      const low = next === undefined ? NaN : parseInt(next.substr(0, 4), 16);
      if (isPair(code, low)) {
        out += encoded(paired(code, low)) + next!.substr(4);
        i++;
      } else if (code > 127) out += (code < least ? chars(code) : encoded(code)) + part.substr(4);
      else out += "\\u" + part;
    }
    pieces[n] = out;
  }
  return pieces.join("\\\\");
}

function isPair(high: number, low: number): boolean {
  return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
}

function paired(high: number, low: number): number {
  return (high - 0xd800) * 1024 + low - 0xdc00 + 0x10000;
}

/** One character in UTF-8. */
function encoded(code: number): Bytes {
  if (code < 0x80) return chars(code);
  if (code < 0x800) return chars(0xc0 | (code >> 6), 0x80 | (code & 63));
  if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
  const tail = chars(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  if (code < 0x10000) return chars(0xe0 | (code >> 12)) + tail;
  return chars(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63)) + tail;
}
