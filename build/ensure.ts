// Makes sure that one bundle in dist/ and the loader are up to date. It loads the build only if there is something to build.
// The package from npm has all bundles, as they were built with it.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { LOADER, nameOf, rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { ROOT } from "./root.ts";
import { freshStamp } from "./stamp.ts";

/** Calls `say` before a build, because that takes seconds. Throws a BuildError that names the fault. */
export async function ensureBundle(name: string, say: (text: string) => void): Promise<void> {
  if (!existsSync(join(ROOT, "build"))) return;
  for (const bundle of new Set([rowOf(name), LOADER])) {
    const file = nameOf(bundle);
    if (freshStamp(file)) continue;
    say(`building dist/${file}.js`);
    const { makeRow } = await import("./make.ts");
    await makeRow(await compiled(), bundle);
  }
}
