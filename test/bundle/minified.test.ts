// The core's own tests against the minified build: what the compiler and the minifier do must not change what the code
// does. Builds dist/subject.js from test/subject.ts with the firmware's own plugins, property names kept.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { writeSubject } from "./subject.ts";

function run(conditions: string[], args: string[]) {
  const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const names = ["minified", ...conditions].map((name) => `--conditions=${name}`);
  return spawnSync(process.execPath, [...names, ...args], {
    env,
    encoding: "utf8",
  });
}

/** Test files of these folders that need only the core. The check of signatures is long, and runs as built in each update. */
function filesIn(...folders: string[]): string[] {
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  return files.filter((file) => file.endsWith(".test.ts") && !/brokers|board|older|engine|slh/.test(file));
}

const FUZZ = "test/fuzz/fuzz.test.ts";
/** Each build, and the tests that it must pass. */
const BUILDS: [name: string, conditions: string[], tests: string[]][] = [
  [
    "without MQTT 5",
    [],
    [
      ...filesIn("test/mqtt", "test/ws", "test/sign"),
      ...["test/config/url.test.ts", "test/config/check.test.ts", "test/log.test.ts", FUZZ],
    ],
  ],
  ["with MQTT 5", ["five"], [...filesIn("test/v5"), FUZZ]],
];

for (const [name, conditions, tests] of BUILDS) {
  test(`minified, ${name}: the core's tests pass against the minified build`, async () => {
    await writeSubject(conditions);
    const where = run(conditions, [
      "--input-type=module",
      "-e",
      'console.log(import.meta.resolve("#subject"))',
    ]);
    assert.match(where.stdout, /dist\/subject\.js$/m);
    const result = run(conditions, ["--import", "tsx", "--test", "--test-reporter=tap", ...tests]);
    const failed = result.stdout.split("\n").filter((line) => /^not ok/.test(line));
    assert.deepEqual(failed, []);
    assert.equal(result.status, 0, result.stderr);
    assert.ok(Number(/^# pass (\d+)$/m.exec(result.stdout)?.[1]) > 200, "tests ran at all");
  });
}
