// A shared key in config.json, of `sign` or of `mqtt.tls.psk`: 16 to 64 bytes in hexadecimal or base64 (RFC 4648 4, 5, 8). No message quotes it.

import type { Bytes } from "../board";
import { chars } from "../mqtt/bytes";

/** Fewest and most bytes of a key. 32 are best, the length of the hash (RFC 2104 3). */
export const MIN_KEY = 16;
export const MAX_KEY = 64;
/** The form of a key, for error messages. */
export const KEY_EXPECTED = "a key of 16..64 bytes, 32 are best, in hexadecimal or base64";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

/**
 * The bytes of a key; undefined when the text is not a key. A text of an even number of hexadecimal digits is
 * hexadecimal. Base64 may have the URL alphabet, and its padding may be missing.
 */
export function decodeKey(text: Bytes): Bytes | undefined {
  const hex = /^[0-9A-Fa-f]+$/.test(text) && text.length % 2 === 0;
  const digits = hex ? text : text.split("=")[0]!;
  let key = "";
  let bits = 0;
  let count = 0;
  for (let i = 0; i < digits.length; i++) {
    const at = hex ? parseInt(digits.charAt(i), 16) : DIGITS.indexOf(digits.charAt(i));
    if (at < 0) return undefined;
    // In DIGITS, "-" and "_" follow "+" and "/" and mean the same numbers.
    bits = (bits << (hex ? 4 : 6)) | (at < 64 ? at : at - 2);
    count += hex ? 4 : 6;
    if (count > 7) {
      count -= 8;
      key += chars((bits >> count) & 255);
      bits &= (1 << count) - 1;
    }
  }
  const padding = text.length - digits.length;
  // No encoder makes a single digit at the end, leftover bits, or a wrong padding.
  if (bits || count > 5 || padding > 2 || (padding && text.length % 4)) return undefined;
  if (!/^=*$/.test(text.substr(digits.length))) return undefined;
  return key.length < MIN_KEY || key.length > MAX_KEY ? undefined : key;
}
