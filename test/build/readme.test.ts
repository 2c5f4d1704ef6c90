// The README of build/ shows one small program after each step. This test makes the steps; WRITE=1 writes the README again.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type Plugin, rollup } from "rollup";
import { transpiled } from "../../build/compile.ts";
import { compiled } from "../../build/compiled.ts";
import { marked } from "../../build/mark.ts";
import { PROGRAM, passes } from "../../build/passes.ts";

const README = "build/README.md";
const FILE = "example.ts";

/** The block behind the comment with its name. */
const blockOf = (name: string) => new RegExp(`(<!-- ${name} -->\n\`\`\`\\w+\n)([\\s\\S]*?)(\`\`\`)`);

function shown(text: string, name: string): string {
  const block = blockOf(name).exec(text);
  assert.ok(block, `no block ${name}`);
  return block[2]!;
}

/** The texts of a program after each step, by the step's name. */
async function stepsOf(source: string): Promise<Map<string, string>> {
  const from = await compiled();
  const code = marked(FILE, transpiled(source), new Map([["send", "resident"]]));
  const found = new Map([["compiled", code]]);
  const watch = (name: string): Plugin => ({
    name: `after ${name}`,
    renderChunk(text) {
      found.set(name, text);
      return null;
    },
  });
  const plugins = passes({ ...from, files: { [FILE]: code } }, PROGRAM).flatMap((pass) => [
    pass,
    watch(pass.name),
  ]);
  const bundle = await rollup({ input: FILE, plugins });
  const { output } = await bundle.generate({ format: "iife", generatedCode: "es5", strict: false });
  await bundle.close();
  const asset = output.find((file) => file.type === "asset");
  found.set("parts", `${asset?.type === "asset" && asset.source}`);
  return found;
}

test("readme of build: the program after each step equals the result of the step", async () => {
  let text = readFileSync(README, "utf8");
  const steps = await stepsOf(shown(text, "source"));
  const names = [...text.matchAll(/<!-- ([\w-]+) -->/g)]
    .map(([, name]) => name!)
    .filter((name) => name !== "source");
  assert.ok(names.length > 5);
  if (process.env.WRITE) {
    for (const name of names)
      text = text.replace(
        blockOf(name),
        (_, head, __, tail) => `${head}${steps.get(name)!.trimEnd()}\n${tail}`,
      );
    writeFileSync(README, text);
  }
  for (const name of names) assert.equal(shown(text, name).trimEnd(), steps.get(name)?.trimEnd(), name);
});
