// The minified build of test/subject.ts, by the firmware's own passes, property names kept.
import { writeFileSync } from "node:fs";
import type { Built } from "../../build/bundle.ts";
import { buildFile } from "../../build/own.ts";

/** The name under which it finds its own file. */
const NAME = "subject";

/** The build as a script that fills an object `exports`, and the names in it. Every pass accepts a script. */
export function buildSubject(conditions: string[]): Promise<Built> {
  return buildFile("test/subject.ts", {
    mangle: false,
    format: "cjs",
    strict: false,
    module: NAME,
    conditions,
  });
}

/** Writes it to dist/subject.js, as a module: what #subject is under the condition `minified`. */
export async function writeSubject(conditions: string[]): Promise<void> {
  const { code, exports } = await buildSubject(conditions);
  writeFileSync(
    "dist/subject.js",
    `const exports = {}, code = ${JSON.stringify(code)};
const require = () => ({ read: () => code });
new Function("exports", "require", code)(exports, require);
export const { ${exports.join(", ")} } = exports;\n`,
  );
}

if (process.argv[1]?.endsWith("bundle/subject.ts")) await writeSubject(["five"]);
