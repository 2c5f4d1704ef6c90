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

/** JsVars that a function in flash takes, with its place among the program's names: 6.9 to 7.0 measured. */
const JSVARS_OF_FUNCTION = 7;

/** The text of a module in one piece. Where memory is too short for it, it says so instead of running out. */
export async function wholeModule(name: string): Promise<string> {
  const { code } = await buildRow(name, { parts: false, module: undefined, format: "cjs" });
  const functions = code.split("function").length - 1;
  const needed = Math.ceil((functions * JSVARS_OF_FUNCTION) / 100) * 100;
  const wrong = `${MODULE} in one piece takes ${needed} JsVars, and this board has fewer free: put ${name}.js into its Storage instead, see docs/module.md`;
  return `if(process.memory().free<${needed})throw new Error(${JSON.stringify(wrong)});${code}`;
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
