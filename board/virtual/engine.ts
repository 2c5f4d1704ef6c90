// The globals that Espruino's ESP32 build adds to the language: E, process, ESP32, getSerial, peek32, print.
// They answer; when something runs is the idle loop's business, in boot.ts.

import { flatten, fromBuffer } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import { mapInPlace } from "./map-in-place.ts";
import { RANDOM_REGISTER } from "./random.ts";
import type { Obj, Realm } from "./realm.ts";
import type { Release } from "./wifi-driver.ts";

/** What the release behind 2v29 calls itself, most likely. */
const NEXT = "2v30";

/** Why an ESP32 was reset, in its lowest six bits. */
const RESET_REGISTER = 0x3ff48034;

/** The numbers of `process.memory()`, in JsVars of 14 bytes, and of `ESP32.getState()`. */
export interface Memory {
  total: number;
  usage: number;
  /** Counted as used until it is collected. */
  garbage: number;
  /** Free bytes of the system's heap. */
  heap: number;
}

/** The part of the board that the globals use. */
export interface EngineHost {
  realm: Realm;
  memory: Memory;
  release: Release;
  serial: string;
  pins: { chip: string };
  random: { next(): number; seed(seed: number): void };
  entropy(): number;
  /** Why the chip was reset, as its register has it. */
  cause: number;
  print(...values: unknown[]): void;
  strings: { share(text: unknown): unknown };
  faults: { read(): string[] };
  /** Seconds since boot, or since `setTime`'s epoch. */
  getTime(): number;
  setTime(seconds: number): void;
  watchdog: { enable(seconds: number, automatic: boolean): void; kick(): void };
  /** Asks for a restart: the chip's at once, the interpreter's from the idle loop, with or without the saved code. */
  restart(kind: "reboot" | "load" | "reset"): void;
  /** Nothing runs for `ms`, then the chip restarts. */
  sleep(ms: number): void;
}

/** Puts the globals into the firmware's world. */
export function addGlobals(host: EngineHost): void {
  const { realm, print, entropy } = host;
  realm.define(realm.global, {
    E: realm.object(),
    process: realm.object(),
    ESP32: realm.object(),
    console: realm.object(),
    print,
    getTime: host.getTime,
    setTime: host.setTime,
    getSerial: () => host.serial,
    peek32: (address: number) =>
      address === RANDOM_REGISTER ? entropy() : address === RESET_REGISTER ? host.cause : 0,
    load: () => host.restart("load"),
    reset: () => host.restart("reset"),
    echo: () => {},
  });
  const { E, ESP32, console } = realm.global as Record<string, Obj>;
  realm.define(console!, { log: print, warn: print, error: print, info: print, debug: print });
  realm.define(E!, { ...converters(host), ...care(host) });
  realm.define(ESP32!, {
    getState: () =>
      realm.object({
        sdkVersion: "v3.1",
        freeHeap: host.memory.heap,
        BLE: false,
        Wifi: true,
        minHeap: host.memory.heap - 1000,
      }),
    reboot: () => host.restart("reboot"),
    deepSleep: (us: number) => host.sleep(us / 1000),
  });
  describe(host);
}

function describe({ realm, serial, memory, pins, release }: EngineHost): void {
  const VERSION = release === "next" ? NEXT : release;
  const process = realm.global.process as Obj;
  const { total, garbage } = memory;
  realm.define(process, {
    version: VERSION,
    // Only `false` keeps it from collecting first. The garbage comes back at once.
    memory: (collect?: unknown) => {
      const usage = memory.usage + (collect === undefined || collect ? 0 : garbage);
      return realm.object({ free: total - usage, usage, total, history: 0, gc: 0, gctime: 2, blocksize: 14 });
    },
  });
  const env = {
    VERSION,
    BOARD: pins.chip,
    FLASH: 0,
    RAM: 524288,
    STORAGE: 917504,
    SERIAL: serial,
    CONSOLE: "Serial1",
  };
  // A new object at each access, as on the engine.
  Object.defineProperty(process, "env", { get: () => realm.object(env), configurable: true });
}

function converters({ realm, strings }: EngineHost): Obj {
  return {
    toString: (...items: unknown[]) => fromBuffer(Uint8Array.from(flatten(items))),
    toUint8Array: (...items: unknown[]) => realm.bytes(flatten(items)),
    toArrayBuffer: (text: unknown) => strings.share(text),
    mapInPlace: (from: unknown, to: unknown, map?: unknown, bits?: number) =>
      mapInPlace(realm, from, to, map, bits),
    CRC32: (data: unknown) => crc32(Uint8Array.from(flatten(data))),
  };
}

function care({ realm, random, watchdog, faults }: EngineHost): Obj {
  return {
    srand: (seed: number) => random.seed(seed),
    // Not random at all on the ESP32: the same generator as Math.random.
    hwRand: () => random.next(),
    getErrorFlags: () => realm.array(faults.read()),
    getSizeOf: () => 1,
    enableWatchdog: (seconds: number, automatic?: boolean) => watchdog.enable(seconds, automatic !== false),
    kickWatchdog: () => watchdog.kick(),
  };
}
