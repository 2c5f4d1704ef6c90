// What flash.sh and the installer say about setup without a cable.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasSetup, newPassword, setupLine } from "../../tools/flash/setup-line.ts";

test("setup line: the network and its password are named; without a password the line offers one", () => {
  const named = { setup: { password: "under-the-lamp" }, device: { id: "lamp" } };
  assert.equal(setupLine(named), "setup without a cable: the network is lamp, its password under-the-lamp");
  assert.match(setupLine({ device: {} }), /^no setup without a cable .*"password": "[a-z2-9]{12}"/);
});

test("setup line: a password of ours is 12 characters that nobody takes for others, another one each time", () => {
  const all = Array.from({ length: 200 }, newPassword);
  assert.equal(new Set(all).size, all.length);
  for (const one of all) assert.match(one, /^[a-km-np-z2-9]{12}$/);
});

test("setup line: only a device can be set up", () => {
  assert.ok(hasSetup({ app: "device" }));
  assert.ok(hasSetup({ bundle: "dist/device-v5-lean.js" }));
  assert.ok(!hasSetup({ app: "hello" }));
  assert.ok(!hasSetup({ bundle: "/home/me/hello-lean.js" }));
});
