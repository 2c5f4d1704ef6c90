// A device with a pre-shared key: the key is never shown, and is changed without a visit; what would give secrets away is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { PREFIX, rig } from "./rig.ts";

const skip = missing("mosquitto");
const [OLD, NEW] = ["0123456789abcdef".repeat(4), "fedcba9876543210".repeat(4)];
const psk = { lamp: OLD, "lamp-2": NEW };
const mqtt = { tls: { psk: { identity: "lamp", key: OLD } } };
const change = (identity: string, key: string) =>
  JSON.stringify({ mqtt: { tls: { psk: { identity, key } } } });

test("config-get shows the identity and not the key; config-set with stars keeps it", { skip }, async (t) => {
  const it = await rig(t, { psk, mqtt });
  const shown = (await it.ask("config-get")) as { mqtt?: { tls: unknown } };
  assert.deepEqual(shown.mqtt!.tls, { psk: { identity: "lamp", key: "***" } });
  const answer = JSON.stringify({ ...shown, log: 2 });
  assert.deepEqual(await it.ask("config-set", answer), { ok: true, trying: true });
  await it.heard(`${PREFIX}reply/config-set`, /kept/);
  assert.deepEqual(JSON.parse(it.board.flash.get("config.json")!).mqtt.tls, mqtt.tls);
  assert.ok(!it.board.lines.some((line) => line.includes(OLD.slice(0, 12))));
});

test("a new key is tried, and kept once the server has taken it", { skip }, async (t) => {
  const it = await rig(t, { psk, mqtt });
  assert.deepEqual(await it.ask("config-set", change("lamp-2", NEW)), { ok: true, trying: true });
  await it.heard(`${PREFIX}reply/config-set`, /kept/);
  assert.equal(JSON.parse(it.board.flash.get("config.json")!).mqtt.tls.psk.identity, "lamp-2");
});

test("a key that the server does not know is given up, and the old one comes back", { skip }, async (t) => {
  const it = await rig(t, { psk, mqtt });
  const before = it.board.flash.get("config.json");
  assert.deepEqual(await it.ask("config-set", change("lamp-2", OLD)), { ok: true, trying: true });
  const said = await it.heard(`${PREFIX}reply/config-set`, /rolled back/);
  assert.match(said, /the server has another key for this identity/);
  assert.equal(it.board.flash.get("config.json"), before);
});

test("config-set: a key that is none, and a server that proves nothing, are refused", { skip }, async (t) => {
  const it = await rig(t, { psk, mqtt, chip: "ESP32C3" });
  for (const [changed, error] of [
    [change("lamp", "short"), /^mqtt\.tls\.psk\.key: expected a key of 16\.\.64 bytes/],
    ['{"mqtt":{"tls":{"psk":{"identity":null}}}}', /^mqtt\.tls\.psk\.identity: expected text of 1\.\.128/],
    ['{"mqtt":{"tls":null}}', /^mqtt\.tls: expected/],
    ['{"mqtt":{"tls":"unverified"}}', /^mqtt\.tls: expected mqtt\.url in full beside it/],
    [
      '{"mqtt":{"tls":"unverified","url":"wss://***@127.0.0.1/mqtt"}}',
      /^mqtt\.tls: expected mqtt\.url in full/,
    ],
  ] as const)
    assert.match((await it.ask("config-set", changed)).error!, error, changed);
  assert.equal(it.board.boots, 1);
});

test("config-set: a classic ESP32 refuses Espruino's own TLS, as flash.sh does", { skip }, async (t) => {
  const it = await rig(t, { chip: "ESP32" });
  const url = "wss://joe:s3cret-pass@127.0.0.1/mqtt";
  const { error } = await it.ask("config-set", JSON.stringify({ mqtt: { url, tls: "unverified" } }));
  assert.match(error!, /^mqtt\.tls: expected a pre-shared key: this chip's memory is too small/);
});
