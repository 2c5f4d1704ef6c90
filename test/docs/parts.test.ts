// The generated parts of the docs match the sources. A separate process checks this, as `npm run docs` does, because it
// needs MQTT 5.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { annotated, UNWRITTEN } from "../../tools/docs/annotated.ts";
import { partOf, withPart } from "../../tools/docs/blocks.ts";

test("docs: every generated part is up to date", () => {
  const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", "docs", "--", "--check"], {
    env,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout + stderr);
});

test("docs: a part is replaced between its marks, and missing marks are named", () => {
  const page = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
  assert.equal(partOf(page, "x"), "old");
  assert.equal(withPart(page, "x", "$1"), "a\n<!-- x -->\n$1\n<!-- /x -->\nb\n");
  assert.throws(() => partOf(page, "y"), /<!-- y --> \.\.\. <!-- \/y -->/);
});

test("docs: when the facts of a row change, handwritten words and the order stay", () => {
  const old =
    "| key | fact | meaning |\n|---|---|---|\n| b | 1 | the second \\| one |\n| a | 2 | the first |";
  const now = annotated(
    old,
    ["key", "fact", "meaning"],
    [
      ["a", "3"],
      ["c", "4"],
      ["b", "5"],
    ],
  );
  assert.deepEqual(now.split("\n").slice(2), [
    "| b | 5 | the second \\| one |",
    "| a | 3 | the first |",
    `| c | 4 | ${UNWRITTEN} |`,
  ]);
});
