// A question to Espruino as bytes: a packet of its console protocol (2v25 and later). The board checks the expression
// before it evaluates it.

import { crc32 } from "../../board/virtual/crc32.ts";
import { literal } from "./bytes.ts";

/** DLE, SOH: a packet begins. */
const START = [16, 1];
/** The packet type; the 13 lower bits are the length. */
const EVAL = 0x2000;
const MAX_LENGTH = 0x1fff;
const FIRST_PRINTABLE = 32;

/**
 * The packet that asks for the value of an expression; the answer is `[number,value]`. A console sometimes loses a
 * byte, and the rest may still be a program. So the expression comes as a string with its checksum.
 */
export function question(expression: string, number: number): Buffer {
  const source = Buffer.from(expression, "latin1");
  let checked =
    `(function(c,s){if(E.CRC32(s)!=c)throw"garbled";return [${number},eval(s)]})` +
    `(${crc32(source)},${literal(source)})`;
  // The console looks for Ctrl-C, and drivers for flow control, in all bytes, even in the length.
  if ((checked.length & 255) < FIRST_PRINTABLE) checked += " ".repeat(FIRST_PRINTABLE);
  if (checked.length > MAX_LENGTH) throw new Error(`a packet of ${checked.length} bytes`);
  const header = [...START, (EVAL | checked.length) >> 8, checked.length & 255];
  return Buffer.concat([Buffer.from(header), Buffer.from(checked, "latin1")]);
}
