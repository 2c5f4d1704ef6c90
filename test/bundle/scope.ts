// Names of an ES5 program as an engine without hoisting sees them: a `var` or `function` exists from the moment its line
// has run. It works on the syntax tree of acorn and does not run the program.
import type { AnyNode, Function as FunctionNode } from "acorn";
import { ancestor } from "acorn-walk";

/** The names of one call of a function, or of the program itself. */
export interface Scope {
  names: Set<string>;
  /** Names whose line has run. */
  declared: Set<string>;
  /** Functions by their only name. */
  functions: Map<string, FunctionNode>;
  outer: Scope | undefined;
  /** Set when the call is over: code that runs later finds all names declared. */
  over: boolean;
}

/** `var` names and functions of a body, without those of functions inside it. */
export function newScope(node: FunctionNode | AnyNode, outer: Scope | undefined): Scope {
  const scope: Scope = { names: new Set(), declared: new Set(), functions: new Map(), outer, over: false };
  const isOwn = (ancestors: AnyNode[]) =>
    ancestors.filter((parent) => parent !== node && /Function/.test(parent.type)).length === 0;
  ancestor(node, {
    VariableDeclarator(declarator, _state, ancestors) {
      if (declarator.id.type !== "Identifier" || !isOwn(ancestors)) return;
      scope.names.add(declarator.id.name);
      if (declarator.init?.type === "FunctionExpression")
        scope.functions.set(declarator.id.name, declarator.init);
    },
    FunctionDeclaration(declaration, _state, ancestors) {
      if (declaration === node || !declaration.id || !isOwn(ancestors.slice(0, -1))) return;
      scope.names.add(declaration.id.name);
      scope.functions.set(declaration.id.name, declaration);
    },
  });
  if ("params" in node) {
    for (const param of node.params) if (param.type === "Identifier") declare(scope, param.name);
    declare(scope, "arguments");
    if (node.type === "FunctionExpression" && node.id) declare(scope, node.id.name);
  }
  return scope;
}

export function declare(scope: Scope, name: string): void {
  scope.names.add(name);
  scope.declared.add(name);
}

/** The scope that has this name; undefined for a global. */
export function scopeOf(scope: Scope | undefined, name: string): Scope | undefined {
  return !scope || scope.names.has(name) ? scope : scopeOf(scope.outer, name);
}
