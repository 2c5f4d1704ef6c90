// Keeps an unattended board alive: the hardware watchdog, restarts, faults of the engine.

import type { Owner } from "../../src/board";

let armed = 0;
/** Receives the faults. */
let listener: Owner | undefined;

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
  // Listen once, however many links come and go (engine 31).
  if (!listener) E.on("errorFlag", flagged);
  listener = owner;
}

function flagged(flags: string[]): void {
  // The engine reports a flag only once until it is read (engine 30).
  E.getErrorFlags();
  // The other flags are about the console and pins.
  if (/,MEMORY,|,CALLBACK,/.test("," + flags.join() + ",")) listener!.onFault(listener!, flags.join());
}
