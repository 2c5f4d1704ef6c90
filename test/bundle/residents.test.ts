// Which functions of the bundles stay in the board's memory: those on the path of a message, and as few others as
// possible. Says what to do where that is not so.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { AnyNode } from "acorn";
import { parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import { rollup } from "rollup";
import { firmware, HOT, HOT5, shapeOf } from "../../rollup.config.js";
import type { Resident } from "../../rollup.rare.js";

/** Functions that stay though no message needs them, because they are values: event listeners, tables. 7 JsVars each. */
const MOST_VALUES = 24;

/** Functions that run once after power-on or a connection: what they leave behind is collected when a connection ends. */
const ONCE = ["prepare", "checkConfig", "make", "connect", "overTls"];

async function residentsOf(entry: string): Promise<Resident[]> {
  const found: Resident[] = [];
  const report = (residents: Resident[]) => found.push(...residents);
  const shape = shapeOf(entry);
  const plugins = firmware({ ...shape, five: entry.includes("v5"), report });
  const build = await rollup({ input: `board/esp32/main-${entry}.ts`, plugins });
  await build.generate({ format: shape.format, generatedCode: "es5", strict: false });
  await build.close();
  return found;
}

for (const [entry, hot] of [
  ["hello", HOT],
  ["hello-v5", HOT5],
] as const) {
  test(`residents: each hot function of ${entry} is there`, async () => {
    const there = (await residentsOf(entry)).map(({ name }) => name);
    const gone = hot.filter((name) => !there.includes(name));
    assert.deepEqual(gone, [], `no functions any more, take them out of HOT in rollup.config.js: ${gone}`);
  });
}

for (const entry of ["hello", "hello-tiny-lean", "hello-v5", "device-lean", "mqtt-ws-lean"]) {
  test(`residents: ${entry} keeps few others`, async (t: TestContext) => {
    const values = (await residentsOf(entry)).filter(({ why }) => why !== "hot").map(({ name }) => name);
    t.diagnostic(`${values.length}: ${values.join(", ")}`);
    assert.ok(
      values.length <= MOST_VALUES,
      `${values.length} functions stay because they are values, not called: ${values.join(", ")}. Call them directly ` +
        "where you can; where you cannot, and a message does not need them, pass a function expression that does",
    );
  });
}

for (const entry of ["hello-v5", "device-lean", "mqtt-ws-lean"]) {
  test(`residents: in ${entry} no function with a name is inside of one that runs more than once`, async () => {
    const plugins = firmware({ minify: false, five: entry.includes("v5") });
    const build = await rollup({ input: `board/esp32/main-${entry}.ts`, plugins });
    const { output } = await build.generate({ format: "iife", generatedCode: "es5", strict: false });
    await build.close();
    const leaks = namedInside(output[0].code).filter((path) => !path.some((name) => ONCE.includes(name)));
    assert.deepEqual(
      leaks.map((path) => path.join(" > ")),
      [],
      "each call leaves a cycle of 10 JsVars and more: put the inner function beside the outer one, or call it as a " +
        "function expression",
    );
  });
}

/** Functions with a name that are inside others, each with the names around it. */
function namedInside(code: string): string[][] {
  const found: string[][] = [];
  fullAncestor(parse(code, { ecmaVersion: 5 }), (node: AnyNode, _, ancestors: AnyNode[]) => {
    const named =
      node.type === "FunctionDeclaration" ||
      (node.type === "VariableDeclarator" && node.init?.type === "FunctionExpression");
    const around = ancestors.slice(0, -1).filter((at) => /^Function/.test(at.type));
    // The outermost one is the bundle itself.
    if (named && around.length > 1) found.push(ancestors.map(nameOf).filter(Boolean));
  });
  return found;
}

function nameOf(node: AnyNode): string {
  if (node.type === "Property" && node.key.type === "Identifier") return node.key.name;
  return ("id" in node && node.id && "name" in node.id && (node.id.name as string)) || "";
}
