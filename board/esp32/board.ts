// The ESP32 under Espruino, as src/board.ts wants it. Adapters only: what to do with it all is decided in src/.

import type { Board, Bytes } from "../../src/board";
import { now, tick } from "./clock";
import { seed } from "./random";
import { accepted, end, open, write } from "./socket";
import { join } from "./wifi";

export const esp32: Board = {
  serial: getSerial,
  now,
  tick,
  seed,
  join,
  open,
  accepted,
  write,
  end,
  random: Math.random,
  print(line) {
    console.log(line);
  },
  read(name) {
    return require("Storage").read(name);
  },
  parse(json) {
    try {
      return JSON.parse(json);
    } catch (_) {
      return undefined;
    }
  },
  mask(payload, key) {
    // Four bytes a step, in place, on a copy of whole words: `words` is a view of the very string `bytes`.
    const bytes: Bytes = payload + "\0\0\0";
    const words = new Uint32Array(E.toArrayBuffer(bytes));
    for (let i = 0; i < words.length; i++) words[i] = words[i]! ^ key;
    return bytes.substr(0, payload.length);
  },
};
