// A pass that calls methods by name. If a property is the same function in the whole bundle, `link.board.seed()` becomes
// `seed()` and the record loses the property. Interfaces separate board, transport, profile and application in the
// sources; a bundle has one of each. A function that is not a value can be made when it is called (engine 10;
// parts.ts). That saves 8 to 10 JsVars for each method, and 3,000 instructions for each call.
//
// The pass leaves alone: properties with a name of the outside world, properties that are two functions or are read
// without a call, functions that use `this`, and bundles with exports, because other code may read their records.

import type { AnyNode, FunctionExpression, MemberExpression } from "acorn";
import { simple } from "acorn-walk";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { BuildError } from "./failure.ts";
import { markIn } from "./mark.ts";
import { type Definition, type Property, propertiesOf } from "./properties.ts";
import { functionsOf, hidden, namesIn, statementsOf } from "./statements.ts";

/** Function to call instead of a method: its name, or a function expression that gets a name. */
interface Target {
  text: string;
  node?: FunctionExpression;
}

/**
 * @param reserved names of properties that exist outside the bundle
 * @param meant interfaces with `@direct` by the names of their methods (tags.ts). A method that cannot be linked is an
 *   error.
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
      // An optional method may have no definition.
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

/** Replaces the calls of a property by calls of the target, and removes the property. */
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

/** Turns a function expression into a declaration at the top level. */
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

/** Finds the function to call instead of a property; or the reason why there is not exactly one, and what to do. */
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

/** Whether a record only copies the property from another one: `{ print: board.print }`. */
function isNamed(value: AnyNode, name: string): boolean {
  return value.type === "MemberExpression" && "name" in value.property && value.property.name === name;
}

/** Whether reading this expression has no side effect: `a`, `a.b`. */
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
