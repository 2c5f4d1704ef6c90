// The chip's clock: milliseconds since boot, and one tick a second. Knows what the engine does to intervals: a late
// one catches up call after call, a step of the clock forward (SNTP) makes it run all the time, and one back makes it
// wait for as long: nobody is called who could notice, but for whoever begins the tick anew, and the watchdog.

/** Longest step, in seconds, that can be time gone by; more is somebody setting the clock. */
const DAY_S = 86400;

let origin = getTime();
let latest = origin;
let timer: number | undefined;

/** Whole milliseconds since boot; never goes back. */
export function now(): number {
  const time = getTime();
  const moved = time - latest;
  if (moved < 0 || moved > DAY_S) origin += moved;
  latest = time;
  return Math.round((time - origin) * 1000);
}

/** Calls `second` once a second, the first time in a second, until called again. */
export function tick(second?: () => void): void {
  let last = getTime();
  if (timer !== undefined) clearInterval(timer);
  timer = undefined;
  if (!second) return;
  timer = setInterval(function () {
    const moved = getTime() - last;
    if (moved >= 0 && moved < 0.5) return;
    // Blocked for longer, or the clock was set: no second that the link may count.
    if (moved < 0 || moved > 2) return tick(second);
    last += moved;
    second();
  }, 1000);
}
