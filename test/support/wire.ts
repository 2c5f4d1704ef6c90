// The tests' notation for bytes: hexadecimal and quoted text, with a comment after each field.
import type { Bytes } from "../../src/board.ts";

/**
 * Bytes from lines of fields: pairs of hexadecimal digits, 'quoted text', and comments after a semicolon.
 *
 *     wire`
 *       90       ; SUBACK
 *       03       ; Remaining Length
 *       0001     ; Packet Identifier
 *       02       ; granted QoS 2
 *     `
 */
export function wire(lines: TemplateStringsArray): Bytes {
  let bytes = "";
  for (const line of (lines.raw[0] ?? "").split("\n")) {
    for (const [token, text, digits] of line.replace(/;.*/, "").matchAll(/'([^']*)'|([0-9a-f]+)|\S/g)) {
      if (text !== undefined) bytes += text;
      else if (digits && digits.length % 2 === 0) bytes += Buffer.from(digits, "hex").toString("latin1");
      else throw new Error(`not a field: ${token} in ${line}`);
    }
  }
  return bytes;
}

/** Bytes as hexadecimal digits. */
export function hex(bytes: Bytes): string {
  return Buffer.from(bytes, "latin1").toString("hex");
}

/** Text as the bytes of its UTF-8. */
export function utf8(text: string): Bytes {
  return Buffer.from(text).toString("latin1");
}
