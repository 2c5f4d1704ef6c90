// Parts: a pass before terser that moves rare functions behind the boot code, into a comment. `fall(link, why)` becomes
//
//     Function("A", "B", file.substr(4711, 123))(link, why)
//
// This makes a function of the 123 bytes at 4,711, which is gone when it has returned (engine 10). While it runs it takes
// ten JsVars; its text stays in flash (engine 35). A part sees global variables only (engine 11). So the bundle has no
// wrapper: its names are global, and begin with $ or _ so that they do not collide with names that you type on the
// console. This pass marks the parts. After terser, place-parts.ts gives them their places.

import type { AnyNode, FunctionExpression } from "acorn";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { inlineConstants, type Limits, rareIn } from "./residents.ts";
import { eachNode, nameOf, statementsOf, wrapperOf } from "./statements.ts";

/** Placeholders for the file and for a part until the places are known. They are not declared, so terser keeps them. */
export const FILE = "PARTS$";
export const PART = "PART$";
/** Placeholders for a part in a table of functions, and for a call through such a table. */
export const ENTRY = "ENTRY$";
export const TABLE = "TABLE$";
/** Properties that are tables of functions by number. A table holds the places of parts. */
const TABLES = ["handlers"];
/** Parameters of every part, by place. Terser uses these names nowhere else, and a name that is already so is an error. */
export const PARAMETERS = ["A", "B", "C", "D", "E"];

/** Marks the parts, and removes the bundle's wrapper. */
export function markParts(limits: Limits): Plugin {
  return {
    name: "mark-parts",
    renderChunk(code) {
      const tables = tablesIn(code);
      const all = { ...limits, most: PARAMETERS.length, tabled: tables.entries };
      const { statements, functions, uses, names } = rareIn(code, all);
      const text = new MagicString(code);
      for (const { start, end } of tables.callees) text.appendLeft(start, `${TABLE}(`).appendRight(end, ")");
      inlineConstants(text, statements);
      const end = statements[statements.length - 1]!.end;
      for (const [i, name] of names.entries()) {
        const node = functions.get(name)!;
        for (const { node: use, how } of uses.get(name)!)
          text.overwrite(use.start, use.end, `${how === "tabled" ? ENTRY : PART}(${i})`);
        text.overwrite(node.start, node.id.end, `${i ? "" : `\n${FILE}([`}function `);
        text.appendLeft(node.end, i < names.length - 1 ? "," : "]);\n");
        text.move(node.start, node.end, end);
      }
      const wrapper = wrapperOf(code);
      if (wrapper) text.remove(0, wrapper.start + 1).remove(wrapper.end - 1, code.length);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** Places of names in tables like `handlers: { 3: onPublish }`, and callees like that of `client.handlers[type](client)`. */
function tablesIn(code: string): { entries: Set<number>; callees: AnyNode[] } {
  const entries = new Set<number>();
  const callees: AnyNode[] = [];
  for (const top of statementsOf(code)) {
    eachNode(top, (node, ancestors) => {
      const parent = ancestors[ancestors.length - 2];
      if (node.type === "Property" && TABLES.includes(nameOf(node.key)))
        for (const value of numberedIn(node.value)) entries.add(value.start);
      if (node.type === "MemberExpression" && node.computed && isTable(node.object))
        if (parent?.type === "CallExpression" && parent.callee === node) callees.push(node);
    });
  }
  return { entries, callees };
}

function numberedIn(table: AnyNode): AnyNode[] {
  if (table.type !== "ObjectExpression") return [];
  return table.properties.flatMap((entry) =>
    entry.type === "Property" && entry.key.type === "Literal" ? [entry.value] : [],
  );
}

function isTable(object: AnyNode): boolean {
  return object.type === "MemberExpression" && TABLES.includes(nameOf(object.property));
}

/** The statement that holds all parts, and the parts in it; undefined for a bundle without parts. */
export function partsIn(statements: AnyNode[]) {
  for (const node of statements) {
    const call = node.type === "ExpressionStatement" ? node.expression : undefined;
    if (call?.type !== "CallExpression" || nameOf(call.callee) !== FILE) continue;
    const [list] = call.arguments;
    const parts = list?.type === "ArrayExpression" ? (list.elements as FunctionExpression[]) : [];
    return { start: node.start, end: node.end, parts };
  }
  return undefined;
}
