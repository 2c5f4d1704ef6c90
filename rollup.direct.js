// A rollup plugin that calls methods by their names: where a property is, in the whole bundle, only ever one function,
// `link.board.seed()` becomes `seed()`, and the record does without the property. Interfaces keep board, transport,
// profile and application apart in the sources; a bundle has one of each. A function that is no value any more can be
// made when it is called (rollup.rare.js): 8 to 10 JsVars less a method, and 3,000 instructions less a call.
//
// Left as they are: properties with a name of the outside world, those that are two functions, or are read without being
// called, and functions that use `this`. A bundle with exports is left alone: others may look at its records.

import { simple } from "acorn-walk";
import MagicString from "magic-string";
import { eachNode, functionsOf, hidden, namesIn, statementsOf } from "./rollup.bundle.js";

/** @param {string[]} reserved names of properties that exist outside of the bundle */
export function direct(reserved) {
  return {
    name: "direct",
    renderChunk(code, chunk) {
      if (chunk.exports.length) return null;
      const statements = statementsOf(code);
      const text = new MagicString(code);
      const properties = propertiesOf(statements);
      for (const name of reserved) properties.delete(name);
      const targets = targetsOf(properties, statements, code);
      for (const [name, target] of targets) {
        const { definitions, calls } = properties.get(name);
        for (const { node } of calls) text.overwrite(node.start, node.end, target.text);
        for (const { value, start, end, top } of definitions) {
          if (value !== target.node) {
            text.remove(start, end);
            continue;
          }
          text.remove(start, value.start);
          if (value.end < end) text.remove(value.end, end);
          hoist(text, value, target.text, top.start);
        }
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** Makes a declaration at the top level of a function expression. */
function hoist(text, { start, end, params, body }, name, to) {
  if (params.length) text.overwrite(start, params[0].start, `function ${name}(`);
  else text.overwrite(start, body.start, `function ${name}() `);
  text.appendLeft(end, "\n");
  text.move(start, end, to);
}

/** Each property's definitions and reads, by name; without those that are changed, deleted or named by a text. */
function propertiesOf(statements) {
  const found = new Map();
  const of = (name) => {
    if (!found.has(name)) found.set(name, { definitions: [], calls: [], spoilt: false });
    return found.get(name);
  };
  for (const top of statements) {
    eachNode(top, (node, ancestors) => {
      const parent = ancestors[ancestors.length - 2];
      if (node.type === "ObjectExpression") {
        const alone = ancestors.every((at) => !at.params);
        for (const [i, { key, value, start }] of node.properties.entries()) {
          const end = node.properties[i + 1]?.start ?? node.end - 1;
          // A number or a text is found by computing it.
          if (key.name)
            of(key.name).definitions.push({ value, start, end, top, alone, ancestors: [...ancestors] });
        }
      } else if (node.type === "MemberExpression") {
        const property = of(node.computed ? `${node.property.value}` : node.property.name);
        const around = ancestors[ancestors.length - 3];
        if (parent.type === "AssignmentExpression" && parent.left === node) {
          const { start, end } = around;
          property.spoilt ||=
            node.computed || parent.operator !== "=" || around.type !== "ExpressionStatement";
          property.definitions.push({ value: parent.right, start, end, top, ancestors: [...ancestors] });
        } else if (!node.computed && parent.type === "CallExpression" && parent.callee === node) {
          property.calls.push({ node, ancestors: [...ancestors] });
        } else property.spoilt ||= node.computed || !passesOn(node, parent);
      }
    });
  }
  for (const [name, { spoilt, definitions }] of found) if (spoilt || !definitions.length) found.delete(name);
  return found;
}

/** The properties that are one function, and what to call instead: its name, or a function to be given one. */
function targetsOf(properties, statements, code) {
  const functions = functionsOf(statements);
  const names = new Set(statements.flatMap((top) => [...namesIn(top), top.id?.name]));
  const targets = new Map();
  const targetOf = (name) => (definition) => {
    const { value, ancestors } = definition;
    if (value.type === "FunctionExpression" && definition.alone && !usesThis(value))
      return { text: `${name}$direct`, node: value };
    if (value.type === "Identifier" && functions.has(value.name))
      return hidden(value.name, ancestors) ? undefined : { text: value.name };
    // Functions of the engine.
    const source = code.slice(value.start, value.end);
    const root = /^(?:[A-Za-z]\w*\.)*[A-Za-z]\w*$/.test(source) && source.split(".")[0];
    return root && !names.has(root) && isPath(value) ? { text: source } : undefined;
  };
  for (const [name, { definitions, calls }] of properties) {
    const own = definitions.filter(({ value }) => value.property?.name !== name).map(targetOf(name));
    const [target] = own;
    if (!target || own.some((other) => other?.text !== target.text || other.node !== target.node)) continue;
    const root = target.text.split(".")[0];
    if (calls.every(({ node, ancestors }) => isPath(node) && !hidden(root, ancestors)))
      targets.set(name, target);
  }
  return targets;
}

/** Whether a record only takes the property over from another one: `{ print: board.print }`. */
function passesOn(node, parent) {
  const to =
    parent.type === "Property" ? parent.key : parent.right === node ? parent.left.property : undefined;
  return to?.name === node.property.name;
}

/** Whether reading this does nothing else: `a`, `a.b`. */
function isPath(node) {
  return (
    node.type === "Identifier" || (node.type === "MemberExpression" && !node.computed && isPath(node.object))
  );
}

function usesThis(fn) {
  let found = false;
  simple(fn.body, {
    ThisExpression() {
      found = true;
    },
  });
  return found;
}
