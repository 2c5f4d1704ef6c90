// Code that the build refuses, shown with small programs. Each error names the place and says what to do.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plugin } from "rollup";
import ts from "typescript";
import { namedFile } from "../../build/conditions.ts";
import { direct } from "../../build/direct.ts";
import { refuseIdleTags } from "../../build/idle-tags.ts";
import { markParts } from "../../build/parts.ts";
import { directTags, functionTags } from "../../build/tags.ts";

function through(plugin: Plugin, code: string): string {
  const step = plugin.renderChunk as unknown as (code: string, chunk: object) => { code: string };
  return step(code, { exports: [] }).code;
}

function tagsIn(text: string) {
  return functionTags(ts.createSourceFile("a.ts", text, ts.ScriptTarget.Latest), "a.ts");
}

test("faults: a function that stays in memory only for its number of parameters is named", () => {
  const wide =
    "function /*@src/a.ts wide*/ wide(a, b, c, d, e, f) { return f; } function g() { return wide(1); } g();";
  assert.throws(
    () => through(markParts({ strict: true }), wide),
    /^Error: src\/a\.ts: wide has 6 parameters, and a part has 5 at most\nPass fewer, or keep it .* @resident\.$/,
  );
  const kept = wide.replace("wide*/", "wide resident*/");
  assert.match(through(markParts({ strict: true }), kept), /function \S+ wide\(|function \/\*.*\*\/ wide\(/);
});

test("faults: a tag without effect is named, with the reason", () => {
  const tags = tagsIn(
    "/** @resident */\nfunction lost() {}\n/** @resident */\nfunction gone() {}\n/** @resident */\nfunction hot() {}",
  );
  const residents = [
    { file: "a.ts", name: "lost", why: "its value is used" },
    { file: "a.ts", name: "hot", why: "its value is used" },
    { file: "a.ts", name: "hot", why: "@resident" },
    { file: "b.ts", name: "gone", why: "@resident" },
  ];
  assert.throws(() => refuseIdleTags(tags, residents), {
    message:
      "a.ts:1: @resident of lost has no effect: its value is used, so it stays anyway. Remove the tag.\n" +
      "a.ts:3: @resident of gone has no effect: no bundle calls a function of this name. Remove the tag.",
  });
});

for (const [what, text, message] of [
  [
    "that may mean two functions",
    "export const a = {\n  /** @resident */\n  go() {},\n};\nexport const b = { go() {} };",
    /^a\.ts:2: @resident of go may mean several functions .*: rename the others$/,
  ],
  [
    "at no function",
    "/** @resident */\nexport const limit = 5;",
    /^a\.ts:1: @resident stands at no function .*: move it to such a function, or remove it$/,
  ],
  [
    "at a function inside of another one",
    "function f() {\n  /** @resident */\n  function g() {}\n  g();\n}",
    /^a\.ts:2: @resident stands at no function/,
  ],
  [
    "with an unknown word",
    "/** @resident always */\nfunction f() {}",
    /^a\.ts:1: @resident is followed by "always": write @resident, or @resident: and a reason$/,
  ],
] as const)
  test(`faults: a tag ${what} is refused`, () => {
    assert.throws(
      () => tagsIn(text),
      (error: Error) => message.test(error.message),
    );
  });

test("faults: a tag with a reason behind its word is accepted", () => {
  const tags = tagsIn("/** Sends.\n * @resident: with every message\n */\nexport function send() {}");
  assert.deepEqual(tags, [{ file: "a.ts", line: 2, name: "send", tag: "resident" }]);
});

const BOARD = `/** What the firmware needs.
 * @direct
 */
export interface Board {
  seed(): number;
  name: string;
  print: (line: string) => void;
  /** @indirect The device listens. */
  uptime(): number;
}
export interface App { up(): void }`;

test("faults: an interface with @direct lists its methods, except those with @indirect", () => {
  const source = ts.createSourceFile("a.ts", BOARD, ts.ScriptTarget.Latest);
  assert.deepEqual(directTags(source, "a.ts"), { seed: "a.ts:5: Board", print: "a.ts:7: Board" });
});

for (const [what, body, message] of [
  [
    "two functions",
    "var a = { seed: function () { return 1; } }, b = { seed: function () { return 2; } }; a.seed(); b.seed();",
    /^a\.ts:5: Board\.seed is several functions, `function \(\) \{ return 1; \}` and `.* 2; \}`: leave one$/,
  ],
  [
    "read without being called",
    "var a = { seed: function () { return 1; } }; var f = a.seed; f(); a.seed();",
    /^a\.ts:5: Board\.seed is read, and not called, in `f = a\.seed`: call it$/,
  ],
  [
    "a closure",
    "function make(n) { return { seed: function () { return n; } }; } var a = make(1); a.seed();",
    /^a\.ts:5: Board\.seed is no function of the top level, but `function \(\) \{ return n; \}`: make it one$/,
  ],
  [
    "called of something that is computed",
    "var a = { seed: function () { return 1; } }; function get() { return a; } get().seed();",
    /^a\.ts:5: Board\.seed is called of something that is computed.*`get\(\)\.seed`$/,
  ],
] as const)
  test(`faults: a method of a @direct interface is refused: ${what}`, () => {
    const plugin = direct([], { seed: "a.ts:5: Board" });
    assert.throws(
      () => through(plugin, `(function () { ${body} })();`),
      (error: Error) => message.test(error.message),
    );
  });

test("faults: a method of a @direct interface with a name known outside is refused", () => {
  const plugin = direct(["seed"], { seed: "a.ts:5: Board" });
  assert.throws(
    () => through(plugin, "(function () { var a = { seed: function () {} }; a.seed(); })();"),
    /Board\.seed has a name that exists outside of the firmware .*: rename it/,
  );
});

test("faults: a method that may be missing, and one that is never called, are accepted", () => {
  const plugin = direct([], { seed: "a.ts:5: Board", print: "a.ts:7: Board" });
  const body = "var a = { print: function () {} }, f = a.print; if (f) a.seed();";
  assert.doesNotThrow(() => through(plugin, `(function () { ${body} })();`));
});

test("faults: an import that begins with # is the file of the first condition that holds", () => {
  const names = { "#five": { five: "./src/a.ts", default: "./src/b.ts" }, "#one": "./src/c.ts" };
  assert.equal(namedFile(names, "#five", ["five"]), "src/a.ts");
  assert.equal(namedFile(names, "#five", []), "src/b.ts");
  assert.equal(namedFile(names, "#one", []), "src/c.ts");
  assert.equal(namedFile(names, "#none", []), undefined);
});
