// Code that an ES5 program must not contain, because Espruino cannot run it, or runs it in another way than the standard.
// Each rule says what it found, and where. What built-ins answer there is in test/virtual/built-ins.json.
import { type AnyNode, type CallExpression, type Expression, parse } from "acorn";
import { fullAncestor } from "acorn-walk";

/** Names that ES5 has and Espruino lacks, as methods or as globals, and names newer than ES5. */
const LACKING = new Set(
  (
    "freeze seal preventExtensions isFrozen isSealed isExtensible lastIndexOf reduceRight localeCompare search " +
    "toPrecision toLocaleString encodeURI decodeURI UTC RangeError EvalError URIError Map Set WeakMap Symbol " +
    "Proxy Reflect BigInt __extends __assign __rest __spread __spreadArray __read __values __awaiter __generator " +
    "__decorate __param __metadata __importStar __importDefault __makeTemplateObject"
  ).split(" "),
);

/** Modules of the board. */
const MODULES = new Set(["net", "tls", "ws", "crypto", "dgram", "Storage", "Wifi"]);

/** The longest name that the engine can tell from others. */
const MAX_NAME = 63;

/** Everything that breaks a rule, as `what: source`. */
export function violationsOf(code: string): string[] {
  const found: string[] = [];
  const program = parse(code, { ecmaVersion: 5 });
  if (/[^\n\x20-\x7e]/.test(code)) found.push("not ASCII");
  fullAncestor(program, (node: AnyNode, _state, ancestors: AnyNode[]) => {
    const source = code.slice(node.start, Math.min(node.end, node.start + 60));
    const note = (what: string) => found.push(`${what}: ${source}`);
    // The engine keeps the text between the braces, and `return` needs a character behind it.
    if (/^Function/.test(node.type) && /\breturn;?\s*\}$/.test(code.slice(node.start, node.end)))
      note("return at the end");
    switch (node.type) {
      case "LabeledStatement":
        note("label");
        break;
      case "WithStatement":
        note("with");
        break;
      case "AssignmentExpression":
        if (isLength(node.left)) note("assignment to length");
        break;
      case "UpdateExpression":
        if (isLength(node.argument)) note("assignment to length");
        break;
      case "SwitchStatement":
        if (node.cases.slice(0, -1).some((one) => !one.test)) note("default before a case");
        break;
      case "Property":
        if (node.kind !== "init") note("getter or setter");
        checkName(nameOf(node.key), note);
        break;
      case "MemberExpression":
        checkName(nameOf(node.property), note);
        if (LACKING.has(nameOf(node.property))) note("lacking");
        break;
      case "Identifier":
        checkName(node.name, note);
        if (LACKING.has(node.name)) note("lacking");
        // The engine takes it for the word of a `for` loop. As the name of a property it is good.
        if (node.name === "of") note("a word of the engine");
        break;
      case "Literal":
        if (node.regex) checkRegExp(node.regex.pattern, node.regex.flags, note);
        break;
      case "NewExpression":
      case "CallExpression":
        checkCall(nameOf(node.callee), node.arguments, note);
        if (node.type === "CallExpression") checkMethod(node, ancestors.at(-2)!, note);
        break;
      case "UnaryExpression":
        // "010" is octal, "5 " is not a number.
        if (node.operator === "+") note("number of a text: use parseInt(text, 10)");
        break;
    }
  });
  return found;
}

function checkCall(callee: string, given: AnyNode[], note: (what: string) => void): void {
  const first = given[0];
  const text = first?.type === "Literal" && typeof first.value === "string" ? first.value : undefined;
  if (callee === "require" && !MODULES.has(text ?? "")) note("unknown module");
  if (callee === "RegExp") {
    if (text === undefined) note("regular expression that is not known before it runs");
    else checkRegExp(text, "", note);
  }
  if (callee === "Number" || (callee === "parseFloat" && !isDecimal(first)))
    note("number of a text: use parseInt(text, 10)");
  if (callee === "parseInt" && given.length < 2) note("parseInt without a radix");
}

/** Methods that differ from the standard for what they are given here. */
function checkMethod(call: CallExpression, parent: AnyNode, note: (what: string) => void): void {
  if (call.callee.type !== "MemberExpression") return;
  const [first, second] = call.arguments as Expression[];
  const text = textOf(first);
  switch (nameOf(call.callee.property)) {
    case "split":
      // A longer one may cut nothing out of a short text: only what is behind it, or their number, can be right.
      if ((text?.length ?? 2) > 1 && !isRegExp(first) && !readsBehind(call, parent))
        note("split by more than one character: use pieces");
      break;
    case "indexOf":
      if (text !== undefined && text.length !== 1) note("indexOf more than one character");
      break;
    case "includes":
      note("includes, which takes a beginning at the end");
      break;
    case "replace":
      if (!isRegExp(first)) note("replace something that is no regular expression");
      if (!/Function/.test(second!.type) && !/^[^$]*$/.test(textOf(second) ?? "$"))
        note("replace by a text with $");
      break;
    case "toFixed":
      if (first?.type !== "Literal" || !first.value) note("toFixed without digits, which cuts");
      break;
  }
}

/** Whether a call's result is a list of which only the length, or items from 1 on, are read. */
function readsBehind(call: AnyNode, parent: AnyNode): boolean {
  if (parent.type !== "MemberExpression" || parent.object !== call) return false;
  if (!parent.computed) return nameOf(parent.property) === "length";
  return parent.property.type === "Literal" && Number(parent.property.value) > 0;
}

/** A literal text, or a choice of two texts of one length. */
function textOf(node: Expression | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type !== "ConditionalExpression") return undefined;
  const [left, right] = [textOf(node.consequent), textOf(node.alternate)];
  return left?.length === right?.length && left !== undefined
    ? left + right!.replace(/[^$]/g, "")
    : undefined;
}

/** `x.toFixed(3)` has no zero in front of a digit, and behind a digit a point makes the number decimal. */
function isDecimal(node: AnyNode | undefined): boolean {
  if (node?.type === "BinaryExpression")
    return node.operator === "+" && (textOf(node.right as Expression) === "." || isDecimal(node.left));
  return (
    node?.type === "CallExpression" &&
    node.callee.type === "MemberExpression" &&
    nameOf(node.callee.property) === "toFixed"
  );
}

function isRegExp(node: AnyNode | undefined): boolean {
  return node?.type === "Literal" && "regex" in node && !!node.regex;
}

/**
 * Espruino's regular expressions know no counts, no groups that do not capture, nothing lazy, no references back, and
 * get alternatives in a group wrong. `.` fits line ends. At the end of a text they see a zero byte.
 */
function checkRegExp(pattern: string, flags: string, note: (what: string) => void): void {
  // Escaped characters and classes do not matter here.
  const bare = pattern
    .replace(/\\[1-9]/g, "\u0001")
    .replace(/\\./g, "_")
    .replace(/\[[^\]]*\]/g, "_");
  if (bare.includes("\u0001")) note("reference back");
  if (bare.includes("(?")) note("group that does not capture");
  // After the first alternative that matches, the engine ignores the rest behind the group.
  if (/\([^)]*\|/.test(bare)) note("alternatives in a group");
  if (/[*+?}]\?/.test(bare)) note("lazy quantifier");
  if (/\{\d/.test(bare)) note("counted quantifier");
  if (bare.includes(".")) note("a dot");
  for (const [, atom, plus] of pattern.matchAll(/(\\x..|\\.|\[(?:\\.|[^\]\\])*\]|.)(\+?)/g))
    if (plus && atom !== ")" && new RegExp(`^${atom}$`).test("\0")) note("+ that is content with the end");
  if (/[^gi]/.test(flags)) note("flag");
}

function checkName(name: string, note: (what: string) => void): void {
  if (name.length > MAX_NAME) note(`name over ${MAX_NAME} characters`);
}

function isLength(node: AnyNode): boolean {
  return node.type === "MemberExpression" && nameOf(node.property) === "length";
}

function nameOf(node: AnyNode): string {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" && typeof node.value === "string" ? node.value : "";
}
