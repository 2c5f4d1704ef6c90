// What the steps of rollup.config.js that rewrite the bundle know of it: its statements, and where a name or a
// property stands. Nothing here changes anything.

import { parse } from "acorn";
import { ancestor, full, fullAncestor } from "acorn-walk";

/** The statements of the bundle, inside its wrapper if it has one. */
export function statementsOf(code) {
  const program = parse(code, { ecmaVersion: 5 });
  return (wrapperIn(program) ?? program).body;
}

/** The body of the function that is wrapped round the bundle. */
export function wrapperOf(code) {
  return wrapperIn(parse(code, { ecmaVersion: 5 }));
}

function wrapperIn(program) {
  const call = program.body.length === 1 && program.body[0].expression;
  const wrapper = call && (call.callee ?? call.argument?.callee);
  return wrapper?.body;
}

/** The functions that are declared at the top level, by name. */
export function functionsOf(statements) {
  const declared = statements.filter((node) => node.type === "FunctionDeclaration");
  return new Map(declared.map((node) => [node.id.name, node]));
}

/**
 * Where names of the top level are used, and how, by name: "called", "read" or "assigned".
 * @param {Iterable<string>} names
 */
export function usesOf(statements, names) {
  const uses = new Map([...names].map((name) => [name, []]));
  for (const top of statements) {
    ancestor(top, {
      Identifier(node, _, ancestors) {
        if (!uses.has(node.name) || hidden(node.name, ancestors)) return;
        const parent = ancestors[ancestors.length - 2];
        const how =
          parent.type === "CallExpression" && parent.callee === node
            ? "called"
            : parent.type === "UpdateExpression"
              ? "assigned"
              : "read";
        uses.get(node.name).push({ node, how, inside: top.id?.name });
      },
      VariablePattern(node, _, ancestors) {
        const parent = ancestors[ancestors.length - 2];
        if (!uses.has(node.name) || hidden(node.name, ancestors)) return;
        if (/^(Assignment|ForIn)/.test(parent.type))
          uses.get(node.name).push({ node, how: "assigned", inside: top.id?.name });
      },
    });
  }
  return uses;
}

/** Calls back with each node and the nodes around it, itself last. */
export function eachNode(top, visit) {
  const seen = new Set();
  fullAncestor(top, (node, _, ancestors) => {
    if (!seen.has(node)) visit(node, ancestors);
    seen.add(node);
  });
}

/** Whether a name means something of a function or `catch` around it, not of the top level. */
export function hidden(name, ancestors) {
  return ancestors.some((at) => {
    if (at.type === "CatchClause") return at.param.name === name;
    return at.params && declares(at, name);
  });
}

const names = new WeakMap();

/** Whether a function has a parameter or a variable of this name, functions in it not included. */
function declares(fn, name) {
  if (!names.has(fn)) names.set(fn, ownNames(fn));
  return names.get(fn).has(name);
}

function ownNames(fn) {
  const found = new Set(fn.params.map((param) => param.name));
  if (fn.type === "FunctionExpression" && fn.id) found.add(fn.id.name);
  eachNode(fn.body, (node, ancestors) => {
    if (ancestors.slice(0, -1).some((at) => at.params)) return;
    if (node.type === "VariableDeclarator" || node.type === "FunctionDeclaration") found.add(node.id.name);
  });
  return found;
}

/** All names that are declared somewhere below a node. */
export function namesIn(top) {
  const found = new Set();
  full(top, (node) => {
    if (node.id && node !== top) found.add(node.id.name);
    for (const param of node.params ?? []) found.add(param.name);
    if (node.type === "CatchClause") found.add(node.param.name);
  });
  return found;
}
