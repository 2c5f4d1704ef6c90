// Builds several bundles at the same time, in one process for each core.

import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { BuildError } from "./failure.ts";
import type { Stamp } from "./stamp.ts";
import type { Answer } from "./worker.ts";

/** Builds bundles, and calls back with each one. Rejects with the first error. The sources must be compiled already. */
export async function makeAll(names: string[], done: (name: string, stamp: Stamp) => void): Promise<void> {
  const waiting = [...names];
  const count = Math.min(availableParallelism(), names.length);
  const workers = Array.from({ length: count }, () =>
    fork(fileURLToPath(new URL("./worker.ts", import.meta.url))),
  );
  try {
    await Promise.all(workers.map((worker) => work(worker, waiting, done)));
  } finally {
    for (const worker of workers) worker.kill();
  }
}

/** Gives bundles to a process, one after the other, until none waits. */
function work(
  worker: ChildProcess,
  waiting: string[],
  done: (name: string, stamp: Stamp) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const name = waiting.shift();
      if (name === undefined) resolve();
      else worker.send(name);
    };
    worker.on("message", ({ name, stamp, fault }: Answer) => {
      if (!stamp) return reject(new BuildError(`dist/${name}.js: ${fault}`));
      done(name, stamp);
      next();
    });
    worker.on("error", reject);
    worker.on("exit", (code, signal) =>
      reject(new Error(`a process of the build ended with ${code ?? signal}`)),
    );
    next();
  });
}
