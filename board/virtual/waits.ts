// Waiting for something that a board does: looked for whenever it prints, and every few ms of the PC's time, because
// not all that happens is printed. Knows conditions only.

/** How often to look, in ms. */
const LOOK_MS = 5;

export class Waits {
  private readonly waiting = new Set<() => void>();

  /** Something happened: look now. */
  look(): void {
    for (const look of [...this.waiting]) look();
  }

  /** Resolves when the condition holds, the patience is over, or it cannot come any more. */
  until(
    condition: () => boolean,
    patienceMs: number,
    hope: () => boolean,
  ): Promise<"met" | "over" | "hopeless"> {
    if (condition()) return Promise.resolve("met");
    return new Promise((resolve) => {
      const finish = (outcome: "met" | "over" | "hopeless") => {
        this.waiting.delete(look);
        clearTimeout(patience);
        clearInterval(poll);
        resolve(outcome);
      };
      const look = () => {
        if (condition()) finish("met");
        else if (!hope()) finish("hopeless");
      };
      const patience = setTimeout(() => finish("over"), patienceMs);
      const poll = setInterval(look, LOOK_MS);
      this.waiting.add(look);
    });
  }
}
