// The virtual chip as one boot sees it: types, and the chip's own numbers.
import type { Air } from "./air.ts";
import type { Clock } from "./clock.ts";
import type { Memory } from "./engine.ts";
import type { Pins } from "./pins.ts";
import type { Random } from "./random.ts";
import type { Flash } from "./storage.ts";
import type { Destination, Failure, Link, Listener, Sender, UdpListener } from "./tcp.ts";
import type { Radio, Release } from "./wifi-driver.ts";

/** How a boot ends: by the chip, or by the interpreter with or without the saved code. */
export type Restart = "reboot" | "load" | "reset";

/** Reset causes in the chip's register: power or button, a watchdog, the program. */
export const POWER_ON = 1;
export const WATCHDOG = 7;
export const PROGRAM = 12;

/** The parts of the board that outlive a boot. */
export interface Hardware {
  clock: Clock;
  air: Air;
  flash: Flash;
  pins: Pins;
  serial: string;
  mac: string;
  radio: Radio;
  /** The release of Espruino that it plays. */
  release: Release;
  memory: Memory;
  random: Random;
  entropy(): number;
  /** Why the chip was reset, as its register has it. */
  cause: number;
  onLine(line: string): void;
  onWrite(bytes: string): void;
  onRead(bytes: string): void;
  dial(to: Destination): Link | Failure;
  listen(port: number, onLink: (link: Link) => void): Listener;
  bind(port: number, onDatagram: (bytes: string, from: Sender) => void): UdpListener;
  restart(kind: Restart, cause?: number): void;
  /** The chip goes to sleep; it restarts when it wakes. */
  sleep(): void;
}
