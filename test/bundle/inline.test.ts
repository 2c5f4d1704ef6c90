// Functions that move into their one caller: the program behaves the same, and what cannot be moved is an error.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import type { RenderedChunk } from "rollup";
import { braces } from "../../build/braces.ts";
import { BuildError } from "../../build/failure.ts";
import { inlineTails } from "../../build/inline.ts";

type Render = (code: string, chunk: RenderedChunk) => { code: string } | null;

function inlined(code: string): string {
  const render = inlineTails().renderChunk as unknown as Render;
  return render(code, {} as RenderedChunk)?.code ?? code;
}

function shownBy(code: string): unknown[] {
  const shown: unknown[] = [];
  runInNewContext(code, { show: (value: unknown) => shown.push(value) });
  return shown;
}

const INLINE = "/*@a.ts own inline*/";

for (const [what, code, shown] of [
  [
    "takes names as they are, and other arguments as variables",
    `function ${INLINE} own(a, b, c) { var d = a + b; show(d); show(c); return d; }
     function caller(a, x) { var d = 1; return own(x, a + d, 2); }
     show(caller(3, 4));`,
    [8, 2, 8],
  ],
  [
    "keeps the caller's variable where it assigns its parameter",
    `function ${INLINE} own(a) { a++; show(a); }
     function caller(a) { show(a); own(a); }
     caller(3);`,
    [3, 4],
  ],
  [
    "gives a parameter without an argument no value",
    `function ${INLINE} own(a, b) { show(b === void 0); }
     function caller(a) { own(a); }
     caller(3);`,
    [true],
  ],
  [
    "leaves names of properties alone",
    `function ${INLINE} own(a) { show({ a: a, b: a.a }.b); }
     function caller(x) { own(x); }
     caller({ a: 6 });`,
    [6],
  ],
] as const)
  test(`inline: a function that goes to its caller ${what}`, () => {
    const text = inlined(code);
    assert.doesNotMatch(text, /own\(/);
    assert.deepEqual(shownBy(text), shown);
    assert.deepEqual(shownBy(code), shown);
  });

test("inline: a function that nothing calls is left to the minifier", () => {
  const code = `function ${INLINE} own() { show(1); }`;
  assert.equal(inlined(code), code);
});

for (const [what, code, why, body] of [
  ["called twice", "function caller() { own(); } function other() { own(); }", /not called once/, ""],
  ["called before the end", "function caller() { own(); show(1); }", /ends with the call/, ""],
  ["called by the program itself", "own();", /not called once/, ""],
  ["whose value gets lost", "function caller() { own(); }", /its value gets lost/, "return 1;"],
  ["with a function inside", "function caller() { own(); }", /has a function/, "show(function () {});"],
  ["with this inside", "function caller() { own(); }", /this/, "show(this);"],
  [
    "whose name means another thing",
    "function caller(show) { own(); }",
    /show is another variable/,
    "show(1);",
  ],
] as const)
  test(`inline: a function ${what} is refused`, () => {
    assert.throws(
      () => inlined(`function ${INLINE} own() { ${body} }\n${code}`),
      (error: Error) =>
        error instanceof BuildError &&
        /^a\.ts: @inline of own/.test(error.message) &&
        why.test(error.message),
    );
  });

test("braces: a statement that calls a part is a block, in functions that stay", () => {
  const render = braces().renderChunk as unknown as Render;
  const code = (text: string) => render(text, {} as RenderedChunk)!.code;
  assert.equal(
    code("function f(a){if(a)PART$(1)(a);else show(PART$(2)(a));if(a)show(a);if(a){PART$(3)(a)}}"),
    "function f(a){if(a){PART$(1)(a);}else {show(PART$(2)(a));}if(a)show(a);if(a){PART$(3)(a)}}",
  );
  const rare = "PARTS$([function g(a){if(a)PART$(1)(a)}]);";
  assert.equal(code(rare), rare);
});
