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
import { BuildError } from "./failure.ts";
import { markIn } from "./mark.ts";
import { type Definition, type Property, propertiesOf } from "./properties.ts";
import { functionsOf, hidden, namesIn, statementsOf } from "./statements.ts";

/** What is called instead of a method: a name, or a function that is to be given one. */
interface Target {
  text: string;
  node?: FunctionExpression;
}

/**
 * @param reserved names of properties that exist outside of the bundle
 * @param meant methods that are to be linked so, by name, with the interface that says it: see tags.ts
 */
export function direct(reserved: string[], meant: Record<string, string> = {}): Plugin {
  return {
    name: "direct",
    renderChunk(code, chunk) {
      if (chunk.exports.length) return null;
      const statements = statementsOf(code);
      const text = new MagicString(code);
      const properties = propertiesOf(statements);
      const targets = new Map<string, Target>();
      const faults: string[] = [];
      const targetOf = targetsIn(statements, code);
      // What is defined nowhere is a method that may be missing.
      const isMeant = (name: string, { calls, definitions }: Property) =>
        Object.hasOwn(meant, name) && !!calls.length && !!definitions.length;
      for (const [name, property] of properties) {
        const target = reserved.includes(name) ? OUTSIDE : targetOf(name, property);
        if (typeof target !== "string") targets.set(name, target);
        else if (isMeant(name, property)) faults.push(`${meant[name]}.${name} ${target}`);
      }
      if (faults.length) throw new BuildError(faults.join("\n"));
      for (const [name, target] of targets) link(text, code, properties.get(name)!, target);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

const OUTSIDE =
  "has a name that exists outside of the firmware (ES5's library, board/esp32/espruino.d.ts, config.json): rename it";

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

/** Finds what to call instead of a property, or why it is not one function in the whole bundle and what to do. */
function targetsIn(statements: AnyNode[], code: string) {
  const functions = functionsOf(statements);
  const names = new Set(statements.flatMap((top) => [...namesIn(top), ...declaredBy(top)]));
  const shown = ({ start, end }: AnyNode) =>
    `\`${code.slice(start, end).replace(/\s+/g, " ").slice(0, 60)}\``;
  const targetOf = (name: string, { value, alone, ancestors }: Definition): Target | undefined => {
    if (value.type === "FunctionExpression" && alone && !usesThis(value))
      return { text: `${name}$direct`, node: value };
    if (value.type === "Identifier" && functions.has(value.name))
      return hidden(value.name, ancestors) ? undefined : { text: value.name };
    // Functions of the engine.
    const source = code.slice(value.start, value.end);
    const root = /^(?:[A-Za-z]\w*\.)*[A-Za-z]\w*$/.test(source) && source.split(".")[0];
    return root && !names.has(root) && isPath(value) ? { text: source } : undefined;
  };
  return (name: string, { definitions, calls, spoilt }: Property): Target | string => {
    if (spoilt) return `is read, and not called, in ${shown(spoilt)}: call it`;
    const own = definitions.filter(({ value }) => !isNamed(value, name));
    const [first, ...others] = own;
    if (!first) return "is defined nowhere";
    const target = targetOf(name, first);
    if (!target) return `is no function of the top level, but ${shown(first.value)}: make it one`;
    const other = others.find((one) => !same(targetOf(name, one), target));
    if (other) return `is several functions, ${shown(first.value)} and ${shown(other.value)}: leave one`;
    const root = target.text.split(".")[0]!;
    const bad = calls.find(({ node, ancestors }) => !isPath(node) || hidden(root, ancestors));
    return bad
      ? `is called of something that is computed, or where ${root} is another: ${shown(bad.node)}`
      : target;
  };
}

function same(one: Target | undefined, other: Target): boolean {
  return one?.text === other.text && one.node === other.node;
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
