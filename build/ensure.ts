// Makes sure that one bundle in dist/ is up to date. What builds is loaded only where something is to be built.

import { rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { freshStamp } from "./stamp.ts";

/** `say` is told before it is built, which takes seconds. Throws a BuildError that says what is wrong. */
export async function ensureBundle(name: string, say: (text: string) => void): Promise<void> {
  const bundle = rowOf(name);
  if (freshStamp(name)) return;
  say(`building dist/${name}.js`);
  const { makeRow } = await import("./make.ts");
  await makeRow(await compiled(), bundle);
}
