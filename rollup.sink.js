// A rollup plugin for engines that keep every resident function in memory: a function that only one cold function
// uses is moved into that one, and so exists only while it runs. On Espruino a resident function costs 6 to 8 JsVars,
// one nested in a function that is not running 0.3. The sources stay modules.

import { parse } from "acorn";
import { ancestor, full } from "acorn-walk";
import MagicString from "magic-string";

/**
 * @param {string[]} cold functions that run rarely and whose calls leave no closure behind (a closure would keep all
 *   that was moved with it)
 * @param {string[]} stay functions that are never moved
 */
export function sink(cold, stay) {
  return {
    name: "sink",
    renderChunk(code) {
      const text = new MagicString(code);
      for (const [inner, outer] of moves(parse(code, { ecmaVersion: 5 }), cold, stay)) {
        text.move(inner.start, inner.end, outer.body.start + 1);
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** Which function goes into which: [inner, outer] of the top level. */
function moves(program, cold, stay) {
  const body = bodyOf(program);
  const functions = body.filter((node) => node.type === "FunctionDeclaration");
  const users = new Map(functions.map((fn) => [fn, usersOf(program, body, fn)]));
  /** The top-level function that a function is in by now. */
  const home = new Map(body.map((node) => [node, node]));
  const rootOf = (node) => (home.get(node) === node ? node : rootOf(home.get(node)));
  const found = [];
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const inner of functions) {
      if (home.get(inner) !== inner || stay.includes(inner.id.name)) continue;
      const roots = new Set([...users.get(inner)].map(rootOf));
      roots.delete(inner);
      const [outer] = roots;
      if (roots.size !== 1 || !cold.includes(outer.id?.name) || captured(inner, outer)) continue;
      home.set(inner, outer);
      found.push([inner, outer]);
    }
  }
  return found;
}

/** The statements of the bundle, inside its wrapper if it has one. */
function bodyOf(program) {
  const call = program.body.length === 1 && program.body[0].expression;
  const wrapper = call && (call.callee ?? call.argument?.callee);
  return wrapper?.body?.body ?? program.body;
}

/** The top-level statements that read a function's name, without itself. */
function usersOf(program, body, inner) {
  const name = inner.id.name;
  const users = new Set();
  ancestor(program, {
    Identifier(node, _, ancestors) {
      if (node.name !== name) return;
      const top = ancestors.findIndex((at) => body.includes(at));
      const scopes = ancestors.slice(top).filter((at) => at.params);
      if (top >= 0 && ancestors[top] !== inner && !scopes.some((fn) => declares(fn, name)))
        users.add(ancestors[top]);
    },
  });
  return users;
}

/** Whether a name that the inner function uses would mean another thing inside the outer one. */
function captured(inner, outer) {
  let clash = false;
  full(inner, (node) => {
    if (node.type !== "Identifier" || node.name === inner.id.name) return;
    clash ||= declares(outer, node.name) && !declares(inner, node.name);
  });
  return clash;
}

/** Whether a function has a parameter, or it or a function in it a variable, of this name. */
function declares(fn, name) {
  let found = fn.params.some((param) => param.name === name);
  full(fn.body, (node) => {
    if (node.type === "VariableDeclarator" && node.id.name === name) found = true;
  });
  return found;
}
