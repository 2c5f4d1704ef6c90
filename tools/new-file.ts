// New files with secrets: for their owner alone, and never in place of another.

import { writeFileSync } from "node:fs";
import { Failure } from "./failures.ts";
import { userPath } from "./paths.ts";

/** Read and written by its owner alone. */
const MODE = 0o600;

/** @param remedy what to do if the file is there already, as advice */
export function writeNewFile(file: string, text: string, remedy: string): void {
  try {
    writeFileSync(userPath(file), text, { mode: MODE, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new Failure("key", `${file} is there already`, remedy);
    throw new Failure("file", `${file} cannot be written`);
  }
}
