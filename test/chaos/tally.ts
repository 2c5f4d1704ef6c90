// Counts numbered messages as they arrive: which never came, which came again, and whether the order was kept.

export class Tally {
  /** Messages that came again. */
  repeats = 0;
  /** Messages that first arrived after a later one. */
  disorders = 0;
  private readonly seen = new Set<number>();
  private highest = -1;

  add(n: number): void {
    if (this.seen.has(n)) this.repeats++;
    else if (n < this.highest) this.disorders++;
    this.seen.add(n);
    this.highest = Math.max(this.highest, n);
  }

  /** Number of different messages. */
  get size(): number {
    return this.seen.size;
  }

  /** Messages 0..count-1 that never came. */
  missing(count: number): number[] {
    return Array.from({ length: count }, (_, n) => n).filter((n) => !this.seen.has(n));
  }
}
