// The device on MQTT 5: runs the tests of commands and pins again, with the build for MQTT 5.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";

test("device-v5: the same commands, pins and guards", { skip: missing("mosquitto") }, () => {
  const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const files = ["test/device/commands.test.ts", "test/device/pins.test.ts"];
  const args = ["--import", "tsx", "--test", "--test-reporter=tap", "--test-concurrency=2", ...files];
  const result = spawnSync(process.execPath, args, { env: { ...env, PROFILE: "-v5" }, encoding: "utf8" });
  const failed = result.stdout.split("\n").filter((line) => /^not ok/.test(line));
  assert.deepEqual(failed, []);
  assert.equal(result.status, 0, result.stderr);
  assert.ok(Number(/^# pass (\d+)$/m.exec(result.stdout)?.[1]) > 15, "tests ran at all");
});
