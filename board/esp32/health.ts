// What keeps a board alive that nobody looks after: the hardware watchdog, restarts, what the engine has lost.

import type { Bytes } from "../../src/board";

let armed = 0;

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
export function faults(report: (what: Bytes) => void): void {
  E.on("errorFlag", function (flags) {
    // The engine tells of a flag only once until it is read.
    E.getErrorFlags();
    // The others are of the console and of pins.
    if (flags.indexOf("MEMORY") >= 0 || flags.indexOf("CALLBACK") >= 0) report(flags.join());
  });
}
