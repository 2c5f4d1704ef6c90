// Waits for a condition that is not the board's alone: at a broker, in a file, of a child process. There is no limit
// but the last resort that all waits share.
import { LAST_RESORT_MS, Waits } from "../../board/virtual/waits.ts";

/** Resolves when the condition is true. Rejects with `log()` when it never comes true. */
export async function until(
  condition: () => unknown,
  what: string,
  log: () => string = () => "",
): Promise<void> {
  const outcome = await new Waits().until(() => Boolean(condition()));
  if (outcome !== "met") throw new Error(`Waited ${LAST_RESORT_MS} ms for ${what}:\n${log()}`);
}
