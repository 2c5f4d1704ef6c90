// The statements of a bundle, and the places of its names. This file only reads the bundle.

import {
  type AnyNode,
  type BlockStatement,
  type FunctionDeclaration,
  type FunctionExpression,
  type Identifier,
  type Program,
  parse,
} from "acorn";
import { ancestor, full, fullAncestor } from "acorn-walk";

/** A function of ES5. */
export type FunctionNode = FunctionDeclaration | FunctionExpression;

/** A use of a top-level name. */
export interface Use {
  node: Identifier;
  how: "called" | "read" | "assigned" | "tabled";
  /** The top-level function that contains it, if any. */
  inside?: string;
}

/** The statements of the bundle, inside its wrapper if it has one. */
export function statementsOf(code: string): AnyNode[] {
  const program = parse(code, { ecmaVersion: 5 });
  return (wrapperIn(program) ?? program).body;
}

/** The body of the bundle's wrapper function. */
export function wrapperOf(code: string): BlockStatement | undefined {
  return wrapperIn(parse(code, { ecmaVersion: 5 }));
}

function wrapperIn({ body }: Program): BlockStatement | undefined {
  const [only] = body;
  if (body.length !== 1 || only?.type !== "ExpressionStatement") return undefined;
  const { expression } = only;
  const call = expression.type === "UnaryExpression" ? expression.argument : expression;
  const callee = call.type === "CallExpression" ? call.callee : undefined;
  return callee?.type === "FunctionExpression" ? callee.body : undefined;
}

/** The functions that are declared at the top level, by name. */
export function functionsOf(statements: AnyNode[]): Map<string, FunctionDeclaration> {
  const declared = statements.filter((node) => node.type === "FunctionDeclaration");
  return new Map(declared.map((node) => [node.id!.name, node as FunctionDeclaration]));
}

/** Uses of the top-level names, by name. */
export function usesOf(statements: AnyNode[], names: Iterable<string>): Map<string, Use[]> {
  const uses = new Map([...names].map((name) => [name, [] as Use[]]));
  for (const top of statements) {
    const inside = top.type === "FunctionDeclaration" ? top.id!.name : undefined;
    const note = (node: Identifier, how: Use["how"]) => uses.get(node.name)!.push({ node, how, inside });
    const visitors = {
      Identifier(node: Identifier, _: unknown, ancestors: AnyNode[]) {
        if (!uses.has(node.name) || hidden(node.name, ancestors)) return;
        const parent = ancestors[ancestors.length - 2]!;
        if (parent.type === "CallExpression" && parent.callee === node) note(node, "called");
        else note(node, parent.type === "UpdateExpression" ? "assigned" : "read");
      },
      VariablePattern(node: Identifier, _: unknown, ancestors: AnyNode[]) {
        if (!uses.has(node.name) || hidden(node.name, ancestors)) return;
        if (/^(Assignment|ForIn)/.test(ancestors[ancestors.length - 2]!.type)) note(node, "assigned");
      },
    };
    ancestor(top, visitors);
  }
  return uses;
}

/** Calls back with each node and its ancestors; the node itself is the last of them. */
export function eachNode(top: AnyNode, visit: (node: AnyNode, ancestors: AnyNode[]) => void): void {
  const seen = new Set<AnyNode>();
  fullAncestor(top, (node, _, ancestors) => {
    if (!seen.has(node)) visit(node, ancestors);
    seen.add(node);
  });
}

/** Whether a name belongs to a function or `catch` around it, not to the top level. */
export function hidden(name: string, ancestors: AnyNode[]): boolean {
  return ancestors.some((at) => {
    if (at.type === "CatchClause") return nameOf(at.param) === name;
    return isFunction(at) && declares(at, name);
  });
}

export function isFunction(node: AnyNode): node is FunctionNode {
  return "params" in node;
}

/** The name that a node is or declares, "" if it has none. */
export function nameOf(node: AnyNode | null | undefined): string {
  return node?.type === "Identifier" ? node.name : "";
}

const names = new WeakMap<FunctionNode, Set<string>>();

/** Whether a function has a parameter or variable of this name. Functions inside it do not count. */
function declares(fn: FunctionNode, name: string): boolean {
  if (!names.has(fn)) names.set(fn, ownNames(fn));
  return names.get(fn)!.has(name);
}

/** Names of the parameters and variables of a function. */
export function ownNames(fn: FunctionNode): Set<string> {
  const found = new Set(fn.params.map(nameOf));
  if (fn.type === "FunctionExpression" && fn.id) found.add(fn.id.name);
  eachNode(fn.body, (node, ancestors) => {
    if (ancestors.slice(0, -1).some(isFunction)) return;
    if (node.type === "VariableDeclarator" || node.type === "FunctionDeclaration") found.add(nameOf(node.id));
  });
  return found;
}

/** All names that are declared inside a node. */
export function namesIn(top: AnyNode): Set<string> {
  const found = new Set<string>();
  full(top, (node) => {
    if ("id" in node && node.id && node !== top) found.add(nameOf(node.id as AnyNode));
    if (isFunction(node)) for (const param of node.params) found.add(nameOf(param));
    if (node.type === "CatchClause") found.add(nameOf(node.param));
  });
  return found;
}

/** Whether a name is a property here, not a variable. */
export function isKey(node: AnyNode, parent: AnyNode): boolean {
  if (parent.type === "MemberExpression") return !parent.computed && parent.property === node;
  return parent.type === "Property" && parent.key === node;
}
