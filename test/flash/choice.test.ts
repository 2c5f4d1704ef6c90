// Which builds there are, and what flash.sh advises where one does not fit: only what the application really has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BUNDLES, MODULE } from "../../build/bundles.ts";
import { checkChoice, smallerBuild, withoutCrypto } from "../../tools/firmware.ts";

const CHOICES = BUNDLES.filter(({ app }) => app !== MODULE);

test("a Storage that is full: the build that is advised exists and is smaller", () => {
  for (const choice of CHOICES) {
    const advised = [...smallerBuild(choice).matchAll(/--(\w+) (\w+)/g)];
    for (const [, option, name] of advised) {
      assert.doesNotThrow(() => checkChoice({ ...choice, [option!]: name! }));
      assert.notEqual(choice[option as "profile"], name);
    }
  }
  const device = { app: "device", profile: "full", transport: "ws" };
  assert.equal(smallerBuild(device), "choose --transport lean");
  assert.equal(smallerBuild({ ...device, profile: "v5" }), "choose --profile full or --transport lean");
  assert.equal(smallerBuild({ ...device, transport: "lean" }), "");
  assert.equal(smallerBuild({ ...device, bundle: "mine.js" }), "");
  assert.equal(smallerBuild({ ...device, app: "hello" }), "choose --profile tiny or --transport lean");
});

test("no crypto on the board: the lean build is advised only where there is one", () => {
  const signed = { app: "signed", profile: "full", transport: "ws" };
  assert.match(withoutCrypto({ ...signed, app: "hello" }), /--transport lean/);
  assert.doesNotMatch(withoutCrypto(signed), /lean/);
  assert.doesNotMatch(withoutCrypto({ ...signed, app: "hello", bundle: "mine.js" }), /lean/);
});

test("the module, the name of a bundle, a missing build: refused with what there is", () => {
  const choice = { app: "hello", profile: "full", transport: "ws" };
  for (const app of ["mqtt-ws", "mqtt-ws-lean", "hello-lean", "device-v5", "nosuch"])
    assert.throws(() => checkChoice({ ...choice, app }), /choose device, hello, signed by --app/, app);
  assert.throws(
    () => checkChoice({ ...choice, app: "signed", transport: "lean" }),
    /--profile full --transport ws/,
  );
});
