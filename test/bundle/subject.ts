// The minified build of test/subject.ts, by the firmware's own passes but that for parts, property names kept.
import { writeFileSync } from "node:fs";
import type { Built } from "../../build/bundle.ts";
import { buildFile } from "../../build/own.ts";

/** The build as a script that fills an object `exports`, and the names in it. */
export function buildSubject(conditions: string[]): Promise<Built> {
  return buildFile("test/subject.ts", { mangle: false, parts: false, format: "cjs", conditions });
}

/** Writes it to dist/subject.js, as a module: what #subject is under the condition `minified`. */
export async function writeSubject(conditions: string[]): Promise<void> {
  const { code, exports } = await buildSubject(conditions);
  writeFileSync(
    "dist/subject.js",
    `const exports = {};\n(function () {\n${code}})();\nexport const { ${exports.join(", ")} } = exports;\n`,
  );
}

if (process.argv[1]?.endsWith("bundle/subject.ts")) await writeSubject(["five"]);
