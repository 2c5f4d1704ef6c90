// Built-in functions of the language: the virtual board answers as the engine does, at the edges too. The engine's answers
// are a table, built-ins.json; with ESPRUINO set to an engine's binary, the table is compared with that engine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeIn, programOf } from "../../board/virtual/program.ts";
import { BUNDLES, nameOf } from "../../build/bundles.ts";
import { builtInsOf, regularExpressionsOf } from "../bundle/built-ins.ts";
import { whole } from "../bundle/whole.ts";
import { ROWS } from "./built-in-rows.ts";
import { askEngine, askNode, askVirtualBoard, readTable, run } from "./built-ins.ts";

const engine = process.env.ESPRUINO ?? "";
const skip = engine === "" && "ESPRUINO names no engine";
const HOW = "run: ESPRUINO=<engine> node --import tsx test/virtual/write-built-ins.ts";
const table = readTable();

/** Operators cannot be replaced in the virtual board's world. test/bundle/rules.ts forbids `+text`. */
const OPERATORS = ["unary +", "text +", "bits", "compare"];

/** Answers by call. */
function byCall(calls: readonly string[], answers: readonly string[]): Record<string, string> {
  return Object.fromEntries(calls.map((call, i) => [call, answers[i]!]));
}

/** The engine's answers, from the table. */
function engineOf(name: string): Record<string, string> {
  const { same, differs } = table[name]!;
  return {
    ...same,
    ...Object.fromEntries(Object.entries(differs).map(([call, [answer]]) => [call, answer])),
  };
}

async function knowsUnicode(): Promise<boolean> {
  return (await run(engine, 'print("= "+"\\u20ac".charCodeAt(0))'))[0] !== "172";
}

test("built-ins: the table has the answers to all calls, and to no others", () => {
  for (const [name, calls] of Object.entries(ROWS))
    assert.deepEqual(Object.keys(engineOf(name)).sort(), [...new Set(calls)].sort(), `${name}: ${HOW}`);
  assert.deepEqual(Object.keys(table).sort(), Object.keys(ROWS).sort(), HOW);
});

test("built-ins: the table tells the engine's answers from those of the standard", () => {
  for (const [name, { same, differs }] of Object.entries(table)) {
    const calls = [...Object.keys(same), ...Object.keys(differs)];
    const standard = [...Object.values(same), ...Object.values(differs).map(([, answer]) => answer)];
    assert.deepEqual(byCall(calls, askNode(calls)), byCall(calls, standard), name);
    for (const [call, [answer, other]] of Object.entries(differs)) assert.notEqual(answer, other, call);
  }
});

for (const name of Object.keys(table)) {
  test(`built-ins: ${name} on the virtual board answers as the engine`, () => {
    const expected = OPERATORS.includes(name) ? table[name]!.same : engineOf(name);
    const calls = Object.keys(expected);
    assert.deepEqual(byCall(calls, askVirtualBoard(calls)), expected);
  });
}

test("built-ins: the engine answers as the table says", { skip }, async (t) => {
  if (await knowsUnicode()) return t.skip("knows Unicode");
  for (const name of Object.keys(table)) {
    const expected = engineOf(name);
    const calls = Object.keys(expected);
    assert.deepEqual(byCall(calls, await askEngine(engine, calls)), expected, `${name}: ${HOW}`);
  }
});

for (const bundle of BUNDLES) {
  const name = nameOf(bundle);
  test(`built-ins: ${name} uses none that has no rows in test/virtual/built-in-rows.ts`, () => {
    const used = builtInsOf(whole(codeIn(programOf(`dist/${name}.js`))));
    assert.ok(used.has(".split") && used.has("JSON.parse"), [...used].join());
    assert.deepEqual(
      [...used].filter((one) => !ROWS[one]),
      [],
    );
  });
}

/** Texts for regular expressions: at the edges of what those of the bundles are about. */
const TEXTS = (
  "|a|Z|0|42|-5| 5|5 |1.5|D4|D|D40x|a.b-c_d|[::1]|fe80::1|fc00|101 |101\\r|1010|%41|%4|a%zz|\\\\u00e9|a b|\\t|\\n|\\r\\n|" +
  "\\x00|\\x7f|\\x80|\\xc2\\x80|\\xc2|\\xff|a\\xc3\\xbcb|*|***|mbedtls_ssl -0x7780|closed|-0x1|locate host|/a/b|+|#|$share/x|="
).split("|");

test("built-ins: the engine finds with the bundles' regular expressions what the standard finds", {
  skip,
}, async () => {
  const patterns = new Set(
    BUNDLES.flatMap((bundle) => regularExpressionsOf(whole(codeIn(programOf(`dist/${nameOf(bundle)}.js`))))),
  );
  assert.ok(patterns.size > 20, `${patterns.size}`);
  for (const pattern of patterns) {
    const calls = TEXTS.flatMap((text) => [
      `${pattern}.test("${text}")`,
      `"${text}".replace(${pattern},"_")`,
    ]);
    assert.deepEqual(byCall(calls, await askEngine(engine, calls)), byCall(calls, askNode(calls)), pattern);
  }
});
