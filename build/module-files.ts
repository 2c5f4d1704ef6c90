// The module's files for other tools, in dist/module/<name>/. mqtt-ws.min.js is the module as it is, under the name by which
// Espruino's tools look for it; because of the end of that name they do not minify it. index.js is the module in one piece,
// for bundlers: it needs no file of its own, and takes more memory.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { BUNDLES, MODULE, nameOf } from "./bundles.ts";
import { buildRow } from "./own.ts";
import { ROOT } from "./root.ts";
import { writeWhole } from "./stamp.ts";

/** The names of all modules. */
export const MODULES = BUNDLES.filter(({ app }) => app === MODULE).map(nameOf);

/** The text of a module in one piece. */
export async function wholeModule(name: string): Promise<string> {
  return (await buildRow(name, { parts: false, module: undefined, format: "cjs" })).code;
}

/** Writes the files of all modules. Their bundles must be in dist/. */
export async function writeModules(): Promise<void> {
  for (const name of MODULES) {
    const folder = `dist/module/${name}`;
    mkdirSync(join(ROOT, folder), { recursive: true });
    copyFileSync(join(ROOT, `dist/${name}.js`), join(ROOT, `${folder}/${MODULE}.min.js`));
    writeWhole(`${folder}/index.js`, await wholeModule(name), "latin1");
  }
  // The package is of ES modules; these are CommonJS.
  writeWhole("dist/module/package.json", '{ "type": "commonjs" }\n');
}
