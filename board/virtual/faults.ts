// What Espruino's engine loses when its memory runs out, and how it tells: it removes the handler that was running, and
// reports each error flag once until the flags are read. A test says when memory is out.

/** What can be running then. */
export type Victim = "data" | "interval";

/** The error flags of one boot. */
export class Faults {
  private flags: string[] = [];
  private told: string[] = [];
  private victim: Victim | undefined;

  /** Memory runs out in the next handler of this kind. */
  starve(victim: Victim): void {
    this.victim = victim;
  }

  /** Whether the handler that is about to be called runs out of memory, so that it has to go. */
  strikes(victim: Victim): boolean {
    if (this.victim !== victim) return false;
    this.victim = undefined;
    this.raise("CALLBACK", "LOW_MEMORY", "MEMORY");
    return true;
  }

  /** Sets error flags; the idle loop reports those that are new. */
  raise(...flags: string[]): void {
    this.flags = [...new Set([...this.flags, ...flags])];
  }

  /** `E.getErrorFlags()`: all of them, and then there are none. */
  read(): string[] {
    return this.flags.splice(0);
  }

  /** Flags to be reported now: none if none but low memory is new. */
  get news(): string[] {
    const fresh = this.flags.filter((flag) => !this.told.includes(flag));
    return fresh.some((flag) => flag !== "LOW_MEMORY") ? fresh : [];
  }

  /** They were reported; those set meanwhile count as told too. */
  tell(): void {
    this.told = [...this.flags];
  }
}
