// Where flash.sh gets the text of Espruino's ws module from, and when it trusts it. The modules here are fakes.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { BUNDLE, fails, fakeWs, goodConfig, scratch } from "./command.ts";

describe("the ws module", { concurrency: 2 }, () => {
  const upTo = (t: TestContext) => ["/dev/nosuch", ...BUNDLE, "--config", goodConfig(t)];

  test("is fetched once, kept with its hash, and trusted", async (t) => {
    const [cache, modules] = [scratch(t), scratch(t)];
    writeFileSync(join(modules, "ws.js"), readFileSync(fakeWs(t)));
    const env = { XDG_CACHE_HOME: cache };
    const first = await fails(t, [...upTo(t), "--modules", modules], 9, /no port/, env);
    assert.match(
      first.out,
      /^fetching Espruino's ws module\ntrusting this ws module from now on: [0-9a-f]{12}\n$/,
    );
    assert.ok(existsSync(join(cache, "espruino-mqtt-ws/ws.js")));
    const second = await fails(t, [...upTo(t), "--modules", "/nosuch"], 9, /no port/, env);
    assert.equal(second.out, "");
  });

  test("a changed ws module is used only with --accept-ws", async (t) => {
    const env = { XDG_CACHE_HOME: scratch(t) };
    await fails(t, [...upTo(t), "--ws", fakeWs(t)], 9, /no port/, env);
    const other = fakeWs(t, 'exports="Sec-WebSocket-Key, another";');
    await fails(
      t,
      [...upTo(t), "--ws", other],
      6,
      /the ws module has changed: it was [0-9a-f]{12}, it is [0-9a-f]{12}/,
      env,
    );
    const taken = await fails(t, [...upTo(t), "--ws", other, "--accept-ws"], 9, /no port/, env);
    assert.match(taken.out, /has changed and is accepted/);
    await fails(t, [...upTo(t), "--ws", other], 9, /no port/, env);
  });

  test("a ws module that cannot be fetched is an error", async (t) => {
    await fails(
      t,
      [...upTo(t), "--modules", "/nosuch"],
      5,
      /cannot be fetched: connect to the Internet once, or give its text with --ws/,
    );
    await fails(t, [...upTo(t), "--ws", fakeWs(t, "<html>404</html>")], 5, /is something else/);
    await fails(t, [...upTo(t), "--ws", "/nosuch"], 21, /\/nosuch cannot be read/);
  });
});
