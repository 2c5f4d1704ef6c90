// What the engine throws while connecting, in plain words: the same for every transport.

import type { Bytes } from "../../src/board";

export function inWords(error: Bytes): Bytes {
  if (/locate host/.test(error)) return "host not found: check the name in mqtt.url";
  return /create socket/.test(error) ? "connection refused or no way to the host" : error;
}
