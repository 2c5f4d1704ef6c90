// What keeps a board alive that nobody looks after: the hardware watchdog, restarts, what the engine has lost.

import type { Owner } from "../../src/board";

let armed = 0;
let told: Owner | undefined;

/** See Board.watchdog. */
export function watchdog(periodS: number): void {
  if (periodS) {
    if (!armed) E.enableWatchdog(periodS, false);
    armed = periodS;
    E.kickWatchdog();
  } else if (armed) E.enableWatchdog(armed, true);
}

/** See Board.restart. */
export function restart(): void {
  ESP32.reboot();
}

/** See Board.faults. */
export function faults(owner: Owner): void {
  // Once: a program that takes up one link after the other has one list of listeners.
  if (!told) E.on("errorFlag", flagged);
  told = owner;
}

function flagged(flags: string[]): void {
  // The engine tells of a flag only once until it is read.
  E.getErrorFlags();
  // The others are of the console and of pins.
  if (flags.indexOf("MEMORY") >= 0 || flags.indexOf("CALLBACK") >= 0) told!.onFault(told!, flags.join());
}
