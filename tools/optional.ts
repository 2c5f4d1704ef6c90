// Libraries that only some commands need. npm may have left them out, so they are loaded when they are needed.

import { Failure } from "./failures.ts";

/**
 * What `load` imports. Throws a Failure with one sentence if a library of it is not installed.
 * @param purpose what needs it, for the sentence
 */
export async function optional<T>(load: () => Promise<T>, purpose: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = /Cannot find (?:package|module) '([^'./][^']*)'/.exec((error as Error).message)?.[1];
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND" || !missing) throw error;
    throw new Failure(
      "build",
      `${purpose} needs the library ${missing}, which is not installed`,
      `run "npm install ${missing}" in this folder, and run again`,
    );
  }
}
