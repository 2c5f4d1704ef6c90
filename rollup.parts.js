// Rollup plugins, before and behind terser, that move the functions which run rarely out of the boot code into a
// file of Espruino's Storage beside it, dist/<name>.parts. `fall(link, why)` becomes
//
//     Function("A", "B", parts.substr(4711, 123))(link, why)
//
// which makes a function of the 123 bytes at 4,711; it is gone when it has returned. While it does not run it costs
// nothing, while it runs ten JsVars: the engine neither copies nor reads the text when it makes a function so, but takes it
// where it lies in flash: 50,000 instructions. Through a function of ours it would be more, and a level of a C3's stack. A function of
// the engine's constructor sees global variables only. So the bundle has no wrapper: its names are global, and begin
// with $ or _ to be out of the way of who types on the console. That also saves each function the reference to its
// scope. The file's name has a checksum: a boot code finds its own parts, or says which it misses.

import { createHash } from "node:crypto";
import MagicString from "magic-string";
import { eachNode, hidden, namesIn, statementsOf, wrapperOf } from "./rollup.bundle.js";
import { inlineConstants, rareIn } from "./rollup.rare.js";

/** What stands for the file and for a part until the places are known; nobody declares them, so terser keeps them. */
export const FILE = "PARTS$";
const PART = "PART$";
/** What stands for a part in a table of functions, and for the call of one that was looked up there. */
const ENTRY = "ENTRY$";
const TABLE = "TABLE$";
/** Properties that are tables of functions by number: they hold where a part is, `at << LENGTH_BITS | length`. */
const TABLES = ["kinds"];
const LENGTH_BITS = 13;
/** Parameters of every part, by place. Terser gives nobody else these names; whoever has one already is found. */
export const PARAMETERS = ["A", "B", "C", "D"];

/** Before terser: marks the parts, takes the bundle out of its wrapper. */
export function markParts(hot, report) {
  return {
    name: "mark-parts",
    renderChunk(code) {
      const tables = tablesIn(code);
      const limits = { most: PARAMETERS.length, tabled: tables.entries };
      const { statements, functions, uses, names } = rareIn(code, hot, report, limits);
      const text = new MagicString(code);
      for (const { start, end } of tables.callees) text.appendLeft(start, `${TABLE}(`).appendRight(end, ")");
      inlineConstants(text, statements);
      const end = statements[statements.length - 1].end;
      for (const [i, name] of names.entries()) {
        const node = functions.get(name);
        for (const { node: use, how } of uses.get(name))
          text.overwrite(use.start, use.end, `${how === "tabled" ? ENTRY : PART}(${i})`);
        text.overwrite(node.start, node.id.end, `${i ? "" : `\n${FILE}([`}function `);
        text.appendLeft(node.end, i < names.length - 1 ? "," : "]);\n");
        text.move(node.start, node.end, end);
      }
      const wrapper = wrapperOf(code);
      if (wrapper) text.remove(0, wrapper.start + 1).remove(wrapper.end - 1, code.length);
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** Where names stand in tables as `kinds: { 3: onPublish }`, and the callees of calls as `client.kinds[type](client)`. */
function tablesIn(code) {
  const entries = new Set();
  const callees = [];
  for (const top of statementsOf(code)) {
    eachNode(top, (node, ancestors) => {
      const parent = ancestors[ancestors.length - 2];
      if (
        node.type === "Property" &&
        TABLES.includes(node.key.name) &&
        node.value.type === "ObjectExpression"
      )
        for (const { key, value } of node.value.properties)
          if (key.type === "Literal") entries.add(value.start);
      const looked = node.type === "MemberExpression" && node.computed && node.object.property?.name;
      if (TABLES.includes(looked) && parent.type === "CallExpression" && parent.callee === node)
        callees.push(node);
    });
  }
  return { entries, callees };
}

/** Behind terser: the boot code, and a file of the parts beside it. */
export function splitParts() {
  return {
    name: "split-parts",
    renderChunk(code, chunk) {
      const { boot, parts, file } = split(code);
      if (!parts) return { code: `${boot}\n`, map: null };
      this.emitFile({ type: "asset", fileName: chunk.fileName.replace(/\.js$/, ".parts"), source: parts });
      return { code: `${head(file)}${boot}\n`, map: null };
    },
  };
}

/** The names of the boot code's own; those that follow are given out to what the bundle declares. */
const NAMES = namesOf("$_");
const PARTS_VARIABLE = NAMES.next().value;
const MAKER = NAMES.next().value;
const TABLE_LOADER = NAMES.next().value;

function* namesOf(firsts) {
  for (const first of firsts)
    for (const second of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
      yield first + second;
}

/** The function of a part with so many parameters. */
function made(at, length, arity) {
  const parameters = PARAMETERS.slice(0, arity).map((name) => `"${name}",`);
  return `${MAKER}(${parameters.join("")}${PARTS_VARIABLE}.substr(${at},${length}))`;
}

function head(file) {
  const missing = `throw new Error("The file ${file} is missing: flash the board again, all of its files")`;
  return (
    `var ${PARTS_VARIABLE}=require("Storage").read("${file}"),${MAKER}=Function;if(!${PARTS_VARIABLE})${missing};` +
    // What is put there while the program runs is a function, and greater than nothing.
    `function ${TABLE_LOADER}(a){return a>0?${made(`a>>${LENGTH_BITS}`, `a&${(1 << LENGTH_BITS) - 1}`, PARAMETERS.length)}:a}`
  );
}

/**
 * Behind terser: short names for what the bundle declares, the loader's for the parameters of parts. For counting bytes
 * with a source map the parts are made `bare`, the mere bodies; that is no program any more.
 */
export function shortenNames(bare = false) {
  return {
    name: "shorten-names",
    renderChunk(code) {
      const statements = statementsOf(code);
      const text = new MagicString(code);
      shorten(text, statements);
      for (const fn of listOf(statements)?.expression.arguments[0].elements ?? []) {
        nameParameters(text, fn);
        if (bare) text.remove(fn.start, fn.body.start + 1).remove(fn.body.end - 1, fn.end + 1);
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}

/** The statement that holds all parts. */
function listOf(statements) {
  return statements.find((node) => node.expression?.callee?.name === FILE);
}

/** Takes the parts out of a minified bundle and gives them their places. */
function split(code) {
  const list = listOf(statementsOf(code));
  const bodies = list ? list.expression.arguments[0].elements.map((fn) => fn.body) : [];
  const source = bodies.map(({ start, end }) => code.slice(start + 1, end - 1));
  const boot = list ? code.slice(0, list.start) + code.slice(list.end) : code;
  const arities = list ? list.expression.arguments[0].elements.map((fn) => fn.params.length) : [];
  return placed(boot, source, arities);
}

/** Places depend on the digits of places: they grow until they agree. */
function placed(boot, source, arities) {
  let lengths = source.map((part) => part.length);
  let starts = [];
  for (let i = 0, at = 0; i < lengths.length; at += lengths[i++]) starts[i] = at;
  for (;;) {
    const fill = (text) =>
      text
        .replace(TABLE_CALL, `${TABLE_LOADER}(`)
        .replace(TABLE_ENTRY, (_, i) => `${(starts[i] << LENGTH_BITS) | lengths[i]}`)
        .replace(CALL, (_, i) => made(starts[i], lengths[i], arities[i]));
    const parts = source.map(fill);
    const next = [];
    for (let i = 0, at = 0; i < parts.length; at += parts[i++].length) next[i] = at;
    const agreed = parts.every((part, i) => part.length === lengths[i] && next[i] === starts[i]);
    if (agreed) {
      if (Math.max(0, ...lengths) >> LENGTH_BITS) throw new Error("a part is too long for a table");
      const text = parts.join("");
      const file = `parts.${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
      return { boot: fill(boot), parts: text, file };
    }
    lengths = parts.map((part) => part.length);
    starts = next;
  }
}

const CALL = /PART\$\((\d+)\)/g;
const TABLE_ENTRY = /ENTRY\$\((\d+)\)/g;
const TABLE_CALL = /TABLE\$\(/g;

/** Gives the names of the top level their short ones, the most frequent first. */
function shorten(text, statements) {
  const declared = new Set();
  for (const node of statements) {
    if (node.type === "FunctionDeclaration") declared.add(node.id.name);
    if (node.type === "VariableDeclaration") for (const { id } of node.declarations) declared.add(id.name);
  }
  const found = new Map([...declared].map((name) => [name, []]));
  for (const top of statements) {
    eachNode(top, (node, ancestors) => {
      if (node.type !== "Identifier" || !found.has(node.name)) return;
      if (!isKey(node, ancestors[ancestors.length - 2])) found.get(node.name).push(node);
    });
  }
  const ordered = [...found].sort(([, a], [, b]) => b.length - a.length);
  const names = namesOf("$_");
  for (let i = 0; i < 3; i++) names.next();
  for (const [, nodes] of ordered) {
    const { value } = names.next();
    if (!value) throw new Error("more names at the top level of the bundle than there are short ones");
    for (const { start, end } of nodes) text.overwrite(start, end, value);
  }
}

function isKey(node, parent) {
  if (parent.type === "MemberExpression") return !parent.computed && parent.property === node;
  return parent.type === "Property" && parent.key === node;
}

/** Gives the parameters of a part the names that the loader gives them. */
function nameParameters(text, fn) {
  if (fn.params.length > PARAMETERS.length)
    throw new Error(`${fn.params.length} parameters: a part has ${PARAMETERS.length} at most`);
  const taken = PARAMETERS.filter((name) => namesIn(fn).has(name));
  if (taken.length) throw new Error(`${taken} is the name of a variable: it is one of parts' parameters`);
  for (const [i, param] of fn.params.entries()) {
    eachNode(fn, (node, ancestors) => {
      if (node.type !== "Identifier" || node.name !== param.name) return;
      const parent = ancestors[ancestors.length - 2];
      if (isKey(node, parent) || hidden(node.name, ancestors.slice(1, -1))) return;
      text.overwrite(node.start, node.end, PARAMETERS[i]);
    });
  }
}
