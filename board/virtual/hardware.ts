// What a boot finds when it starts and leaves behind when it ends: the virtual chip. Types, and numbers of the chip's.
import type { Air } from "./air.ts";
import type { Clock } from "./clock.ts";
import type { Memory } from "./engine.ts";
import type { Pins } from "./pins.ts";
import type { Random } from "./random.ts";
import type { Flash } from "./storage.ts";
import type { Destination, Failure, Link } from "./tcp.ts";

/** How a boot ends: by the chip, or by the interpreter with or without the saved code. */
export type Restart = "reboot" | "load" | "reset";

/** Why a chip was reset, in its register: power or button, a watchdog, the program. */
export const POWER_ON = 1;
export const WATCHDOG = 7;
export const PROGRAM = 12;

/** What a boot has from the board, which outlives it. */
export interface Hardware {
  clock: Clock;
  air: Air;
  flash: Flash;
  pins: Pins;
  serial: string;
  mac: string;
  memory: Memory;
  random: Random;
  entropy(): number;
  /** Why the chip was reset, as its register has it. */
  cause: number;
  onLine(line: string): void;
  onWrite(bytes: string): void;
  onRead(bytes: string): void;
  dial(to: Destination): Link | Failure;
  restart(kind: Restart, cause?: number): void;
}
