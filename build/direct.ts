// A pass that calls methods by their names: where a property is, in the whole bundle, only ever one function,
// `link.board.seed()` becomes `seed()`, and the record does without the property. Interfaces keep board, transport,
// profile and application apart in the sources; a bundle has one of each. A function that is no value any more can be
// made when it is called (parts.ts, rare.ts): 8 to 10 JsVars less a method, and 3,000 instructions less a call.
//
// Left as they are: properties with a name of the outside world, those that are two functions, or are read without being
// called, and functions that use `this`. A bundle with exports is left alone: others may look at its records.

import type { AnyNode, FunctionExpression, MemberExpression } from "acorn";
import { simple } from "acorn-walk";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { markIn } from "./mark.ts";
import { type Definition, type Property, propertiesOf } from "./properties.ts";
import { functionsOf, hidden, namesIn, statementsOf } from "./statements.ts";

/** What is called instead of a method: a name, or a function that is to be given one. */
interface Target {
  text: string;
  node?: FunctionExpression;
}

/** @param reserved names of properties that exist outside of the bundle */
export function direct(reserved: string[]): Plugin {
  return {
    name: "direct",
    renderChunk(code, chunk) {
      if (chunk.exports.length) return null;
      const statements = statementsOf(code);
      const text = new MagicString(code);
      const properties = propertiesOf(statements);
      for (const name of reserved) properties.delete(name);
      for (const [name, target] of targetsOf(properties, statements, code))
        link(text, code, properties.get(name)!, target);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** Calls the target instead of the property, and takes the property away. */
function link(text: MagicString, code: string, { definitions, calls }: Property, target: Target): void {
  for (const { node } of calls) text.overwrite(node.start, node.end, target.text);
  for (const { value, start, end, top } of definitions) {
    if (value !== target.node) {
      text.remove(start, end);
      continue;
    }
    text.remove(start, value.start);
    if (value.end < end) text.remove(value.end, end);
    hoist(
      text,
      target.node,
      `${markIn(code.slice(value.start, value.end))} ${target.text}`.trim(),
      top.start,
    );
  }
}

/** Makes a declaration at the top level of a function expression. */
function hoist(
  text: MagicString,
  { start, end, params, body }: FunctionExpression,
  name: string,
  to: number,
): void {
  if (params[0]) text.overwrite(start, params[0].start, `function ${name}(`);
  else text.overwrite(start, body.start, `function ${name}() `);
  text.appendLeft(end, "\n");
  text.move(start, end, to);
}

/** The properties that are one function, and what to call instead. */
function targetsOf(properties: Map<string, Property>, statements: AnyNode[], code: string) {
  const functions = functionsOf(statements);
  const names = new Set(statements.flatMap((top) => [...namesIn(top), ...declaredBy(top)]));
  const targets = new Map<string, Target>();
  const targetOf =
    (name: string) =>
    ({ value, alone, ancestors }: Definition): Target | undefined => {
      if (value.type === "FunctionExpression" && alone && !usesThis(value))
        return { text: `${name}$direct`, node: value };
      if (value.type === "Identifier" && functions.has(value.name))
        return hidden(value.name, ancestors) ? undefined : { text: value.name };
      // Functions of the engine.
      const source = code.slice(value.start, value.end);
      const root = /^(?:[A-Za-z]\w*\.)*[A-Za-z]\w*$/.test(source) && source.split(".")[0];
      return root && !names.has(root) && isPath(value) ? { text: source } : undefined;
    };
  for (const [name, { definitions, calls }] of properties) {
    const own = definitions.filter(({ value }) => !isNamed(value, name)).map(targetOf(name));
    const [target] = own;
    if (!target || own.some((other) => other?.text !== target.text || other.node !== target.node)) continue;
    const root = target.text.split(".")[0]!;
    if (calls.every(({ node, ancestors }) => isPath(node) && !hidden(root, ancestors)))
      targets.set(name, target);
  }
  return targets;
}

function declaredBy(top: AnyNode): string[] {
  return top.type === "FunctionDeclaration" ? [top.id!.name] : [];
}

/** Whether a record only takes the property over from another one: `{ print: board.print }`. */
function isNamed(value: AnyNode, name: string): boolean {
  return value.type === "MemberExpression" && "name" in value.property && value.property.name === name;
}

/** Whether reading this does nothing else: `a`, `a.b`. */
function isPath(node: AnyNode | MemberExpression["object"]): boolean {
  return (
    node.type === "Identifier" || (node.type === "MemberExpression" && !node.computed && isPath(node.object))
  );
}

function usesThis(fn: FunctionExpression): boolean {
  let found = false;
  simple(fn.body, {
    ThisExpression() {
      found = true;
    },
  });
  return found;
}
