// A pass after terser that puts a statement into braces if it calls a part, behind `if` or `else`. The engine skips a block twice
// as fast as a statement (engine 23), and what calls a part is rarely done. Parts stay as they are, because flash is scarce too.

import type { AnyNode } from "acorn";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { PART } from "./parts.ts";
import { eachNode, nameOf, statementsOf } from "./statements.ts";

export function braces(): Plugin {
  return {
    name: "braces",
    renderChunk(code) {
      const text = new MagicString(code);
      for (const top of statementsOf(code)) {
        if (top.type !== "FunctionDeclaration") continue;
        eachNode(top, (node) => {
          if (node.type !== "IfStatement") return;
          for (const branch of [node.consequent, node.alternate]) {
            if (!branch || branch.type === "BlockStatement" || !callsPart(branch)) continue;
            text.appendRight(branch.start, "{").appendLeft(branch.end, "}");
          }
        });
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

function callsPart(branch: AnyNode): boolean {
  let found = false;
  eachNode(branch, (node) => {
    if (node.type === "CallExpression" && nameOf(node.callee) === PART) found = true;
  });
  return found;
}
