// Asks a board for its properties and decides whether it can run a firmware. Changes nothing on the board.

import { Failure } from "../failures.ts";
import { FLASH_MS } from "../limits.ts";
import type { Espruino, Name } from "../serial/espruino.ts";

/** Boards that the firmware is made for, for example ESP32C3_IDF4. LINUX is Espruino on a PC, for tests. */
const BOARDS = /^(ESP32(C3|S3)?(_\w+)?|LINUX)$/;
/** Versions of Espruino as numbers: the first with the packet protocol, the first that is tested. */
const OLDEST = 2.25;
const TESTED = 2.27;
/** Total JsVars that a firmware needs to boot, connect and hold messages; measured. */
export const NEEDED_JSVARS = 2500;

export interface Storage {
  totalBytes: number;
  freeBytes: number;
  trashBytes: number;
}

/** A file in Storage. */
export interface Stored {
  length: number;
  crc: number;
}

export interface Facts extends Name {
  /** Built-in modules. */
  modules: string[];
  /** Total number of JsVars. */
  jsvars: number;
  bluetooth: boolean;
  storage: Storage;
}

export interface Needs {
  /** Modules by name. */
  modules: string[];
  /** Bytes in an empty Storage. */
  bytes: number;
  /** Whether the configuration accepts wss://. */
  tls: boolean;
  /** What makes the firmware smaller, as advice: "choose --profile tiny"; "" if nothing does. */
  smaller: string;
  /** What spares Espruino's crypto, as advice. */
  withoutCrypto: string;
}

export async function inspect(espruino: Espruino, name: Name): Promise<Facts> {
  const env = await espruino.ask<{ BOARD: string; MODULES: string }>(
    "{BOARD:process.env.BOARD,MODULES:process.env.MODULES||''}",
  );
  const rest = await espruino.ask<Pick<Facts, "jsvars" | "bluetooth">>(
    "{jsvars:process.memory().total,bluetooth:!!(typeof ESP32!='undefined'&&ESP32.getState&&ESP32.getState().BLE)}",
  );
  const storage = await espruino.ask<Storage>("require('Storage').getStats()", FLASH_MS);
  return { ...rest, storage, version: name.version, board: env.BOARD, modules: env.MODULES.split(",") };
}

/** Throws if the board's name alone rules it out. Returns a warning, or "". Call it before any question. */
export function judgeName(name: Name): string {
  const [, major, minor] = /^(\d+)v(\d+)/.exec(name.version) ?? [];
  const version = Number(major) + Number(minor) / 100;
  if (!BOARDS.test(name.board)) throw new Failure("board", `this is a ${name.board} with Espruino, no ESP32`);
  if (!(version >= OLDEST)) throw new Failure("version", `this is Espruino ${name.version}`);
  return version < TESTED
    ? `Espruino ${name.version} is old: 2v27 or later is what the firmware is tested with`
    : "";
}

/** Throws if this board cannot run the firmware. */
export async function judge(espruino: Espruino, facts: Facts, needs: Needs, noBle: boolean): Promise<void> {
  if (needs.tls && CLASSIC.test(facts.board)) throw withoutTls();
  for (const module of needs.modules) {
    if (!facts.modules.includes(module) && !(await stored(espruino, module))) throw lacks(module, needs);
  }
  if (needs.bytes > facts.storage.totalBytes) {
    throw new Failure(
      "full",
      `the firmware needs ${needs.bytes} bytes of Storage, this board has ${facts.storage.totalBytes} in all`,
      needs.smaller || "use a board with more flash",
    );
  }
  if (facts.jsvars < NEEDED_JSVARS && !(facts.bluetooth && noBle)) {
    const why = facts.bluetooth ? " because Bluetooth is on" : "";
    throw new Failure(
      "memory",
      `the board has ${facts.jsvars} JsVars, fewer than the ${NEEDED_JSVARS} needed${why}`,
      facts.bluetooth ? "turn it off with --no-ble" : "use a board with more memory",
    );
  }
}

function lacks(module: string, needs: Needs): Failure {
  if (module === "crypto")
    return new Failure(
      "lacks",
      "this Espruino has no crypto, which the ws module and mqtt.tls.psk need",
      needs.withoutCrypto,
    );
  return new Failure("lacks", `this Espruino has no module ${module}`);
}

/** Boards with the plain ESP32: after Wi-Fi has joined, its heap is too small for Espruino's TLS. */
const CLASSIC = /^ESP32(_\w+)?$/;

function withoutTls(): Failure {
  return new Failure(
    "memory",
    "wss:// without mqtt.tls.psk cannot work on a classic ESP32, whose memory is too small for Espruino's TLS",
    "take mqtt.tls.psk, or ws:// as docs/security.md says, or a board with an ESP32-C3 or ESP32-S3",
  );
}

/** Length and checksum of a file in Storage; undefined if it does not exist. */
export async function stored(espruino: Espruino, name: string): Promise<Stored | undefined> {
  const file = await espruino.ask<Stored | 0>(
    `(function(f){return f===undefined?0:{length:f.length,crc:E.CRC32(f)}})(require("Storage").read(${JSON.stringify(name)}))`,
    FLASH_MS,
  );
  return file ? { length: file.length, crc: file.crc >>> 0 } : undefined;
}
