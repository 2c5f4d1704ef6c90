// Counters in every function of a bundle, for the depth of its calls below the listeners of the socket (engine 19).
import { type AnyNode, type Comment, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import MagicString from "magic-string";
import { compiled } from "../../build/compiled.ts";
import { buildRow } from "../../build/own.ts";

/** Listeners of a socket: of data, with or without the `ws` module, of drain, of its end (board/esp32/lean.ts, socket.ts, line.ts). */
const LISTENERS = /^(received|parseData|drained|lost)\b/;

/** Notes the functions that run, and the deepest path of them below a listener. */
export const METER = `
var $path = [], $deepest = [];
function $in(name, that) {
  // With TLS the listener has no name (board/esp32/psk.ts).
  $path.push($path.length || !that || !that.psk ? name : "received");
  if ($path.length > $deepest.length && ${LISTENERS}.test($path[0])) $deepest = $path.slice();
}
`;

/** The code of a bundle with a counter in each function. */
export async function meteredRow(name: string): Promise<string> {
  const { code } = await buildRow(name, { minify: false });
  const { tags } = await compiled();
  return metered(
    code,
    tags.filter(({ tag }) => tag === "inline").map((each) => each.name),
  );
}

/** The code with a counter in each function. */
function metered(code: string, inlined: string[]): string {
  const text = new MagicString(code);
  const comments: Comment[] = [];
  const program = parse(code, { ecmaVersion: 5, onComment: comments });
  // The parts of a program stand in a comment.
  for (const { start, end } of comments) text.remove(start, end);
  const [wrapper] = program.body;
  fullAncestor(program, (node: AnyNode, _, ancestors: AnyNode[]) => {
    if (node.type !== "FunctionDeclaration" && node.type !== "FunctionExpression") return;
    // The function around the whole bundle.
    if (ancestors.filter(({ type }) => /^Function/.test(type)).length === 1 && within(node, wrapper)) return;
    const parent = ancestors.at(-2);
    const key =
      parent?.type === "Property" && parent.key.type === "Identifier" ? parent.key.name : "function";
    // Its body goes to its one caller (build/inline.ts).
    if (inlined.includes(node.id?.name ?? key)) return;
    text.appendRight(node.body.start + 1, `$in("${node.id?.name ?? key}",this);try{`);
    text.appendLeft(node.body.end - 1, "}finally{$path.pop()}");
  });
  return text.toString();
}

function within(node: AnyNode, outer: AnyNode | undefined): boolean {
  return outer?.type === "ExpressionStatement" && node.start - outer.start < 3;
}
