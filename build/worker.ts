// A process that builds bundles of the table, one after the other, as processes.ts asks for them by name.

import { rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { messageOf } from "./failure.ts";
import { makeRow } from "./make.ts";
import type { Stamp } from "./stamp.ts";

/** What it answers: what it made, or what is wrong. */
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
