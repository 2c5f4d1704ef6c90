// Marks: comments that name the source of a function in a bundle, `function /*@src/mqtt/write.ts flush resident*/ flush()`.
// No step between the compiler and the passes moves or removes a comment at this place. Terser removes it.

import { type AnyNode, type FunctionExpression, parse } from "acorn";
import { eachNode, type FunctionNode, isFunction, nameOf } from "./statements.ts";

export interface Mark {
  /** Source file, "" without a mark. */
  file: string;
  name: string;
  /** Whether it has the tag `@resident`, or `@inline`, see tags.ts. */
  resident: boolean;
  inline: boolean;
}

const MARK = /\/\*@(\S+) (\S+)(?: (resident|inline))?\*\//;

/** Marks the functions of a compiled file that may have tags. */
export function marked(file: string, code: string, tags: Map<string, string>): string {
  const places: [at: number, name: string][] = [];
  for (const [name, fn] of functionsOfModule(code)) {
    const own =
      fn.type === "FunctionDeclaration" ? fn.id!.start : fn.start + code.slice(fn.start).indexOf("(");
    places.push([own, name]);
  }
  let text = code;
  for (const [at, name] of places.sort(([a], [b]) => b - a)) {
    const tag = tags.get(name);
    text = `${text.slice(0, at)}/*@${file} ${name}${tag ? ` ${tag}` : ""}*/ ${text.slice(at)}`;
  }
  return text;
}

/** Top-level functions of a module, and functions in objects at the top level, with their names. */
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

/** Reads the mark of a function that has this name in the bundle. */
export function readMark(text: string, name: string): Mark {
  const [, file, own, tag] = MARK.exec(text) ?? [];
  const written = own ?? name.replace(/\$\d+$/, "");
  return { file: file ?? "", name: written, resident: tag === "resident", inline: tag === "inline" };
}
