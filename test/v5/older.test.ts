// The build with both versions speaks 3.1.1 like the other builds. It runs the tests of the core with its handlers.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";

test("3.1.1 in a build with MQTT 5: the tests of the core pass", () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const files = readdirSync("test/mqtt").filter((name) => name.endsWith(".test.ts"));
  const args = [
    "--import",
    "tsx",
    "--test",
    "--test-reporter=tap",
    ...files.map((name) => `test/mqtt/${name}`),
  ];
  const result = spawnSync(
    process.execPath,
    [...process.execArgv.filter((arg) => /^--conditions/.test(arg)), ...args],
    {
      env: { ...env, PROFILE: "v5" },
      encoding: "utf8",
    },
  );
  assert.deepEqual(
    result.stdout.split("\n").filter((line) => /^not ok/.test(line)),
    [],
  );
  assert.equal(result.status, 0, result.stderr);
  assert.ok(Number(/^# pass (\d+)$/m.exec(result.stdout)?.[1]) > 200, "tests ran at all");
});
