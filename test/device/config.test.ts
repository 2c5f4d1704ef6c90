// A new configuration over MQTT: secrets go in and never come out; mistakes change nothing; a good one is kept once the
// link is up; a bad one is rolled back; after any power cut the board has a configuration.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { PREFIX, rig } from "./rig.ts";

const skip = missing("mosquitto");
const RELAY = { relay: { pin: "D5", use: "output" } };

test("config-get: answers with everything except secrets", { skip }, async (t) => {
  const it = await rig(t, {
    device: { pins: RELAY },
    mqtt: { headers: { "X-Token": "header-secret" } },
    more: { wifi: { ssid: "h\u00f6me", password: "wifi-secret" }, log: 2 },
  });
  const text = JSON.stringify(await it.ask("config-get"));
  for (const secret of ["wifi-secret", "s3cret-pass", "header-secret"])
    assert.ok(!text.includes(secret), secret);
  const shown = JSON.parse(text);
  assert.equal(shown.wifi.ssid, "h\u00f6me");
  assert.equal(shown.wifi.password, "***");
  assert.match(shown.mqtt.url, /^ws:\/\/\*\*\*@127\.0\.0\.1:\d+\/mqtt$/);
  assert.deepEqual(shown.mqtt.headers, { "X-Token": "***" });
  assert.deepEqual(shown.device.pins, RELAY);
});

test("config-get, a number changed, config-set: every secret that was shown as stars is unchanged", {
  skip,
}, async (t) => {
  const it = await rig(t, {
    device: { pins: RELAY },
    mqtt: { headers: { "X-Token": "header-secret" } },
    more: { sign: undefined, wifi: { ssid: "home", password: "wifi-secret" } },
  });
  const before = JSON.parse(it.board.flash.get("config.json")!);
  const shown = await it.ask("config-get");
  const answer = { ...shown, device: { ...(shown.device as object), telemetryS: 17 } };
  assert.deepEqual(await it.ask("config-set", JSON.stringify(answer)), { ok: true, trying: true });
  await it.heard(`${PREFIX}reply/config-set`, /kept/);
  const after = JSON.parse(it.board.flash.get("config.json")!);
  assert.deepEqual(after, { ...before, device: { ...before.device, telemetryS: 17 } });
});

test("config-set with MQTT 5: the values of user properties are hidden in config-get, and unchanged as stars", {
  skip,
}, async (t) => {
  const properties = {
    userProperties: [
      ["site", "one"],
      ["token", "property-secret"],
      ["site", "two"],
    ],
  };
  const it = await rig(t, { profile: "-v5", device: { pins: RELAY }, mqtt: { properties } });
  const shown = await it.ask("config-get");
  assert.ok(!JSON.stringify(shown).includes("property-secret"));
  const set = (userProperties: string[][]) =>
    it.ask("config-set", JSON.stringify({ mqtt: { properties: { userProperties } } }));
  const where = /^mqtt\.properties\.userProperties\.0: \*\*\* stands for nothing there/;
  assert.match((await set([["other", "***"]])).error!, where);
  assert.match((await set([["site", "***"]])).error!, where, "one of two: which one cannot be known");
  const list = [
    ["new", "0"],
    ["token", "***"],
    ["site", "***"],
    ["site", "***"],
  ];
  assert.deepEqual(await set(list), { ok: true, trying: true });
  await it.heard(`${PREFIX}reply/config-set`, /kept/);
  assert.deepEqual(JSON.parse(it.board.flash.get("config.json")!).mqtt.properties.userProperties, [
    ["new", "0"],
    ["token", "property-secret"],
    ["site", "one"],
    ["site", "two"],
  ]);
});

test("config-set: stars in the URL stand for credentials and query of the same host only", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  const port = /:(\d+)\/mqtt/.exec(JSON.stringify(await it.ask("config-get")))![1];
  const set = (url: string) => it.ask("config-set", JSON.stringify({ mqtt: { url } }));
  for (const url of [
    `ws://***@localhost:${port}/mqtt`, // another host would learn them
    `ws://joe:***@127.0.0.1:${port}/mqtt`,
    `ws://***@127.0.0.1:${port}/mqtt?***`, // there was no query
    "***",
  ])
    assert.match((await set(url)).error!, /^mqtt\.url: \*\*\* stands for no secret of this server/, url);
  assert.deepEqual(await set(`ws://***@127.0.0.1:${port}/mqtt/`), { ok: true, trying: true });
  await it.heard(`${PREFIX}reply/config-set`, /kept/);
  const { mqtt } = JSON.parse(it.board.flash.get("config.json")!);
  assert.equal(mqtt.url, `ws://joe:s3cret-pass@127.0.0.1:${port}/mqtt/`);
});

test("config-set: in a list of brokers stars mean the entry at the same place, and elsewhere are refused by name", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  const set = (mqtt: object) => it.ask("config-set", JSON.stringify({ mqtt }));
  const good = `ws://joe:s3cret-pass@127.0.0.1:${it.port}/mqtt`;
  const key = "00112233445566778899aabbccddeeff";
  const second = { url: "wss://ann:other-pass@127.0.0.1:1/x?t=1", tls: { psk: { identity: "me", key } } };
  // The single broker is the first place.
  assert.deepEqual(await set({ url: [good.replace("joe:s3cret-pass", "***"), second] }), {
    ok: true,
    trying: true,
  });
  await it.heard(`${PREFIX}reply/config-set`, /kept/);
  const shown = ((await it.ask("config-get")) as { mqtt: { url: unknown[] } }).mqtt.url;
  assert.deepEqual(shown, [
    good.replace("joe:s3cret-pass", "***"),
    { url: "wss://***@127.0.0.1:1/x?***", tls: { psk: { identity: "me", key: "***" } } },
  ]);
  const saved = () => JSON.parse(it.board.flash.get("config.json")!).mqtt.url;
  assert.deepEqual(saved(), [good, second]);
  for (const [url, error] of [
    [[...shown, shown[0]], /^mqtt\.url\[2\]: \*\*\* stands for no secret of this server/],
    [[...shown, shown[1]], /^mqtt\.url\[2\]\.url: \*\*\*/],
    [
      [shown[0], { url: "wss://x", tls: { psk: { identity: "a", key: 7 } } }],
      /^mqtt\.url\[1\]\.tls\.psk\.key/,
    ],
    [
      [{ url: shown[0], tls: { psk: { identity: "me", key: "***" } } }],
      /^mqtt\.url\[0\]\.tls\.psk\.key: \*\*\*/,
    ],
    [[shown[0], { url: "wss://***@127.0.0.1:1/x?***", tls: "unverified" }], /^mqtt\.url\[1\]\.tls: expected/],
  ] as const)
    assert.match((await set({ url })).error!, error);
  const from = it.said.length;
  assert.deepEqual(await set({ url: shown, keepAlive: 44 }), { ok: true, trying: true });
  await it.heard(`${PREFIX}reply/config-set`, /kept/, from);
  assert.deepEqual(saved(), [good, second]);
});

test("config-set: a good configuration is merged, tried, and kept once the link is up", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  const change = { device: { pins: { second: { pin: "D19", use: "output", boot: "on" }, relay: null } } };
  assert.deepEqual(await it.ask("config-set", JSON.stringify(change)), { ok: true, trying: true });
  assert.deepEqual(JSON.parse(await it.heard(`${PREFIX}reply/config-set`, /kept/)), { ok: true, kept: true });
  assert.equal(it.board.boots, 2);
  assert.equal(await it.heard(`${PREFIX}pin/second`), "on");
  const { wifi, mqtt, device } = JSON.parse(it.board.flash.get("config.json")!);
  assert.equal(wifi.password, "wifi-secret");
  assert.match(mqtt.url, /joe:s3cret-pass@/);
  assert.deepEqual(Object.keys(device.pins), ["second"]);
  assert.ok(!it.board.flash.has("config.a"));
});

test("config-set: the link does not come up: the old configuration comes back, and the answer says why", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  const before = it.board.flash.get("config.json");
  const change = { mqtt: { url: "ws://127.0.0.1:1/mqtt" }, device: { id: "lamp" } };
  assert.deepEqual(await it.ask("config-set", JSON.stringify(change)), { ok: true, trying: true });
  await it.line(/the new configuration is tried for 120 s/);
  await it.line(
    /1 link RESTARTING: the new configuration is given up: not connected for 120 s: connection refused/,
  );
  const answer = await it.heard(`${PREFIX}reply/config-set`, /rolled back/);
  assert.match(
    JSON.parse(answer).error,
    /^rolled back: the new configuration is given up: not connected for 120 s: connection refused/,
  );
  assert.equal(it.board.boots, 3);
  assert.equal(it.board.flash.get("config.json"), before);
  assert.ok(!it.board.flash.has("config.a"));
});

test("config-set: each mistake gets an error as its answer, and the board does not restart", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  for (const [change, error] of [
    ["nonsense", /^expected an object in JSON/],
    ["[1]", /^expected an object in JSON/],
    ['{"mqtt":{"keepAlive":-1}}', /^mqtt\.keepAlive: expected a whole number 0\.\.65535$/],
    ['{"mqtt":{"url":"http://x"}}', /^mqtt\.url: expected ws:/],
    ['{"wifi":null}', /^wifi\.ssid: expected/],
    ['{"device":{"id":"a/b"}}', /^device\.id: expected 1\.\.32 letters/],
    ['{"device":{"pins":{"relay":{"pin":"D6"}}}}', /^device\.pins\.relay: left out: no free pin of ESP32/],
    ['{"sign":{"key":"short"}}', /^sign\.key: expected a key/],
    ['{"sign":{"key":"***"}}', /^sign\.key: \*\*\* stands for nothing there: expected the value itself$/],
    ['{"mqtt":{"headers":{"X-A":"***"}}}', /^mqtt\.headers\.X-A: \*\*\* stands for nothing there/],
    ['{"update":{"keys":["***"]}}', /^update\.keys\.0: \*\*\* stands for nothing there/],
  ] as const)
    assert.match((await it.ask("config-set", change)).error!, error);
  await it.pass(3000);
  assert.equal(it.board.boots, 1);
  assert.ok(!it.board.flash.has("config.a"));
});

test("config-set: the power is cut at any write: the board comes back with the old or the new configuration", {
  skip,
}, async (t) => {
  const seen = new Set<string>();
  for (let writes = 1; ; writes++) {
    const it = await rig(t, { device: { pins: RELAY } });
    const old = it.board.flash.get("config.json")!;
    await it.heard(`${PREFIX}pin/relay`);
    it.board.flash.untilCut = writes;
    const next = old.replace('"relay"', '"fresh"');
    const change = { device: { pins: { fresh: { pin: "D5", use: "output" }, relay: null } } };
    await it.send(`${PREFIX}cmd/config-set`, JSON.stringify(change));
    const isOver = () => it.board.flash.off || it.said.some(({ payload }) => /kept|not kept/.test(payload));
    await it.until(isOver, "the cut, or the end of the trial");
    const cut = it.board.flash.off;
    it.board.flash.untilCut = undefined;
    if (cut) {
      const from = it.said.length;
      it.board.boot();
      const comesUp = () => it.said.slice(from).find(({ topic }) => topic.startsWith(`${PREFIX}pin/`));
      await it.until(comesUp, "a pin");
      seen.add(comesUp()!.topic);
      const isWhole = () => [old, next].includes(it.board.flash.get("config.json")!);
      await it.until(isWhole, "config.json to be whole");
    }
    it.board.off();
    if (!cut) break;
  }
  assert.deepEqual([...seen].sort(), [`${PREFIX}pin/fresh`, `${PREFIX}pin/relay`]);
});
