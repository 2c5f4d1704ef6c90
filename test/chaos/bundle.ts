// Builds the chaos run's firmware with the very plugins that build the others: minified, names shortened.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { rollup } from "rollup";
import ts from "typescript";
import { firmware } from "../../rollup.config.js";

const FOLDER = resolve("test/chaos");
const MAIN = resolve(FOLDER, "main.ts");

/** Which firmware: its version of MQTT, and what shakes hands, the stock `ws` module or our own code. */
export interface Build {
  profile: "full" | "v5";
  transport: "stock" | "lean";
}

/** The entry, as board/esp32/main-*.ts are of the others. */
const entryOf = ({ profile, transport }: Build) => `
import { run } from "../../board/esp32/run";
import { ${transport} } from "../../board/esp32/${transport === "lean" ? "lean" : "socket"}";
import { ${profile} } from "../../src/profile/${profile}";
import { chaos } from "./app";
run(chaos, ${profile}, ${transport});
`;

/** What lies outside of what the firmware's compiler looks at: it comes to it as ES5. */
const ours = (build: Build) => ({
  name: "ours",
  resolveId(id: string, importer?: string) {
    const path = importer ? `${resolve(dirname(importer), id)}.ts` : id;
    return dirname(path) === FOLDER ? path : null;
  },
  load(id: string) {
    if (id === MAIN) return entryOf(build);
    if (dirname(id) !== FOLDER) return null;
    const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext };
    return ts.transpileModule(readFileSync(id, "utf8"), { compilerOptions }).outputText;
  },
});

/** The program, as it would be saved to flash. */
export async function chaosBundle(build: Build): Promise<string> {
  const bundle = await rollup({
    input: MAIN,
    plugins: [ours(build), ...firmware()],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", generatedCode: "es5", strict: false });
  await bundle.close();
  return output[0].code;
}
