// Random numbers on a real engine, whose generator begins with the same numbers after every boot.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Drawn, OTHERS, program, SAME, type Traits, witness } from "../support/chance.ts";
import { Engine, noEngine, WIFI_STUB } from "./engine.ts";

/** Names a Linux build ESP32, so that the firmware reads the random register. */
const CHIP = 'process.env = { BOARD: "ESP32" };';

async function booted(
  t: TestContext,
  port: number,
  bundle: string,
  traits: Traits,
  chip = CHIP,
): Promise<Engine> {
  const engine = new Engine({
    Wifi: WIFI_STUB.replace("-50", `${traits.rssi}`),
    "config.json": JSON.stringify({ wifi: { ssid: "net" }, mqtt: { url: `ws://127.0.0.1:${port}/` } }),
    ...program(bundle, traits, chip),
  });
  t.after(() => engine.off());
  return engine.boot();
}

async function drawn(t: TestContext, bundle: string, traits: Traits): Promise<Drawn> {
  const { port, next } = await witness(t);
  const engine = await booted(t, port, bundle, traits);
  const first = await next();
  await engine.off();
  return first;
}

for (const bundle of ["hello", "hello-lean"]) {
  test(`${bundle}: boards and boots that differ in one trait use different keys and masks`, {
    skip: noEngine,
  }, async (t) => {
    const same = await drawn(t, bundle, SAME);
    assert.deepEqual(await drawn(t, bundle, SAME), same, "nothing else has a say in it");
    assert.equal(same.clientId, "esp32-0102-0304");
    for (const other of OTHERS) {
      const { key, mask } = await drawn(t, bundle, { ...SAME, ...other });
      const which = Object.keys(other)[0];
      assert.notEqual(key, same.key, which);
      assert.notEqual(mask, same.mask, which);
    }
  });
}

test("an engine whose random register is not known: one line says so", { skip: noEngine }, async (t) => {
  const { port, next } = await witness(t);
  const engine = await booted(t, port, "hello", SAME, "");
  await next();
  await engine.line(/DOWN/);
  assert.equal(engine.lines.filter((line) => /2 boot no source of chance is known/.test(line)).length, 1);
});
