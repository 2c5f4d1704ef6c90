// How a build fails.

import { UsageError } from "./command-line.ts";

/** A fault in what is built, not in the build: its message is all that is shown. */
export class BuildError extends Error {}

/** What is shown of an error. Rollup wraps what a pass throws, and keeps it as the cause. */
export function messageOf(error: unknown): string {
  const { message, stack, cause } = error as Error;
  if (cause instanceof BuildError) return cause.message;
  if (error instanceof UsageError) return `${message}: see --help.`;
  return error instanceof BuildError ? message : (stack ?? message);
}
