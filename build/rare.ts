// Rare functions of modules: a pass that makes them when they are called (engine 10). A module is one file and has no
// parts, so its rare functions come in groups. `fall(link)` becomes `rare$3(5)(link)`. Of each group only `rare$3`, the
// maker of its members, is resident.
//
// The maker returns one member out of a `switch`: an object of all members would take 7 JsVars for each. Members have no
// names (engine 12). The maker has returned before its member runs, so the stack is no deeper. A call costs the reading of
// the group's text (engine 23): 0.35 million instructions for a group of 1,200 tokens.

import { type FunctionDeclaration, tokenizer } from "acorn";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { inlineConstants, type Limits, rareIn } from "./residents.ts";

/** Approximate tokens in a group. Half as many halve the time of a call; twice as many halve the number of makers. */
export const GROUP = 1500;

/** @param group approximate number of tokens in a group */
export function rare(limits: Limits, group = GROUP): Plugin {
  return {
    name: "rare",
    renderChunk(code) {
      const { statements, functions, uses, names } = rareIn(code, limits);
      const text = new MagicString(code);
      inlineConstants(text, statements);
      // After all declarations, because the engine does not hoist (engine 1).
      const first = statements.find((node) => !/Declaration$/.test(node.type));
      const end = first ? first.start : statements[statements.length - 1]!.end;
      for (const [n, members] of groupsOf(names, functions, code, group).entries()) {
        for (const [i, name] of members.entries()) {
          const node = functions.get(name)!;
          for (const use of uses.get(name)!) text.overwrite(use.node.start, use.node.end, `rare$${n}(${i})`);
          const head = i ? "" : `function rare$${n}(which$) { switch (which$) {\n`;
          text.overwrite(node.start, node.id.end, `${head}case ${i}: return function `);
          text.appendLeft(node.end, i < members.length - 1 ? ";\n" : ";\n} }\n");
          text.move(node.start, node.end, end);
        }
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** Splits functions into groups of similar length. */
function groupsOf(
  names: string[],
  functions: Map<string, FunctionDeclaration>,
  code: string,
  group: number,
): string[][] {
  const size = (name: string) => {
    const { start, end } = functions.get(name)!;
    return tokensIn(code.slice(start, end));
  };
  const total = names.reduce((sum, name) => sum + size(name), 0);
  const most = total / Math.ceil(total / group);
  const groups: string[][] = [];
  let filled = 0;
  for (const name of names) {
    // The middle of a function decides its group, so no group is much longer than the others.
    const n = Math.floor((filled + size(name) / 2) / most);
    filled += size(name);
    groups[n] ??= [];
    groups[n].push(name);
  }
  return groups.filter(Boolean);
}

function tokensIn(text: string): number {
  return [...tokenizer(text, { ecmaVersion: 5 })].length;
}
