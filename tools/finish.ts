// Ends a command with its exit code. After a failure it prints one sentence.

import { Failure } from "./failures.ts";

export async function finish(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (error instanceof Failure) {
      console.error(error.message);
      process.exitCode = error.code;
    } else {
      console.error(new Failure("bug", `this tool has failed (${(error as Error).stack})`).message);
      process.exitCode = 1;
    }
  }
}
