// Which functions of the bundles stay in the board's memory: those on the path of a message, and as few others as
// possible. A failure says what to do.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { AnyNode } from "acorn";
import { parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import { buildRow } from "../../build/own.ts";
import { stampOf } from "./stamps.ts";

/** Functions that stay though no message needs them, because they are values: event listeners, tables. 7 JsVars each. */
const MOST_VALUES = 24;

/** Functions that run once after power-on or a connection: their garbage is collected when a connection ends. */
const ONCE = [
  "prepare",
  "checkConfig",
  "make",
  "connect",
  "overTls",
  "provide",
  "readOptions",
  "newClientAsync",
];

for (const entry of ["hello", "hello-tiny-lean", "hello-v5", "device-lean", "mqtt-ws-lean"]) {
  test(`residents: ${entry} keeps few functions that no message needs`, async (t: TestContext) => {
    const { residents } = await stampOf(entry);
    const values = residents.filter(({ why }) => why !== "@resident").map(({ name }) => name);
    t.diagnostic(`${values.length}: ${values.join(", ")}`);
    assert.ok(
      values.length <= MOST_VALUES,
      `${values.length} functions stay because they are values, not called: ${values.join(", ")}. Call them directly ` +
        "where you can; where you cannot, and a message does not need them, pass a function expression that does",
    );
  });
}

for (const entry of ["hello-v5", "device-lean", "mqtt-ws-lean"]) {
  test(`residents: ${entry} has no named function inside a function that runs more than once`, async () => {
    const { code } = await buildRow(entry, { minify: false, format: "iife" });
    const leaks = namedInside(code).filter((path) => !path.some((name) => ONCE.includes(name)));
    assert.deepEqual(
      leaks.map((path) => path.join(" > ")),
      [],
      "each call leaves a cycle of 10 JsVars and more: put the inner function beside the outer one, or call it as a " +
        "function expression",
    );
  });
}

/** Named functions inside others, each with the names of the functions around it. */
function namedInside(code: string): string[][] {
  const found: string[][] = [];
  fullAncestor(parse(code, { ecmaVersion: 5 }), (node: AnyNode, _, ancestors: AnyNode[]) => {
    const named =
      node.type === "FunctionDeclaration" ||
      (node.type === "VariableDeclarator" && node.init?.type === "FunctionExpression");
    const around = ancestors.slice(0, -1).filter((at) => /^Function/.test(at.type));
    // The outermost function is the bundle itself.
    if (named && around.length > 1) found.push(ancestors.map(nameOf).filter(Boolean));
  });
  return found;
}

function nameOf(node: AnyNode): string {
  if (node.type === "Property" && node.key.type === "Identifier") return node.key.name;
  return ("id" in node && node.id && "name" in node.id && (node.id.name as string)) || "";
}
