// A pass that settles what src/mqtt/hooks.ts leaves open. A bundle with MQTT 5 calls `use` once, with functions that are
// called directly by now (direct.ts): all that is left of `hooks` are questions whether it is there. It is; terser then
// drops the questions, and what is done where it is not. Without MQTT 5 rollup itself has done the same.

import type { AnyNode, FunctionDeclaration } from "acorn";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { functionsOf, nameOf, statementsOf, usesOf } from "./statements.ts";

/** Variables, and the functions that set them. */
const SET = { hooks: "use", extras: "useExtras" };

export function five(): Plugin {
  return {
    name: "five",
    renderChunk(code) {
      const statements = statementsOf(code);
      const functions = functionsOf(statements);
      const text = new MagicString(code);
      for (const [name, setter] of Object.entries(SET))
        settle(text, code, statements, name, functions.get(setter), functions.has("shortWays"));
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

function settle(
  text: MagicString,
  code: string,
  statements: AnyNode[],
  name: string,
  setter: FunctionDeclaration | undefined,
  short: boolean,
): void {
  const call = statements.find((node) => setter && calleeOf(node) === setter.id.name);
  const reads = readsOf(statements, name);
  // A function of it that is not called directly: the table is needed.
  if (!call || !setter || reads.some((node) => code[node.end] === ".")) return;
  text.remove(setter.start, setter.end).remove(call.start, call.end);
  for (const { start, end } of reads) text.overwrite(start, end, "true");
  // Which nobody calls.
  if (name === "hooks" && !short)
    for (const { start, end } of readsOf(statements, "quick")) text.overwrite(start, end, "false");
}

function readsOf(statements: AnyNode[], name: string): AnyNode[] {
  const uses = usesOf(statements, [name]).get(name)!;
  return uses.filter(({ how }) => how !== "assigned").map(({ node }) => node);
}

function calleeOf(statement: AnyNode): string {
  const call = statement.type === "ExpressionStatement" ? statement.expression : undefined;
  return call?.type === "CallExpression" ? nameOf(call.callee) : "";
}
