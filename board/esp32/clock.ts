// The chip's clock: milliseconds since boot, and one tick a second. The clock may step while an interval runs (engine 27).
// After a step back nothing runs until the tick is restarted or the watchdog resets the chip.

import type { Owner } from "../../src/board";

/** Longest step forward, in seconds, that counts as elapsed time. A longer step means that the clock was set. */
const DAY_S = 86400;

let origin = getTime();
let latest = origin;
let timer: number | undefined;
/** Receives the ticks. */
let listener: Owner;
/** Time of the last tick, or of the start. */
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
  listener = owner;
  timer = setInterval(beat, 1000);
}

function beat(): void {
  const moved = getTime() - last;
  if (moved >= 0 && moved < 0.5) return;
  // The board was blocked for longer, or the clock was set: the link must not count this second.
  if (moved < 0 || moved > 2) return tick(listener);
  last += moved;
  listener.onSecond(listener);
}
