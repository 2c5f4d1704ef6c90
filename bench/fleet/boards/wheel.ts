// The seconds of many boards from one timer. A board's seconds begin when it asks for them, so that those of a fleet are spread
// as those of real boards are. The timer does not keep the process from ending.

/** Steps of a second. */
const STEPS = 20;
const STEP_MS = 1000 / STEPS;

/** What is called once a second. */
export interface Ticked {
  second(): void;
}

export class Wheel {
  private readonly slots = Array.from({ length: STEPS }, () => new Set<Ticked>());
  private readonly places = new Map<Ticked, number>();
  private at = 0;
  private due = performance.now() + STEP_MS;
  private readonly timer = setInterval(() => this.turn(), STEP_MS).unref();

  /** Calls `second` once a second, the first time a second from now. */
  add(ticked: Ticked): void {
    this.remove(ticked);
    this.places.set(ticked, this.at);
    this.slots[this.at]!.add(ticked);
  }

  remove(ticked: Ticked): void {
    const place = this.places.get(ticked);
    if (place === undefined) return;
    this.slots[place]!.delete(ticked);
    this.places.delete(ticked);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private turn(): void {
    const now = performance.now();
    // Seconds in which the process was busy are skipped, as on a board.
    if (now - this.due > 1000) this.due = now;
    for (; this.due <= now; this.due += STEP_MS) {
      this.at = (this.at + 1) % STEPS;
      const slot = this.slots[this.at]!;
      for (const ticked of [...slot]) if (slot.has(ticked)) ticked.second();
    }
  }
}
