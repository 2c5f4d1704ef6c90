// The seed of a run: everything random in it comes from this one number.

/** The seed without BOARD_SEED. */
const USUAL = 1;

let printed = false;

/**
 * The seed of this board: `given`, else BOARD_SEED, else 1. BOARD_SEED=random draws one. It is printed once a process, so
 * that a run can be repeated.
 */
export function seedOf(given?: number): number {
  if (process.env.BOARD_SEED === "random")
    process.env.BOARD_SEED = String(1 + Math.floor(Math.random() * 0xffff));
  const seed = given ?? Number(process.env.BOARD_SEED || USUAL);
  if (!Number.isInteger(seed) || seed < 1 || seed > 0xffffffff)
    throw new TypeError(
      `seed: expected a whole number from 1 to 4294967295, got ${given ?? process.env.BOARD_SEED}`,
    );
  if (!printed) process.stderr.write(`virtual boards: BOARD_SEED=${seed}\n`);
  printed = true;
  return seed;
}
