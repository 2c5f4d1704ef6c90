// A worker process: builds bundles of the table, one after the other, as processes.ts names them.

import { rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { messageOf } from "./failure.ts";
import { makeRow } from "./make.ts";
import type { Stamp } from "./stamp.ts";

/** Its answer: the built bundle, or the error. */
export interface Answer {
  name: string;
  stamp?: Stamp;
  fault?: string;
}

function answer(message: Answer): void {
  process.send!(message);
}

process.on("message", async (name: string) => {
  try {
    answer({ name, stamp: await makeRow(await compiled(), rowOf(name)) });
  } catch (error) {
    answer({ name, fault: messageOf(error) });
  }
});
