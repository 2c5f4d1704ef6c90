// The core's own tests against the minified build: what the compiler and the minifier do must not change what the code
// does. Builds dist/subject.js from test/subject.ts with the firmware's own plugins, property names kept.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { writeSubject } from "./subject.ts";

function run(args: string[]) {
  const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  return spawnSync(process.execPath, ["--conditions=minified", "--conditions=five", ...args], {
    env,
    encoding: "utf8",
  });
}

/** Tests of the core, as far as they are there. */
function tests(): string[] {
  const folders = ["test/mqtt", "test/v5", "test/ws", "test/sign"].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  return [
    ...files.filter((file) => file.endsWith(".test.ts") && !/brokers|board|older/.test(file)),
    "test/config/url.test.ts",
    "test/config/check.test.ts",
    "test/log.test.ts",
    "test/fuzz/fuzz.test.ts",
  ];
}

test("minified: the core's tests pass against the minified build", async () => {
  await writeSubject();
  const where = run(["--input-type=module", "-e", 'console.log(import.meta.resolve("#subject"))']);
  assert.match(where.stdout, /dist\/subject\.js$/m);
  const result = run(["--import", "tsx", "--test", "--test-reporter=tap", ...tests()]);
  const failed = result.stdout.split("\n").filter((line) => /^not ok/.test(line));
  assert.deepEqual(failed, []);
  assert.equal(result.status, 0, result.stderr);
  assert.ok(Number(/^# pass (\d+)$/m.exec(result.stdout)?.[1]) > 200, "tests ran at all");
});
