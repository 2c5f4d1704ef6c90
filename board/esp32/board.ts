// The ESP32 under Espruino, as src/board.ts wants it. Adapters only: what to do with it all is decided in src/.

import type { Board, Connection } from "../../src/board";
import { now, tick } from "./clock";
import { faults, restart, watchdog } from "./health";
import { mask } from "./mask";
import { seed } from "./random";
import { save } from "./storage";
import { join } from "./wifi";

/** A board around its connection, which becomes the board itself: a second object would take 20 JsVars. */
export function boardWith(connection: Connection): Board {
  const board = connection as Board;
  board.serial = getSerial;
  board.now = now;
  board.tick = tick;
  board.seed = seed;
  board.join = join;
  board.mask = mask;
  board.random = Math.random;
  board.print = console.log;
  board.read = require("Storage").read;
  board.parse = parse;
  board.crc = E.CRC32;
  board.save = save;
  board.restart = restart;
  board.watchdog = watchdog;
  board.faults = faults;
  return board;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (_) {
    return undefined;
  }
}
