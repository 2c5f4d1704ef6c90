// `npm start -- --app device` without a terminal: its output, its commands, its end.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";

test("--app device: shows pins and messages, and obeys the lines that are typed", async () => {
  const child = spawn(process.execPath, [
    "--import",
    "tsx",
    "tools/demo/start.ts",
    "--app",
    "device",
    "--timeout",
    "300",
  ]);
  let out = "";
  const told: [RegExp, string][] = [
    [/-- devices\/demo\/pin\/button off/, "hold button\n"],
    [/-- devices\/demo\/pin\/button\/press long/, "put light 0.42\n"],
    [/-- devices\/demo\/pin\/light 42/, "send pin/led/set on\n"],
    [/-- pin led D2: on/, "send cmd/memory\n"],
    [/-- devices\/demo\/reply\/memory \{"uptimeS"/, "dance\n"],
    [/-- lines: press PIN/, "quit\n"],
  ];
  child.stdout.on("data", (data) => {
    out += data;
    while (told.length && told[0]![0].test(out)) child.stdin.write(told.shift()![1]);
  });
  const code = await new Promise((done) => child.on("close", done));
  assert.equal(told.length, 0, out);
  assert.equal(code, 0);
  assert.match(out, /boot device/);
});
