// Short names: a pass after terser that renames the top-level names, and the parameters of parts to those of the loader.
// The program's names are global (parts.ts), so they begin with $ or _.

import type { AnyNode, Identifier } from "acorn";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { BuildError } from "./failure.ts";
import { PARAMETERS, partsIn } from "./parts.ts";
import { eachNode, type FunctionNode, hidden, isKey, nameOf, namesIn, statementsOf } from "./statements.ts";

/** Names that making parts uses. The bundle's own names follow after these. */
const NAMES = namesOf("$_");
/** The program's own file. The loader gives this variable its value (src/program/loader.ts). */
export const FILE_VARIABLE = NAMES.next().value as string;
export const MAKER = NAMES.next().value as string;
export const TABLE_LOADER = NAMES.next().value as string;

function* namesOf(firsts: string): Generator<string> {
  for (const first of firsts)
    for (const second of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
      yield first + second;
}

/**
 * @param bare for counting bytes with a source map: keeps only the bodies of the parts. The result is not a program.
 */
export function shortNames(bare = false): Plugin {
  return {
    name: "short-names",
    renderChunk(code) {
      const statements = statementsOf(code);
      const text = new MagicString(code);
      shorten(text, statements);
      for (const fn of partsIn(statements)?.parts ?? []) {
        nameParameters(text, fn);
        if (bare) text.remove(fn.start, fn.body.start + 1).remove(fn.body.end - 1, fn.end + 1);
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** Renames the top-level names. The most frequent name becomes the shortest. */
function shorten(text: MagicString, statements: AnyNode[]): void {
  const found = new Map<string, Identifier[]>();
  for (const node of statements) {
    if (node.type === "FunctionDeclaration") found.set(node.id!.name, []);
    if (node.type === "VariableDeclaration")
      for (const { id } of node.declarations) found.set(nameOf(id), []);
  }
  for (const top of statements) {
    eachNode(top, (node, ancestors) => {
      if (node.type !== "Identifier" || !found.has(node.name)) return;
      if (!isKey(node, ancestors[ancestors.length - 2]!)) found.get(node.name)!.push(node);
    });
  }
  const ordered = [...found].sort(([, a], [, b]) => b.length - a.length);
  const names = namesOf("$_");
  for (let i = 0; i < 3; i++) names.next();
  for (const [, nodes] of ordered) {
    const { value } = names.next();
    if (!value) throw new Error("more names at the top level of the bundle than there are short ones");
    for (const { start, end } of nodes) text.overwrite(start, end, value);
  }
}

function nameParameters(text: MagicString, fn: FunctionNode): void {
  if (fn.params.length > PARAMETERS.length)
    throw new Error(`${fn.params.length} parameters: a part has ${PARAMETERS.length} at most`);
  const taken = PARAMETERS.filter((name) => namesIn(fn).has(name));
  if (taken.length) throw new Error(`${taken} is the name of a variable: it is one of parts' parameters`);
  const own = PARAMETERS.slice(0, fn.params.length);
  // The engine's own E, where E is a parameter.
  eachNode(fn, (node, ancestors) => {
    if (own.includes(nameOf(node)) && !isKey(node, ancestors[ancestors.length - 2]!))
      throw new BuildError(
        `a part with ${own.length} parameters uses ${nameOf(node)}, the name of one: pass fewer`,
      );
  });
  for (const [i, param] of fn.params.entries()) {
    eachNode(fn, (node, ancestors) => {
      if (node.type !== "Identifier" || node.name !== nameOf(param)) return;
      const parent = ancestors[ancestors.length - 2]!;
      if (isKey(node, parent) || hidden(node.name, ancestors.slice(1, -1))) return;
      text.overwrite(node.start, node.end, PARAMETERS[i]!);
    });
  }
}
