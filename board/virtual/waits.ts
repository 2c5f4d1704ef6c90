// Waits for a condition. It is checked whenever the board prints, and every few ms of the PC's time, because not
// everything is printed: a condition may be about a broker or a file as well as about the board.

/** Time between two checks, in ms. */
const CHECK_MS = 5;

/**
 * The longest wait, in ms of the PC's time. Only a condition that never comes true takes so long. A slow or busy PC
 * must not fail a test, so every wait of the tests uses this one number.
 */
export const LAST_RESORT_MS = 120_000;

export type Outcome = "met" | "timeout" | "off";

export class Waits {
  private readonly checks = new Set<() => void>();

  /** Something happened: check all conditions now. */
  check(): void {
    for (const check of [...this.checks]) check();
  }

  /** Resolves when the condition is true, when `limitMs` is over, or when the board is off. */
  until(condition: () => boolean, limitMs = LAST_RESORT_MS, isOn = () => true): Promise<Outcome> {
    if (condition()) return Promise.resolve("met");
    return new Promise((resolve) => {
      const finish = (outcome: Outcome) => {
        this.checks.delete(check);
        clearTimeout(limit);
        clearInterval(poll);
        resolve(outcome);
      };
      const check = () => {
        if (condition()) finish("met");
        else if (!isOn()) finish("off");
      };
      const limit = setTimeout(() => finish("timeout"), limitMs);
      const poll = setInterval(check, CHECK_MS);
      this.checks.add(check);
    });
  }
}
