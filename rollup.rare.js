// A rollup plugin for engines that keep every resident function in memory, 6 to 8 JsVars each on Espruino: a function
// that runs rarely is made when it is called, and is gone when it has returned. `fall(link)` becomes
// `rare$3(5)(link)`, and of a group of them only the function that makes its members is resident, 6 JsVars.
//
// Members come one by one out of a `switch`: an object of all of them would fill 7 JsVars each for as long as one runs.
// None of them gets a name: a function with a name inside of another one leaves a cycle behind at every call, 10 JsVars.
// The maker has returned before its member runs, so the stack is no deeper. A call costs what it takes the engine to
// read over the group's text, 150 instructions a character: 0.35 million for a group of 1,200 tokens.

import { tokenizer } from "acorn";
import MagicString from "magic-string";
import { functionsOf, statementsOf, usesOf } from "./rollup.bundle.js";

/** Tokens in a group, about: half of it, and a call takes half the time; twice, and half the makers are resident. */
export const GROUP = 1500;

/**
 * @param {string[]} hot names of functions that stay resident, because they run with every message
 * @param {(residents: {name: string, why: string}[]) => void} [report] is told what stays resident
 * @param {number} [group] tokens in a group, about
 */
export function rare(hot, report = () => {}, group = GROUP) {
  return {
    name: "rare",
    renderChunk(code) {
      const { statements, functions, uses, names } = rareIn(code, hot, report);
      const text = new MagicString(code);
      inlineConstants(text, statements);
      // Behind all declarations: the engine does not know what is declared below.
      const first = statements.find((node) => !/Declaration$/.test(node.type));
      const end = first ? first.start : statements[statements.length - 1].end;
      for (const [n, members] of groupsOf(names, functions, code, group).entries()) {
        for (const [i, name] of members.entries()) {
          const node = functions.get(name);
          for (const use of uses.get(name)) text.overwrite(use.node.start, use.node.end, `rare$${n}(${i})`);
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

/**
 * The functions at the top level of a bundle that nothing but calls of them needs, callers before what they call.
 * @param {string[]} hot see {@link rare}
 * @param {{most?: number, tabled?: Set<number>}} [limits] parameters that they may have, and where names stand whose
 *   function is called by a table
 */
export function rareIn(
  code,
  hot,
  report = () => {},
  { most = Number.POSITIVE_INFINITY, tabled = new Set() } = {},
) {
  const statements = statementsOf(code);
  const functions = functionsOf(statements);
  const uses = usesOf(statements, functions.keys());
  for (const all of uses.values()) for (const use of all) if (tabled.has(use.node.start)) use.how = "tabled";
  const why = (name) => {
    // What a table calls is a part for every entry of it, or for none.
    if (hot.includes(sourceName(name)) && uses.get(name).every((use) => use.how !== "tabled")) return "hot";
    if (functions.get(name).params.length > most) return `over ${most} parameters`;
    return uses.get(name).every((use) => use.how !== "read") ? "" : "its value is used";
  };
  const residents = [...functions.keys()].map((name) => ({ name: sourceName(name), why: why(name) }));
  report(residents.filter((resident) => resident.why));
  const names = inOrder(
    [...functions.keys()].filter((name) => !why(name)),
    uses,
  );
  return { statements, functions, uses, names };
}

/** A function's name without what rollup adds where two files have the same one. */
function sourceName(name) {
  return name.replace(/\$\d+$/, "");
}

/** Puts constants where they are used: terser does so only in functions that stand behind them, 1 to 2 JsVars each. */
export function inlineConstants(text, statements) {
  const declared = statements.filter((node) => node.type === "VariableDeclaration");
  const constants = declared
    .flatMap((node) => node.declarations)
    .filter((node) => node.init?.type === "Literal" && !node.init.regex);
  const uses = usesOf(
    statements,
    constants.map((node) => node.id.name),
  );
  for (const { id, init } of constants) {
    const found = uses.get(id.name);
    if (found.some((use) => use.how === "assigned")) continue;
    for (const { node } of found) text.overwrite(node.start, node.end, init.raw);
  }
}

/** Groups of about the same length. */
function groupsOf(names, functions, code, group) {
  const size = (name) => tokensIn(code.slice(functions.get(name).start, functions.get(name).end));
  const total = names.reduce((sum, name) => sum + size(name), 0);
  const most = total / Math.ceil(total / group);
  const groups = [];
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

/** Callers before what they call, from the program's own statements on. What none of them leads to is left to terser. */
function inOrder(names, uses) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const [callee, at] of uses) if (at.some((use) => use.inside === name)) visit(callee);
  };
  for (const [name, at] of uses) if (at.some((use) => !use.inside)) visit(name);
  return [...seen].filter((name) => names.includes(name));
}

function tokensIn(text) {
  return [...tokenizer(text, { ecmaVersion: 5 })].length;
}
