// Writes a bundle's files to dist/, and a note of the sources they were made from (stamp.ts).

import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rollup";
import { type Built, build, inputOf } from "./bundle.ts";
import { type Bundle, MODULE, nameOf } from "./bundles.ts";
import type { Compiled } from "./compile.ts";
import { entryFile } from "./entry.ts";
import { ROOT } from "./root.ts";
import { buildFiles, hashesOf, type Stamp, writeStamp, writeWhole } from "./stamp.ts";

/** The module's types, a file beside it. */
const TYPES = "src/module/mqtt-ws.d.ts";

/** Builds a bundle and writes it to dist/. */
export async function makeRow(from: Compiled, bundle: Bundle): Promise<Stamp> {
  const built = await build(from, inputOf(bundle));
  const name = nameOf(bundle);
  const outputs = outputsOf(bundle, built);
  for (const [file, text] of Object.entries(outputs)) writeWhole(file, text, "latin1");
  const stamp = {
    inputs: hashesOf(inputsOf(from, bundle)),
    outputs: hashesOf(Object.keys(outputs)),
    modules: built.modules,
    residents: built.residents,
    sizes: [built.bootBytes, built.code.length - built.bootBytes].filter(Boolean),
  };
  writeStamp(name, stamp);
  return stamp;
}

/** Writes the module's types beside it. Rollup writes the other files. */
export function moduleTypes(bundle: Bundle): Plugin {
  return {
    name: "module-types",
    writeBundle() {
      if (nameOf(bundle) === MODULE) copyFileSync(join(ROOT, TYPES), join(ROOT, `dist/${MODULE}.d.ts`));
    },
  };
}

/** A bundle's files in dist/. */
function outputsOf(bundle: Bundle, { code }: Built): Record<string, string> {
  const name = nameOf(bundle);
  return {
    [`dist/${name}.js`]: code,
    ...(name === MODULE && { [`dist/${MODULE}.d.ts`]: readFileSync(join(ROOT, TYPES), "latin1") }),
  };
}

/** Files that a bundle is made of: what its entry imports, and theirs, types included; and what makes it. */
function inputsOf({ imports, outsideFiles }: Compiled, bundle: Bundle): Set<string> {
  const entry = entryFile(bundle);
  const found = new Set([entry]);
  for (const file of found) for (const next of imports[file] ?? []) found.add(next);
  found.delete(entry);
  for (const file of [...outsideFiles, TYPES, ...buildFiles()]) found.add(file);
  return found;
}
