// What a boot finds when it starts and leaves behind when it ends: the virtual chip. Only types.
import type { Air } from "./air.ts";
import type { Clock } from "./clock.ts";
import type { Memory } from "./engine.ts";
import type { Pins } from "./pins.ts";
import type { Random } from "./random.ts";
import type { Flash } from "./storage.ts";
import type { Destination, Failure, Link } from "./tcp.ts";

/** How a boot ends: by the chip, or by the interpreter with or without the saved code. */
export type Restart = "reboot" | "load" | "reset";

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
  onLine(line: string): void;
  onWrite(bytes: string): void;
  dial(to: Destination): Link | Failure;
  restart(kind: Restart): void;
}
