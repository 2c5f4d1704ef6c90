// A mark says which function of the sources one in a bundle is: `function /*@src/mqtt/write.ts flush resident*/ flush()`.
// It stands where no step between the compiler and the passes moves or loses it, and terser drops it.

import { type AnyNode, type FunctionExpression, parse } from "acorn";
import { eachNode, type FunctionNode, isFunction, nameOf } from "./statements.ts";

export interface Mark {
  /** "" where there is no mark. */
  file: string;
  name: string;
  /** The words of its `@resident` tag, see tags.ts; undefined where it has none. */
  resident?: string;
}

const MARK = /\/\*@(\S+) (\S+)(?: resident ?(\w*))?\*\//;

/** Marks the functions of a compiled file that tags may stand at. */
export function marked(file: string, code: string, tags: Map<string, string>): string {
  const places: [at: number, name: string][] = [];
  for (const [name, fn] of functionsOfModule(code)) {
    const own =
      fn.type === "FunctionDeclaration" ? fn.id!.start : fn.start + code.slice(fn.start).indexOf("(");
    places.push([own, name]);
  }
  let text = code;
  for (const [at, name] of places.sort(([a], [b]) => b - a)) {
    const resident = tags.get(name);
    const words = resident === undefined ? "" : ` resident ${resident}`.trimEnd();
    text = `${text.slice(0, at)}/*@${file} ${name}${words}*/ ${text.slice(at)}`;
  }
  return text;
}

/** Functions at the top level of a module, and those that are properties of objects there, with their names. */
function functionsOfModule(code: string): [name: string, fn: FunctionNode][] {
  const found: [string, FunctionNode][] = [];
  for (const top of parse(code, { ecmaVersion: 2020, sourceType: "module" }).body) {
    const node = top.type === "ExportNamedDeclaration" && top.declaration ? top.declaration : top;
    if (node.type === "FunctionDeclaration") found.push([node.id.name, node]);
    else found.push(...methodsIn(node));
  }
  return found;
}

function methodsIn(top: AnyNode): [string, FunctionExpression][] {
  const found: [string, FunctionExpression][] = [];
  eachNode(top, (node, ancestors) => {
    if (node.type !== "Property" || ancestors.some(isFunction)) return;
    if (node.value.type === "FunctionExpression") found.push([nameOf(node.key), node.value]);
  });
  return found;
}

/** The mark in the text between `function` and a function's parameters. */
export function markIn(text: string): string {
  return MARK.exec(text)?.[0] ?? "";
}

/** What a mark says, of a function with this name in the bundle. */
export function readMark(text: string, name: string): Mark {
  const [, file, own, resident] = MARK.exec(text) ?? [];
  return { file: file ?? "", name: own ?? name.replace(/\$\d+$/, ""), resident };
}
