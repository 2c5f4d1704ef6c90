// Builds the chaos run's firmware with the very plugins that build the others: minified, names shortened.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { rollup } from "rollup";
import ts from "typescript";
import { firmware } from "../../rollup.config.js";

const FOLDER = resolve("test/chaos");

/** What lies outside of what the firmware's compiler looks at: it comes to it as ES5. */
const ours = {
  name: "ours",
  resolveId(id: string, importer?: string) {
    const path = importer ? `${resolve(dirname(importer), id)}.ts` : id;
    return dirname(path) === FOLDER ? path : null;
  },
  load(id: string) {
    if (dirname(id) !== FOLDER) return null;
    const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext };
    return ts.transpileModule(readFileSync(id, "utf8"), { compilerOptions }).outputText;
  },
};

/** The program, as it would be saved to flash. */
export async function chaosBundle(): Promise<string> {
  const bundle = await rollup({
    input: resolve(FOLDER, "main.ts"),
    plugins: [ours, ...firmware()],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", generatedCode: "es5", strict: false });
  await bundle.close();
  return output[0].code;
}
