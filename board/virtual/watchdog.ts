// The chip's watchdog: restarts the board when it was not fed in time. It cannot be disarmed.
import type { Clock } from "./clock.ts";

export class Watchdog {
  private ms = Number.POSITIVE_INFINITY;
  private fed = 0;
  private automatic = false;
  private cancel: (() => void) | undefined;

  /** @param bite is called when the time is over. */
  constructor(
    private readonly clock: Clock,
    private readonly bite: () => void,
  ) {}

  /** Arms it. With `automatic` the idle loop feeds it. */
  enable(seconds: number, automatic: boolean): void {
    this.ms = seconds * 1000;
    this.automatic = automatic;
    this.kick();
  }

  /** Feeds it. */
  kick(): void {
    this.cancel?.();
    this.fed = this.clock.now();
    // The chip's idle loop turns all the time, the virtual board's only when it has something to do. A watchdog that
    // the loop feeds is checked after each turn, and needs no alarm.
    if (this.automatic || this.ms === Number.POSITIVE_INFINITY) return;
    this.cancel = this.clock.wake(this.fed + this.ms, this.bite);
  }

  /** The idle loop begins a turn. */
  turnBegins(): void {
    if (this.automatic) this.fed = this.clock.now();
  }

  /** The idle loop has ended a turn, which may have blocked for a long time. */
  turnEnds(): void {
    if (this.clock.now() - this.fed > this.ms) this.bite();
  }

  /** Power off. */
  stop(): void {
    this.cancel?.();
    this.ms = Number.POSITIVE_INFINITY;
  }
}
