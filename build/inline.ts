// A pass that moves a function with `@inline` to the place of its one call, at the end of another function: a call costs time
// (engine 23), and a function memory (engine 10). Terser's inlining cannot do that (engine 12). What this pass does not
// understand is an error.

import type { AnyNode, CallExpression, FunctionDeclaration, Identifier } from "acorn";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { BuildError } from "./failure.ts";
import { type Mark, readMark } from "./mark.ts";
import {
  eachNode,
  functionsOf,
  isFunction,
  isKey,
  nameOf,
  ownNames,
  statementsOf,
  usesOf,
} from "./statements.ts";

export function inlineTails(): Plugin {
  return {
    name: "inline-tails",
    renderChunk(code) {
      const statements = statementsOf(code);
      const functions = functionsOf(statements);
      const text = new MagicString(code);
      for (const [name, fn] of functions) {
        const mark = readMark(code.slice(fn.start, fn.id.start), name);
        const uses = mark.inline ? usesOf(statements, [name]).get(name)! : [];
        if (!uses.length) continue;
        const caller = functions.get(uses[0]!.inside ?? "");
        const last = caller?.body.body.at(-1);
        const call = last && callIn(last, name);
        if (uses.length > 1 || !caller || !call)
          throw fault(mark, "it is not called once, by a function that ends with the call");
        if (last.type === "ExpressionStatement" && givesValue(fn)) throw fault(mark, "its value gets lost");
        const parameters = rename(text, fn, call, caller, mark);
        text.overwrite(last.start, last.end, parameters.join("\n"));
        text.remove(fn.start, fn.body.start + 1).remove(fn.body.end - 1, fn.end);
        text.move(fn.body.start + 1, fn.body.end - 1, last.end);
      }
      return text.hasChanged() ? { code: text.toString(), map: text.generateMap({ hires: true }) } : null;
    },
  };
}

/** The call of the function in the last statement of another one: `f(a)` or `return f(a)`. */
function callIn(last: AnyNode, name: string): CallExpression | undefined {
  let call: AnyNode | null | undefined;
  if (last.type === "ReturnStatement") call = last.argument;
  if (last.type === "ExpressionStatement") call = last.expression;
  return call?.type === "CallExpression" && nameOf(call.callee) === name ? call : undefined;
}

/**
 * Gives the variables of `fn` names that are free in `caller`. A parameter becomes its argument where that is a name; the others
 * are returned as variables.
 */
function rename(
  text: MagicString,
  fn: FunctionDeclaration,
  call: CallExpression,
  caller: FunctionDeclaration,
  mark: Mark,
): string[] {
  const names = new Map([...ownNames(fn)].map((name) => [name, `${name}$${fn.id.name}`]));
  const outer = ownNames(caller);
  const assigned = assignedIn(fn);
  const parameters: string[] = [];
  for (const [i, param] of fn.params.entries()) {
    const argument = call.arguments[i];
    const value = argument ? text.original.slice(argument.start, argument.end) : "void 0";
    // Only a variable of the caller keeps its value meanwhile.
    if (outer.has(nameOf(argument)) && !assigned.has(nameOf(param))) names.set(nameOf(param), value);
    else parameters.push(`var ${names.get(nameOf(param))} = ${value};`);
  }
  for (const { name, start, end } of variablesIn(fn, mark)) {
    const own = names.get(name);
    if (own) text.overwrite(start, end, own);
    else if (outer.has(name)) throw fault(mark, `${name} is another variable in ${caller.id.name}`);
  }
  return parameters;
}

/** The variables in the body of a function. */
function variablesIn(fn: FunctionDeclaration, mark: Mark): Identifier[] {
  const found: Identifier[] = [];
  eachNode(fn.body, (node, ancestors) => {
    if (isFunction(node) || node.type === "ThisExpression")
      throw fault(mark, "it has a function, or `this`, inside");
    const parent = ancestors[ancestors.length - 2];
    if (node.type === "Identifier" && !(parent && isKey(node, parent))) found.push(node);
  });
  return found;
}

function assignedIn(fn: FunctionDeclaration): Set<string> {
  const found = new Set<string>();
  eachNode(fn.body, (node) => {
    if (node.type === "AssignmentExpression") found.add(nameOf(node.left));
    if (node.type === "UpdateExpression") found.add(nameOf(node.argument));
  });
  return found;
}

function givesValue(fn: FunctionDeclaration): boolean {
  let found = false;
  eachNode(fn.body, (node) => {
    if (node.type === "ReturnStatement" && node.argument) found = true;
  });
  return found;
}

function fault({ file, name }: Mark, why: string): BuildError {
  return new BuildError(`${file}: @inline of ${name} is impossible: ${why}. Remove the tag.`);
}
