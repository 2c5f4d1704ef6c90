// The board of src/board.ts on an ESP32 under Espruino. Adapters only: src/ decides.

import type { Board, Connection } from "../../src/board";
import { tick, uptime } from "./clock";
import { faults } from "./health";
import { mask } from "./mask";
import { seed } from "./random";
import { readFile, writeFile } from "./storage";

/** Functions that only the firmware has. The module leaves Wi-Fi, restarts and the watchdog to the user's program. */
export type Care = Pick<Board, "joinWifi" | "restart" | "watchdog">;

/** A board with this connection. In a bundle most of these functions are called by name and take no field (build/direct.ts). */
export function boardWith(connection: Connection, care: Care): Board {
  return {
    open: connection.open,
    accepted: connection.accepted,
    writeBytes: connection.writeBytes,
    writeFrame: connection.writeFrame,
    maskFrame: mask,
    hangUp: connection.hangUp,
    joinWifi: care.joinWifi,
    restart: care.restart,
    watchdog: care.watchdog,
    serial: getSerial,
    uptime,
    tick,
    seed,
    chance: Math.random,
    print: console.log,
    readFile,
    parseJson,
    crc32: E.CRC32,
    writeFile,
    faults,
  };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (_) {
    return undefined;
  }
}
