// The ESP32 under Espruino, as src/board.ts wants it. Adapters only: what to do with it all is decided in src/.

import type { Board, Connection } from "../../src/board";
import { tick, uptime } from "./clock";
import { faults, restart, watchdog } from "./health";
import { mask } from "./mask";
import { seed } from "./random";
import { readFile, writeFile } from "./storage";
import { joinWifi } from "./wifi";

/** A board around its connection, which becomes the board itself: a second object would take 20 JsVars. */
export function boardWith(connection: Connection): Board {
  const board = connection as Board;
  board.serial = getSerial;
  board.uptime = uptime;
  board.tick = tick;
  board.seed = seed;
  board.joinWifi = joinWifi;
  board.maskFrame = mask;
  board.chance = Math.random;
  board.print = console.log;
  board.readFile = readFile;
  board.parseJson = parseJson;
  board.crc32 = E.CRC32;
  board.writeFile = writeFile;
  board.restart = restart;
  board.watchdog = watchdog;
  board.faults = faults;
  return board;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (_) {
    return undefined;
  }
}
