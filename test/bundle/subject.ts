// The minified build of test/subject.ts, by the firmware's own plugins, property names kept.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { rollup } from "rollup";
import { firmware } from "../../rollup.config.js";

const SUBJECT = resolve("test/subject.ts");

/** The list of exports is JavaScript already, and lies outside what the firmware's compiler looks at. */
const subject = {
  name: "subject",
  resolveId: (id: string) => (id === SUBJECT ? id : null),
  load: (id: string) => (id === SUBJECT ? readFileSync(id, "utf8") : null),
};

/** The build as a script that fills an object `exports`, and the names in it. */
export async function buildSubject(): Promise<{ code: string; exports: string[] }> {
  const bundle = await rollup({
    input: SUBJECT,
    plugins: [subject, ...firmware({ mangleProperties: false, parts: false })],
    onwarn: (warning) => assert.fail(warning.message),
  });
  // A script, as the firmware is, so that every plugin takes it; only what is written is a module.
  const { output } = await bundle.generate({
    format: "cjs",
    generatedCode: "es5",
    strict: false,
    freeze: false,
    esModule: false,
  });
  await bundle.close();
  return output[0];
}

/** Writes it to dist/subject.js, as a module: what #subject is under the condition `minified`. */
export async function writeSubject(): Promise<void> {
  const { code, exports } = await buildSubject();
  writeFileSync(
    "dist/subject.js",
    `const exports = {};\n(function () {\n${code}})();\nexport const { ${exports.join(", ")} } = exports;\n`,
  );
}

if (process.argv[1]?.endsWith("bundle/subject.ts")) await writeSubject();
