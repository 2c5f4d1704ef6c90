// Which built-in functions of the language a bundle uses, found in its syntax tree: methods, functions of namespaces,
// globals, and operators that convert. Their names are those of test/virtual/built-in-rows.ts.
import { type AnyNode, parse } from "acorn";
import { full } from "acorn-walk";
import { KEPT } from "../../board/virtual/names.ts";

/** Names of the standard's methods that the engine has. */
const METHODS = new Set(
  Object.entries(KEPT)
    .filter(([path]) => path.includes("prototype"))
    .flatMap(([, names]) => names.split(" "))
    // A socket of dgram has one of this name. No bundle binds a function.
    .filter((name) => name !== "bind"),
);
/** Read, not called: they are no functions. */
const FIELDS = new Set("length byteLength byteOffset buffer message source global".split(" "));
const NAMESPACES = new Set("Array JSON Math Number Object String Date".split(" "));
const GLOBALS = new Set(KEPT.global!.split(" ").filter((name) => !NAMESPACES.has(name)));
/** Names that stand for values. */
const VALUES = new Set("NaN Infinity undefined globalThis".split(" "));
const BITS = new Set("| & ^ << >> >>> |= &= ^= <<= >>= >>>=".split(" "));
/** `process`, `E` and other objects of the board have methods of the same names. */
const BOARD = new Set("E ESP32 process console".split(" "));

/** The names of all built-ins in a program. */
export function builtInsOf(code: string): Set<string> {
  const found = new Set<string>();
  full(parse(code, { ecmaVersion: 5 }), (node: AnyNode) => {
    switch (node.type) {
      case "MemberExpression": {
        if (node.object.type !== "Identifier" || !NAMESPACES.has(node.object.name)) break;
        if (node.property.type === "Identifier") found.add(`${node.object.name}.${node.property.name}`);
        break;
      }
      case "CallExpression":
      case "NewExpression": {
        const { callee } = node;
        if (callee.type === "Identifier" && (GLOBALS.has(callee.name) || NAMESPACES.has(callee.name)))
          found.add(callee.name);
        if (callee.type === "MemberExpression" && !isOther(callee.object)) {
          const name = callee.property.type === "Identifier" ? callee.property.name : "";
          if (!callee.computed && METHODS.has(name) && !FIELDS.has(name)) found.add(`.${name}`);
        }
        break;
      }
      case "Identifier":
        // A function that is passed on: `on("data", Boolean)`.
        if (GLOBALS.has(node.name) && !VALUES.has(node.name)) found.add(node.name);
        break;
      case "UnaryExpression":
        if (node.operator === "+") found.add("unary +");
        break;
      case "BinaryExpression":
        if (node.operator === "+" && isText(node.left) !== isText(node.right)) found.add("text +");
        if (/^[<>]=?$/.test(node.operator)) found.add("compare");
        if (BITS.has(node.operator)) found.add("bits");
        break;
      case "AssignmentExpression":
        if (BITS.has(node.operator)) found.add("bits");
        break;
    }
  });
  return found;
}

function isOther(node: AnyNode): boolean {
  return node.type === "Identifier" && (BOARD.has(node.name) || NAMESPACES.has(node.name));
}

function isText(node: AnyNode): boolean {
  return node.type === "Literal" && typeof node.value === "string";
}

/** The regular expressions in a program, as they stand there. */
export function regularExpressionsOf(code: string): string[] {
  const found: string[] = [];
  full(parse(code, { ecmaVersion: 5 }), (node: AnyNode) => {
    if (node.type === "Literal" && node.regex) found.push(code.slice(node.start, node.end));
  });
  return found;
}
