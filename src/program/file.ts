// A program in Storage: one file fw.<8 digits>. Its boot code comes first. Behind it, in a comment, are the parts, which
// the program makes functions of when it calls them. The digits are the CRC-32 of the file.

import type { Bytes } from "../board";

/** The comment that holds the parts. The first one in a file: the boot code has no other. */
export const PARTS_BEGIN = "/*";
/** The end of a complete file. A file that was cut off while it was written ends in erased flash. */
export const PARTS_END = "*/\n";
/** Names of programs begin with this. */
export const PROGRAM_PREFIX = "fw.";
/** Digits of the checksum in a name. */
export const DIGITS = 8;

/** A program, as the record names it (record.ts): its digits, bytes of its boot code, bytes of its file. */
export function nameProgram(crc: number, bootBytes: number, fileBytes: number): Bytes {
  return digitsOf(crc) + " " + bootBytes + " " + fileBytes;
}

/** A checksum as digits of a name. */
export function digitsOf(crc: number): Bytes {
  return ("0000000" + crc.toString(16)).slice(-DIGITS);
}

/** The file of a program that the record names. */
export function fileOf(program: Bytes): Bytes {
  return PROGRAM_PREFIX + program.substr(0, DIGITS);
}
