// Makes sure that one bundle in dist/ is up to date. It loads the build only if there is something to build.

import { rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { freshStamp } from "./stamp.ts";

/** Calls `say` before a build, because that takes seconds. Throws a BuildError that names the fault. */
export async function ensureBundle(name: string, say: (text: string) => void): Promise<void> {
  const bundle = rowOf(name);
  if (freshStamp(name)) return;
  say(`building dist/${name}.js`);
  const { makeRow } = await import("./make.ts");
  await makeRow(await compiled(), bundle);
}
