// Failures of a build.

import { UsageError } from "./command-line.ts";

/** A mistake in the sources, not in the build. Only its message is shown. */
export class BuildError extends Error {}

/** The text to show for an error. Rollup wraps the error of a pass, and keeps it as the cause. */
export function messageOf(error: unknown): string {
  const { message, stack, cause } = error as Error;
  if (cause instanceof BuildError) return cause.message;
  if (error instanceof UsageError) return `${message}: see --help.`;
  return error instanceof BuildError ? message : (stack ?? message);
}
