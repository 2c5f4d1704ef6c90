// Walks an ES5 program in the order in which an engine without hoisting runs it, calls of its own functions
// included, and notes every name that is used before its line has run. Both ways of a branch are walked; what is
// declared in one of them only is not declared after it.
import {
  type AnyNode,
  type CallExpression,
  type Function as FunctionNode,
  type NewExpression,
  parse,
  type TryStatement,
} from "acorn";
import { base } from "acorn-walk";
import { declare, newScope, type Scope, scopeOf } from "./scope.ts";

type Visitors = { [T in AnyNode["type"]]?: (node: Extract<AnyNode, { type: T }>, scope: Scope) => void };
type Walker = (node: AnyNode, state: undefined, walk: (child: AnyNode) => void) => void;

/** Native functions that call their argument before they return. */
const AT_ONCE = /^(forEach|map|filter|some|every|reduce|sort|replace|find|findIndex|mapInPlace)$/;

export interface Order {
  /** `name at line:column` of each name that is used too early. */
  early: string[];
  /** Names that the program uses and never declares. */
  globals: string[];
}

export function orderOf(code: string): Order {
  const early = new Set<string>();
  const globals = new Set<string>();
  /** Functions to walk when all code around them is done. */
  const later: [FunctionNode, Scope][] = [];
  const seenLater = new Set<FunctionNode>();
  const walked = new Map<FunctionNode, Set<string>>();

  function use(name: string, scope: Scope, node: AnyNode): void {
    const owner = scopeOf(scope, name);
    if (!owner) globals.add(name);
    else if (!owner.over && !owner.declared.has(name)) {
      early.add(`${name} at ${node.start}: ${code.slice(Math.max(0, node.start - 40), node.end + 20)}`);
    }
  }

  /** Walks a body as if it were called now. */
  function call(fn: FunctionNode, outer: Scope): void {
    // The same function in the same state gives no new result, and may call itself.
    const state = [];
    for (let s: Scope | undefined = outer; s; s = s.outer)
      state.push(s.over ? "over" : [...s.declared].sort());
    const key = JSON.stringify(state);
    const before = walked.get(fn) ?? new Set();
    walked.set(fn, before);
    if (before.has(key)) return;
    before.add(key);
    const scope = newScope(fn, outer);
    walk(fn.body, scope);
    scope.over = true;
  }

  /** Walks one branch. Returns the names it declares, undefined if it does not continue. */
  function way(node: AnyNode | null | undefined, scope: Scope): Set<string> | undefined {
    const before = scope.declared;
    scope.declared = new Set(before);
    if (node) walk(node, scope);
    const after = scope.declared;
    scope.declared = before;
    return node && leaves(node) ? undefined : after;
  }

  /** After these branches only the names that each of them declares are declared. */
  function join(scope: Scope, ways: (Set<string> | undefined)[]): void {
    const going = ways.filter((each) => each !== undefined);
    for (const name of going[0] ?? []) if (going.every((each) => each.has(name))) scope.declared.add(name);
  }

  function walkFunction(fn: FunctionNode, scope: Scope, atOnce = false): void {
    if (atOnce) call(fn, scope);
    else if (!seenLater.has(fn)) {
      later.push([fn, scope]);
      seenLater.add(fn);
    }
  }

  function walkAll(nodes: (AnyNode | null | undefined)[], scope: Scope): void {
    for (const node of nodes) if (node) walk(node, scope);
  }

  function walkCall(node: CallExpression | NewExpression, scope: Scope): void {
    const callee = node.callee;
    if (callee.type !== "FunctionExpression") walk(callee, scope);
    const atOnce = callee.type === "MemberExpression" && AT_ONCE.test(nameOf(callee.property));
    for (const argument of node.arguments) {
      if (argument.type === "FunctionExpression") walkFunction(argument, scope, atOnce);
      else walk(argument, scope);
    }
    if (callee.type === "FunctionExpression") walkFunction(callee, scope, true);
    const owner = callee.type === "Identifier" ? scopeOf(scope, callee.name) : undefined;
    const fn = owner?.functions.get(nameOf(callee));
    if (owner && fn) call(fn, owner);
  }

  function walkTry(node: TryStatement, scope: Scope): void {
    const ways = [way(node.block, scope)];
    if (node.handler) {
      const { body, param } = node.handler;
      // The name of the error belongs to the handler, and hides one of the function.
      const inner: Scope = {
        names: new Set(),
        declared: new Set(),
        functions: new Map(),
        outer: scope,
        over: false,
      };
      declare(inner, param ? nameOf(param as AnyNode) : "");
      walk(body, inner);
      ways.push(leaves(body) ? undefined : scope.declared);
    }
    join(scope, ways);
    if (node.finalizer) walk(node.finalizer, scope);
  }

  const visitors: Visitors = {
    Identifier(node, scope) {
      use(node.name, scope, node);
    },
    FunctionDeclaration(node, scope) {
      declare(scope, nameOf(node.id));
      walkFunction(node, scope);
    },
    FunctionExpression(node, scope) {
      walkFunction(node, scope);
    },
    VariableDeclaration(node, scope) {
      for (const { id, init } of node.declarations) {
        if (init) walk(init, scope);
        declare(scope, nameOf(id));
      }
    },
    CallExpression: walkCall,
    NewExpression: walkCall,
    IfStatement(node, scope) {
      walk(node.test, scope);
      join(scope, [way(node.consequent, scope), way(node.alternate, scope)]);
    },
    WhileStatement(node, scope) {
      walk(node.test, scope);
      way(node.body, scope);
    },
    DoWhileStatement(node, scope) {
      walkAll([node.body, node.test], scope);
    },
    ForStatement(node, scope) {
      walkAll([node.init, node.test], scope);
      way(node.body, scope);
      way(node.update, scope);
    },
    ForInStatement(node, scope) {
      walkAll([node.left, node.right], scope);
      way(node.body, scope);
    },
    SwitchStatement(node, scope) {
      walk(node.discriminant, scope);
      for (const { test, consequent } of node.cases) {
        if (test) walk(test, scope);
        const before = scope.declared;
        scope.declared = new Set(before);
        walkAll(consequent, scope);
        scope.declared = before;
      }
    },
    TryStatement: walkTry,
    MemberExpression(node, scope) {
      walkAll([node.object, node.computed ? node.property : null], scope);
    },
    Property(node, scope) {
      walk(node.value, scope);
    },
    LabeledStatement(node, scope) {
      walk(node.body, scope);
    },
    BreakStatement() {},
    ContinueStatement() {},
  };

  function walk(node: AnyNode, scope: Scope): void {
    const visit = visitors[node.type] as ((node: AnyNode, scope: Scope) => void) | undefined;
    const children = (base as unknown as Record<string, Walker | undefined>)[node.type];
    if (visit) visit(node, scope);
    else if (children) children(node, undefined, (child) => walk(child, scope));
    else throw new Error(`unknown node ${node.type}`);
  }

  const program = parse(code, { ecmaVersion: 5 });
  const scope = newScope(program, undefined);
  walk(program, scope);
  scope.over = true;
  for (let next = later.shift(); next; next = later.shift()) {
    const [fn, outer] = next;
    for (let s: Scope | undefined = outer; s; s = s.outer) s.over = true;
    call(fn, outer);
  }
  return { early: [...early], globals: [...globals].sort() };
}

function nameOf(node: AnyNode | null): string {
  return node?.type === "Identifier" ? node.name : "";
}

/** Whether the statements behind it are never reached. */
function leaves(node: AnyNode): boolean {
  if (node.type === "BlockStatement") return node.body.some(leaves);
  return /^(Return|Throw|Break|Continue)Statement$/.test(node.type);
}
