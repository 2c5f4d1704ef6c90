// The chip's clock: milliseconds since boot, and one tick a second. Knows what the engine does to intervals: a late
// one catches up call after call, a step of the clock forward (SNTP) makes it run all the time, and one back makes it
// wait for as long: nobody is called who could notice, but for whoever begins the tick anew, and the watchdog.

import type { Owner } from "../../src/board";

/** Longest step, in seconds, that can be time gone by; more is somebody setting the clock. */
const DAY_S = 86400;

let origin = getTime();
let latest = origin;
let timer: number | undefined;
let told: Owner;
/** When it was told last, or the tick began. */
let last: number;

/** Whole milliseconds since boot; never goes back. */
export function uptime(): number {
  const time = getTime();
  const moved = time - latest;
  if (moved < 0 || moved > DAY_S) origin += moved;
  latest = time;
  return Math.round((time - origin) * 1000);
}

/** See Board.tick. */
export function tick(owner?: Owner): void {
  if (timer !== undefined) clearInterval(timer);
  timer = undefined;
  if (!owner) return;
  last = getTime();
  told = owner;
  timer = setInterval(beat, 1000);
}

function beat(): void {
  const moved = getTime() - last;
  if (moved >= 0 && moved < 0.5) return;
  // Blocked for longer, or the clock was set: no second that the link may count.
  if (moved < 0 || moved > 2) return tick(told);
  last += moved;
  told.onSecond(told);
}
