// A rollup plugin for engines that keep every resident function in memory: a function that only one cold function
// uses is moved into that one, and so exists only while it runs. On Espruino a resident function costs 6 to 8 JsVars,
// one nested in a function that is not running 0.3. The sources stay modules.

import { parse } from "acorn";
import { ancestor, full } from "acorn-walk";

const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression"];

/**
 * @param {string[]} cold functions that run rarely and whose calls leave no closure behind (a closure would keep all
 *   that was moved with it)
 * @param {string[]} stay functions that are never moved
 */
export function sink(cold, stay) {
  return {
    name: "sink",
    renderChunk(code) {
      let moved = true;
      while (moved) {
        const next = sinkOne(code, cold, stay);
        moved = next !== code;
        code = next;
      }
      return { code, map: null };
    },
  };
}

/** Moves one function that can be moved: what it uses itself can then follow it. */
function sinkOne(code, cold, stay) {
  const program = parse(code, { ecmaVersion: 5 });
  let body = program.body;
  // The bundle's own wrapper, if it has one.
  full(program, (node) => {
    if (
      node.type === "CallExpression" &&
      node.callee.type === "FunctionExpression" &&
      body === program.body
    ) {
      if (program.body.length === 1) body = node.callee.body.body;
    }
  });
  const declared = body.filter((node) => node.type === "FunctionDeclaration");
  for (const inner of declared) {
    if (stay.includes(inner.id.name)) continue;
    const users = usersOf(program, body, inner);
    if (users.size !== 1) continue;
    const [outer] = users;
    if (outer?.type !== "FunctionDeclaration" || !cold.includes(outer.id.name)) continue;
    if (captured(inner, outer)) continue;
    return moveInto(code, inner, outer);
  }
  return code;
}

/** The top-level statements that read a function's name, without itself. */
function usersOf(program, body, inner) {
  const users = new Set();
  ancestor(program, {
    Identifier(node, _, ancestors) {
      if (node.name !== inner.id.name) return;
      if (
        ancestors.some((at) => FUNCTIONS.includes(at.type) && !body.includes(at) && declares(at, node.name))
      )
        return;
      const top = ancestors.find((at) => body.includes(at));
      if (top && FUNCTIONS.includes(top.type) && declares(top, node.name)) return;
      if (top && top !== inner) users.add(top);
    },
  });
  return users;
}

/** Whether a name that the inner function uses would mean another thing inside the outer one. */
function captured(inner, outer) {
  let clash = false;
  full(inner, (node) => {
    if (node.type === "Identifier" && node.name !== inner.id.name && declares(outer, node.name)) {
      clash ||= !declares(inner, node.name);
    }
  });
  return clash;
}

/** Whether a function has a parameter or variable of this name. */
function declares(fn, name) {
  if (fn.params.some((param) => param.name === name)) return true;
  let found = false;
  full(fn.body, (node) => {
    if (node.type === "VariableDeclarator" && node.id.name === name) found = true;
  });
  return found;
}

function moveInto(code, inner, outer) {
  const text = code.slice(inner.start, inner.end);
  const at = outer.body.start + 1;
  const cut = (from, to) => code.slice(from, to);
  return inner.start < at
    ? `${cut(0, inner.start)}${cut(inner.end, at)}\n${text}${cut(at)}`
    : `${cut(0, at)}\n${text}${cut(at, inner.start)}${cut(inner.end)}`;
}
