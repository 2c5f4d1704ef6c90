// A plain Linux build of Espruino has wide strings, which no ESP32 has: letters beyond ASCII in a program, and in what JSON.parse
// gives, are one character each. On a chip they are bytes of UTF-8. Here they become that.

import { BOOT_CODE } from "../board/virtual/program.ts";

/** Says how many characters the two bytes of one letter are: 1 where strings are wide. (Every build has `E.isUTF8`.) */
export const ASK = String.raw`print("letters", JSON.parse("\"\xc3\xa9\"").length);quit();`;

/** Runs before the program: the texts of JSON are bytes. */
const NARROW = `JSON.parse = (function (parse) {
  function narrow(value) {
    if (typeof value === "string") return E.toString(value, "");
    if (value && typeof value === "object") for (var key in value) value[key] = narrow(value[key]);
    return value;
  }
  return function (text) { return narrow(parse(text)); };
})(JSON.parse);
`;

/** The files, as byte strings, for an engine with wide strings. @param modules names of those that are code, too */
export function narrowed(files: Record<string, string>, modules: string[]): Record<string, string> {
  const all = { ...files };
  for (const name of [BOOT_CODE, ...modules]) if (all[name] !== undefined) all[name] = escaped(all[name]);
  if (all[BOOT_CODE] !== undefined) all[BOOT_CODE] = NARROW + all[BOOT_CODE];
  return all;
}

/** Code whose bytes beyond ASCII are escapes, as they may stand in texts. */
export function escaped(code: string): string {
  return code.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
