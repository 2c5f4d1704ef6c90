// Out of memory, as Espruino's engine handles it: it removes the handler that was running, and reports each error flag
// once until the flags are read. A test decides when memory runs out.

/** The kinds of handler that can be running then. */
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

  /** Whether the handler that is about to be called runs out of memory; the caller then removes it. */
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

  /** `E.getErrorFlags()`: returns all flags and clears them. */
  read(): string[] {
    return this.flags.splice(0);
  }

  /** Flags to report now. LOW_MEMORY alone is not reported. */
  get news(): string[] {
    const fresh = this.flags.filter((flag) => !this.told.includes(flag));
    return fresh.some((flag) => flag !== "LOW_MEMORY") ? fresh : [];
  }

  /** All flags that are set now count as reported. */
  tell(): void {
    this.told = [...this.flags];
  }
}
