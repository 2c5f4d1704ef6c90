// What one kind of board or broker cannot do, and another can.

/**
 * Thrown by a board or a broker that cannot do what a test asks it for. `message` names the call and says why. Pass it to
 * your test runner as the reason for skipping: {@link skipWhereImpossible} does that.
 */
export class ImpossibleHere extends Error {
  override readonly name = "ImpossibleHere";

  /** @param call as the test wrote it, `board.advance` */
  constructor(call: string, why: string) {
    super(`${call}: ${why}`);
  }
}

/** The part of a test's context that skipping needs: node:test's `t`, and others. */
export interface Skips {
  skip(reason: string): void;
}

/**
 * Runs the body of a test. Where a board or a broker throws {@link ImpossibleHere}, the test is skipped with that line.
 * Every other error is the test's.
 */
export async function skipWhereImpossible(t: Skips, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof ImpossibleHere)) throw error;
    t.skip(error.message);
  }
}
