// Builds a firmware whose application is a test's, with the very plugins that build the others: minified, names shortened.
import { readFileSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { rollup } from "rollup";
import ts from "typescript";
import { type Program, programIn } from "../../board/virtual/program.ts";
import { firmware } from "../../rollup.config.js";

/** Which firmware: its version of MQTT, and what shakes hands, the stock `ws` module or our own code. */
export interface Build {
  profile: "full" | "v5";
  transport: "stock" | "lean";
}

/** Where the application is, and the name that it is exported by. */
export interface Application {
  file: string;
  name: string;
}

/** The entry, as board/esp32/main-*.ts are of the others. */
const entryOf = (folder: string, { file, name }: Application, { profile, transport }: Build) => `
import { run } from "${relative(folder, "board/esp32/run")}";
import { ${transport} } from "${relative(folder, `board/esp32/${transport === "lean" ? "lean" : "socket"}`)}";
import { ${profile} } from "${relative(folder, `src/profile/${profile}`)}";
import { ${name} } from "./${basename(file, ".ts")}";
run(${name}, ${profile}, ${transport});
`;

/** What lies outside of what the firmware's compiler looks at: it comes to it as ES5. */
function ours(folder: string, main: string, entry: string) {
  return {
    name: "ours",
    resolveId(id: string, importer?: string) {
      const path = importer ? `${resolve(dirname(importer), id)}.ts` : id;
      return dirname(path) === folder ? path : null;
    },
    load(id: string) {
      if (id === main) return entry;
      if (dirname(id) !== folder) return null;
      const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext };
      return ts.transpileModule(readFileSync(id, "utf8"), { compilerOptions }).outputText;
    },
  };
}

/** The program, as it would be saved to flash. */
export async function appBundle(application: Application, build: Build): Promise<Program> {
  const folder = dirname(resolve(application.file));
  const main = resolve(folder, "main.ts");
  const bundle = await rollup({
    input: main,
    plugins: [
      ours(folder, main, entryOf(folder, application, build)),
      ...firmware({ five: build.profile === "v5" }),
    ],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", generatedCode: "es5", strict: false });
  await bundle.close();
  return programIn(output);
}
