// Text and JSON to UTF-8 and back: the only place that converts (engine 5). The engine's JSON does not know UTF-8: it
// writes "\u00C3\u00A9" for the two bytes of an e with an accent, and reads "\u20AC" as one byte.

import type { Bytes } from "./board";
import { chars, pieces } from "./mqtt/bytes";

/** Reads memory, with a fast function of the board. */
export interface Memory {
  /** A copy of the bytes of an ArrayBuffer or of a view on one. */
  flat(data: ArrayBuffer | ArrayBufferView): Bytes;
}

/**
 * A value as bytes for the wire. A string is already bytes: strings from source text, files and messages are. A string
 * with characters above 255, which only some engines have, becomes UTF-8. Typed arrays and ArrayBuffers give their
 * memory, numbers and booleans their text, other objects their JSON, undefined and null "".
 */
export function toBytes(value: unknown, memory: Memory): Bytes {
  if (typeof value === "string") return isWide(value) ? utf8(value) : value;
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return "" + value;
  return (value as ArrayBuffer).byteLength === undefined ? toJson(value) : memory.flat(value as ArrayBuffer);
}

/** A value as JSON in UTF-8 (RFC 8259 8.1). Its strings must be bytes of UTF-8, as for {@link toBytes}. */
export function toJson(value: unknown): Bytes {
  const json = unescaped("" + JSON.stringify(value), 0x100);
  return isWide(json) ? utf8(json) : json;
}

/** The value of JSON in UTF-8, its strings as bytes of UTF-8; undefined if the text is not JSON. Never throws. */
export function fromJson(json: Bytes): unknown {
  try {
    return JSON.parse(unescaped(json, 0x80));
  } catch (_) {
    return undefined;
  }
}

/** Text to UTF-8 (RFC 3629). A pair of surrogates is one character; a single surrogate becomes U+FFFD. */
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

/** Whether a string has characters above 255. A chip has no such strings, so the loop never runs there. */
function isWide(text: string): boolean {
  // The loop compares by hand: classes that end at FF are wrong (engine 3).
  if ("\u0100".charCodeAt(0) === 256 && /[^\x01-\x7f]/.test(text))
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return true;
  return false;
}

/**
 * JSON whose \u escapes above 127 are replaced by bytes: below `least` by the byte itself, from `least` on by UTF-8.
 * So no engine has to interpret them.
 */
function unescaped(json: string, least: number): string {
  if (json.split("\\u").length < 2) return json;
  // An escaped backslash does not start an escape.
  const runs = pieces(json, "\\\\");
  for (let n = 0; n < runs.length; n++) {
    const parts = pieces(runs[n]!, "\\u");
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
    runs[n] = out;
  }
  return runs.join("\\\\");
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
