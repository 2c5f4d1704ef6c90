// A pass for modules, which are one file, on engines that keep every resident function in memory, 6 to 8 JsVars each on
// Espruino: a function that runs rarely is made when it is called, and is gone when it has returned. `fall(link)` becomes
// `rare$3(5)(link)`, and of a group of them only the function that makes its members is resident, 6 JsVars.
//
// Members come one by one out of a `switch`: an object of all of them would fill 7 JsVars each for as long as one runs.
// None of them gets a name: a function with a name inside of another one leaves a cycle behind at every call, 10 JsVars.
// The maker has returned before its member runs, so the stack is no deeper. A call costs what it takes the engine to
// read over the group's text, 150 instructions a character: 0.35 million for a group of 1,200 tokens.

import { type FunctionDeclaration, tokenizer } from "acorn";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { inlineConstants, type Limits, rareIn } from "./residents.ts";

/** Tokens in a group, about: half of it, and a call takes half the time; twice, and half the makers are resident. */
export const GROUP = 1500;

/** @param group tokens in a group, about */
export function rare(limits: Limits, group = GROUP): Plugin {
  return {
    name: "rare",
    renderChunk(code) {
      const { statements, functions, uses, names } = rareIn(code, limits);
      const text = new MagicString(code);
      inlineConstants(text, statements);
      // Behind all declarations: the engine does not know what is declared below.
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

/** Groups of about the same length. */
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
    // By its middle: so none is much longer than the others.
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
