// Methods that are called by their names: the program behaves the same afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import type { Plugin } from "rollup";
import { direct } from "../../build/direct.ts";
import { orderOf } from "./order.ts";

function through(plugin: Plugin, code: string, exports: string[] = []): string {
  const step = plugin.renderChunk as unknown as (code: string, chunk: object) => { code: string } | null;
  return step(code, { exports })?.code ?? code;
}

/** Asserts that a program shows the same before and after. Returns its text afterwards. */
function same(plugin: Plugin, body: string): string {
  const wrapped = `(function () {\n${body}\n})();`;
  const after = through(plugin, wrapped);
  const run = (code: string) => {
    const shown: unknown[] = [];
    runInNewContext(code, { show: (...values: unknown[]) => shown.push(JSON.stringify(values)) });
    return shown;
  };
  assert.deepEqual(run(after), run(wrapped), after);
  assert.deepEqual(orderOf(after).early, [], after);
  return after;
}

test("direct: a method that is one function in the whole bundle is called by its name", () => {
  const after = same(
    direct(["data"]),
    `function seed(a) { return a + 1; }
     function make() { var board = { name: "b", seed: seed, save: seed }; board.tick = tick; return board; }
     function tick() { return 3; }
     var profile = { words: function (a) { return "w" + a; }, list: [1], no: function () { return 0; } };
     var link = { board: make(), profile: profile };
     show(link.board.seed(1), link.board.tick(), profile.words(2), link.profile.words(3), link.profile.no(), profile.list);`,
  );
  assert.match(after, /show\(seed\(1\), tick\(\), words\$direct\(2\), words\$direct\(3\), no\$direct\(\)/);
  assert.doesNotMatch(after, /seed: seed|save|board\.tick =/);
});

test("direct: a function of the engine that is passed between records is called by its own name", () => {
  const after = same(
    direct([]),
    `function make() { var board = {}; board.print = show; return board; }
     function log(board) { return { print: board.print, level: 1 }; }
     var it = log(make());
     it.print(it.level);`,
  );
  assert.match(after, /\bshow\(it\.level\)/);
  assert.doesNotMatch(after, /print/);
});

for (const [why, body] of Object.entries({
  "two functions":
    "var a = { go: function () { return 1; } }, b = { go: function () { return 2; } }; show(a.go(), b.go());",
  "read, not called": "var a = { go: function () { return 1; } }; var f = a.go; show(f(), a.go());",
  "perhaps not there": "var a = { go: function () { return 1; } }; if (a.go) show(a.go());",
  "changed later on":
    "var a = { go: function () { return 1; } }; show(a.go()); a['go'] = function () { return 2; }; show(a.go());",
  deleted: "var a = { go: function () { return 1; } }; delete a.go; show(a.go === undefined);",
  "uses this": "var a = { n: 3, go: function () { return this.n; } }; show(a.go());",
  "of a call's result":
    "var n = 0; var a = { go: function () { return 1; } }; function get() { n++; return a; } show(get().go(), n);",
  "a closure":
    "function make(n) { return { go: function () { return n; } }; } show(make(1).go(), make(2).go());",
  "found by a number": "var a = { 2: function () { return 1; } }; show(a[2]());",
  "hidden where it is called":
    "function go() { return 1; } var a = { run: go }; function f(go) { return a.run() + go; } show(f(3));",
})) {
  test(`direct: a method (${why}) is left unchanged`, () => {
    const wrapped = `(function () {\n${body}\n})();`;
    assert.equal(same(direct([]), body), wrapped);
  });
}

test("direct: names known outside, and bundles with exports, are left unchanged", () => {
  const body = "var a = { data: function () { return 1; } }; show(a.data());";
  assert.equal(same(direct(["data"]), body), `(function () {\n${body}\n})();`);
  assert.equal(through(direct([]), body, ["a"]), body);
});
