// Resident functions: those of a bundle that stay in the board's memory, and why. All others are made when they are called
// (engine 10): see parts.ts.

import type { AnyNode, FunctionDeclaration } from "acorn";
import type MagicString from "magic-string";
import { BuildError } from "./failure.ts";
import { type Mark, readMark } from "./mark.ts";
import { functionsOf, statementsOf, type Use, usesOf } from "./statements.ts";

/** A function that stays in memory, and why. */
export interface Resident {
  /** Its source file, "" if that is not known. */
  file: string;
  name: string;
  why: string;
}

/** Requirements of a pass on functions that are made when they are called. */
export interface Limits {
  /** Whether a function that stays only because it has too many parameters is an error. */
  strict: boolean;
  /** Most parameters of a function. */
  most?: number;
  /** Places of names in tables through which their functions are called. */
  tabled?: Set<number>;
  /** Called with the functions that stay resident. */
  report?: (residents: Resident[]) => void;
}

export interface Rare {
  statements: AnyNode[];
  functions: Map<string, FunctionDeclaration>;
  uses: Map<string, Use[]>;
  /** Functions that need not stay, callers first. */
  names: string[];
}

/** The top-level functions of a bundle that are only called, so that they need not stay. */
export function rareIn(
  code: string,
  { strict, most = Number.POSITIVE_INFINITY, tabled = new Set(), report = () => {} }: Limits,
): Rare {
  const statements = statementsOf(code);
  const functions = functionsOf(statements);
  const uses = usesOf(statements, functions.keys());
  for (const all of uses.values()) for (const use of all) if (tabled.has(use.node.start)) use.how = "tabled";
  const residents = new Map<string, Resident>();
  const wide: string[] = [];
  for (const [name, { start, id, params }] of functions) {
    const mark = readMark(code.slice(start, id.start), name);
    const why = reason(mark, uses.get(name)!);
    const own = { file: mark.file, name: mark.name };
    if (why) residents.set(name, { ...own, why });
    else if (params.length > most && uses.get(name)!.length) {
      residents.set(name, { ...own, why: `over ${most} parameters` });
      wide.push(`${own.file}: ${own.name} has ${params.length} parameters, and a part has ${most} at most`);
    }
  }
  if (strict && wide.length)
    throw new BuildError(`${wide.join("\n")}\nPass fewer, or keep it in memory for all that with @resident.`);
  report([...residents.values()]);
  const rare = [...functions.keys()].filter((name) => !residents.has(name));
  return { statements, functions, uses, names: inOrder(rare, uses) };
}

/** The reason why a function stays, "" if it need not. */
function reason({ resident }: Mark, uses: Use[]): string {
  if (uses.some(({ how }) => how === "read")) return "its value is used";
  // Either all functions of a table are parts, or none.
  return resident && uses.every(({ how }) => how !== "tabled") ? "@resident" : "";
}

/** Sorts functions, callers first, from the program's own statements on. Terser removes those that nothing calls. */
function inOrder(names: string[], uses: Map<string, Use[]>): string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const [callee, at] of uses) if (at.some((use) => use.inside === name)) visit(callee);
  };
  for (const [name, at] of uses) if (at.some((use) => !use.inside)) visit(name);
  return [...seen].filter((name) => names.includes(name));
}

/** Replaces constants by their values, which saves 1 to 2 JsVars each. Terser does so only in functions after them. */
export function inlineConstants(text: MagicString, statements: AnyNode[]): void {
  const constants = new Map<string, string>();
  for (const node of statements) {
    if (node.type !== "VariableDeclaration") continue;
    for (const { id, init } of node.declarations)
      if (id.type === "Identifier" && init?.type === "Literal" && !init.regex)
        constants.set(id.name, init.raw!);
  }
  for (const [name, found] of usesOf(statements, constants.keys())) {
    if (found.some((use) => use.how === "assigned")) continue;
    for (const { node } of found) text.overwrite(node.start, node.end, constants.get(name)!);
  }
}
