// The core's own tests against the minified build: what the compiler and the minifier do must not change what the code
// does. Builds dist/subject.js from test/subject.ts with the firmware's own plugins, property names kept.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { filesIn, runCore } from "../support/core-run.ts";
import { writeSubject } from "./subject.ts";

/** Those that need only the core. The check of signatures is long, and runs as built in each update. */
const ofCore = (...folders: string[]) =>
  filesIn(...folders).filter((file) => !/brokers|board|engine|slh/.test(file));

const FUZZ = "test/fuzz/fuzz.test.ts";
/** Each build, and the tests that it must pass. */
const BUILDS: [name: string, conditions: string[], tests: string[]][] = [
  [
    "without MQTT 5",
    [],
    [
      ...ofCore("test/mqtt", "test/ws", "test/sign"),
      ...["test/config/url.test.ts", "test/config/check.test.ts", "test/log.test.ts", FUZZ],
    ],
  ],
  ["with MQTT 5", ["five"], [...ofCore("test/v5"), FUZZ]],
];

for (const [name, conditions, tests] of BUILDS) {
  test(`minified, ${name}: the core's tests pass against the minified build`, async () => {
    await writeSubject(conditions);
    const all = ["minified", ...conditions];
    const names = all.map((name) => `--conditions=${name}`);
    const script = 'console.log(import.meta.resolve("#subject"))';
    const where = spawnSync(process.execPath, [...names, "--input-type=module", "-e", script]);
    assert.match(`${where.stdout}`, /dist\/subject\.js$/m);
    await runCore(all, tests, { NODE_V8_COVERAGE: undefined });
  });
}
