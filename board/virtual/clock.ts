// Time for the virtual boards: milliseconds since the clock was made, and one kind of alarm. Espruino's timers are
// built on it, in timers.ts.

/** A source of time that a test may replace. */
export interface Clock {
  /** Milliseconds, with fractions; never goes back. */
  now(): number;
  /** Calls `alarm` once, as soon as `now() >= at`, never from inside this call. Returns what cancels it. */
  wake(at: number, alarm: () => void): () => void;
  /** Blocks everything for `ms` milliseconds, as the chip does while it connects. */
  block(ms: number): void;
}

/** Calls `action` once, `ms` milliseconds from now. Returns what cancels it. */
export function after(clock: Clock, ms: number, action: () => void): () => void {
  return clock.wake(clock.now() + ms, action);
}

/** The PC's time. With a speed of 10, ten seconds of the board pass in one. */
export class RealClock implements Clock {
  private readonly start = performance.now();
  constructor(private readonly speed = 1) {}

  now(): number {
    return (performance.now() - this.start) * this.speed;
  }

  wake(at: number, alarm: () => void): () => void {
    let timer: NodeJS.Timeout;
    const arm = () => {
      // Longer waits than a 32-bit count of ms fire at once in Node: wake up early and look again.
      const wait = Math.min(Math.max(0, (at - this.now()) / this.speed), 1e9);
      timer = setTimeout(() => (this.now() >= at ? alarm() : arm()), wait);
    };
    arm();
    return () => clearTimeout(timer);
  }

  block(ms: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms / this.speed);
  }
}

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  private time = 0;
  private alarms: { at: number; alarm: () => void }[] = [];

  now(): number {
    return this.time;
  }

  wake(at: number, alarm: () => void): () => void {
    const entry = { at, alarm };
    this.alarms.push(entry);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== entry);
    };
  }

  block(ms: number): void {
    this.time += ms;
  }

  /** The time of the next alarm; Infinity without one. */
  get next(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.alarms.map(({ at }) => at));
  }

  /** Advances by `ms`, alarm by alarm. Between two alarms the boards finish their work. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const next = this.alarms.reduce((a, b) => (b.at < a.at ? b : a), { at: Infinity, alarm: () => {} });
      if (next.at > end) break;
      this.alarms = this.alarms.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.alarm();
      await settle();
    }
    this.time = Math.max(this.time, end);
  }
}

/** Turns of Node's event loop after which a board has finished its work on one alarm. */
const SETTLE_TURNS = 20;

async function settle(): Promise<void> {
  for (let i = 0; i < SETTLE_TURNS; i++) await new Promise((done) => setImmediate(done));
}
