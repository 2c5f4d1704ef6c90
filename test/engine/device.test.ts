// The device on a real engine: its commands, pins, telemetry, a new configuration and one that is given up, from
// flash. A Linux build has no ADC, no PWM and no restart: those are stubs.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { Signer } from "../../docs/signing.mjs";
import { clientOf } from "../brokers/client.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { until } from "../support/until.ts";
import { Engine, noEngine } from "./engine.ts";

const skip = noEngine || missing("mosquitto");
const PREFIX = "devices/lamp/";
const PINS = {
  relay: { pin: "D5", use: "output" },
  key: { pin: "D4", use: "input", longMs: 500 },
  level: { pin: "D14", use: "analog", everyS: 1, scale: 10, unit: "V" },
  lamp: { pin: "D18", use: "pwm" },
};
/** Stubs for functions that a Linux build lacks. The test presses the key by a line on the console. */
const STUBS = `
function analogRead(pin) { return 0.25; }
function analogWrite(pin, share, options) { print("pwm", pin, share, options.freq); }
function digitalWrite(pin, level) { print("out", pin, level); }
function digitalRead() { return 1; }
function pinMode(pin, mode) { print("mode", pin, mode); }
var press;
function setWatch(f, pin, options) { press = f; print("watch", pin, JSON.stringify(options)); }
var ESP32 = { reboot: function () { print("REBOOT"); }, getState: function () { return { freeHeap: 12345 }; } };
`;

async function rig(t: TestContext, name: string, device: object = {}, more: object = {}) {
  const ports = await mosquittoPorts(t);
  const said: { topic: string; payload: string }[] = [];
  const client = await clientOf(t, ports.tcp);
  client.on("message", (topic, bytes) => said.push({ topic, payload: bytes.toString() }));
  await client.subscribeAsync("#");
  const config = {
    wifi: { ssid: "net", password: "wifi-secret" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt` },
    device: { id: "lamp", pins: PINS, ...device },
    ...more,
  };
  const engine = new Engine({
    "config.json": JSON.stringify(config),
    ...programOf(`dist/${name}.js`, STUBS),
  });
  t.after(() => engine.off());
  const heard = async (topic: string, payload = /^/, from = 0) => {
    const find = () => said.slice(from).find((one) => one.topic === topic && payload.test(one.payload));
    await until(find, `${topic} ${payload}`, () => engine.lines.join("\n"));
    return find()!.payload;
  };
  const ask = async (command: string, payload = "") => {
    const from = said.length;
    await client.publishAsync(`${PREFIX}cmd/${command}`, payload, { qos: 1 });
    return JSON.parse(await heard(`${PREFIX}reply/${command}`, /^/, from));
  };
  engine.boot();
  await heard(`${PREFIX}status`, /online/);
  return { engine, client, said, heard, ask };
}

for (const name of ["device", "device-lean", "device-v5-lean"]) {
  test(`${name}: commands, pins, telemetry and discovery`, { skip }, async (t) => {
    const { engine, client, heard, ask } = await rig(t, name, { telemetryS: 2, discovery: "homeassistant" });
    const set = (pin: string, payload: string) => client.publishAsync(`${PREFIX}pin/${pin}/set`, payload);
    assert.equal(await heard(`${PREFIX}pin/level`), "2.5");
    await set("relay", "on");
    await heard(`${PREFIX}pin/relay`, /^on$/);
    await engine.line(/^out D5 1$/);
    await set("relay", "pulse 30");
    await heard(`${PREFIX}pin/relay`, /^off$/);
    await set("lamp", "40");
    await engine.line(/^pwm D18 0\.4 1000$/);
    await set("lamp", "off 30");
    await engine.line(/1 device pin lamp: expected 0\.\.100, on, off, toggle or pulse <ms>/);
    await set("lamp", " 050\r\n");
    await engine.line(/^pwm D18 0\.5 1000$/);
    await engine.line(/^watch D4 \{"repeat":true,"edge":"both","debounce":30\}$/);
    engine.type("press({ pin: D4, state: false, time: 2, lastTime: 1 })");
    await heard(`${PREFIX}pin/key/press`, /^long$/);
    const { jsVars, heap, dropped } = await ask("memory");
    assert.ok(jsVars > 500);
    engine.type("for (var i = 0; i < 150; i++) { var o = {}; o.o = o; } print('made', i)");
    await engine.line(/^made 150/);
    assert.ok((await ask("memory")).jsVars > jsVars - 200, "garbage is not counted as used");
    assert.equal(heap, 12345);
    assert.equal(dropped, 0);
    assert.deepEqual(await ask("log", "2"), { ok: true });
    assert.match((await ask("nonsense")).error, /^unknown command/);
    assert.match((await ask("toString")).error, /^unknown command/);
    const config = await ask("config-get");
    assert.equal(config.wifi.password, "***");
    assert.deepEqual(config.device.pins, PINS);
    const entities = JSON.parse(await heard("homeassistant/device/lamp/config")).cmps;
    assert.equal(Object.keys(entities).length, 10);
    await heard(`${PREFIX}telemetry`, /"pingMs":\d+\}$/);
    assert.match(
      (await ask("config-set", '{"device":{"pins":{"relay":{"pin":"GPIO5"}}}}')).error,
      /relay: left out: a pin is named/,
    );
    assert.doesNotMatch(engine.lines.join("\n"), /Uncaught|MEMORY|ERROR/);
  });
}

test("device-lean: a new configuration is tried after the restart, and kept", { skip }, async (t) => {
  const { engine, ask, heard, said } = await rig(t, "device-lean");
  const change = { device: { pins: { relay: null, caf: { pin: "D6", use: "output", boot: "on" } } } };
  assert.deepEqual(await ask("config-set", JSON.stringify(change)), { ok: true, trying: true });
  await heard(`${PREFIX}status`, /restarting/);
  await engine.line(/^REBOOT$/);
  const from = said.length;
  await engine.restart();
  await heard(`${PREFIX}reply/config-set`, /"kept":true/, from);
  await heard(`${PREFIX}pin/caf`, /^on$/, from);
  const shown = await ask("config-get");
  assert.deepEqual(Object.keys(shown.device.pins), ["key", "level", "lamp", "caf"]);
  // What is shown as stars is unchanged when it comes back.
  assert.match((await ask("config-set", '{"sign":{"key":"***"}}')).error, /^sign\.key: \*\*\* stands for/);
  shown.log = 3;
  assert.deepEqual(await ask("config-set", JSON.stringify(shown)), { ok: true, trying: true });
  await until(() => engine.lines.filter((line) => line === "REBOOT").length === 2, "the second restart");
  const second = said.length;
  await engine.restart();
  await heard(`${PREFIX}reply/config-set`, /"kept":true/, second);
  const kept = await ask("config-get");
  assert.deepEqual(kept, shown);
  assert.equal(kept.wifi.password, "***");
  await engine.restart();
  await heard(`${PREFIX}status`, /online/, said.length);
  assert.doesNotMatch(engine.lines.join("\n"), /Uncaught|MEMORY/);
});

test("device-lean: where a key is configured only signed commands are obeyed", { skip }, async (t) => {
  const key = "000102030405060708090a0b0c0d0e0f";
  const { engine, client } = await rig(t, "device-lean", {}, { sign: { key, id: "lamp" } });
  const node = new Signer(key, "node");
  const set = `${PREFIX}pin/relay/set`;
  await client.publishAsync(set, "on", { qos: 1 });
  await engine.line(/1 sign dropped, not signed: devices\/lamp\/pin\/relay\/set/);
  await client.publishAsync(set, node.seal(set, "on"), { qos: 1 });
  await engine.line(/^out D5 1$/);
  const reply = new Promise<Buffer>((done) =>
    client.on("message", (topic, bytes) => topic === `${PREFIX}reply/log` && done(bytes)),
  );
  await client.publishAsync(`${PREFIX}cmd/log`, node.seal(`${PREFIX}cmd/log`, "2"), { qos: 1 });
  assert.equal(node.open(`${PREFIX}reply/log`, await reply).payload?.toString(), '{"ok":true}');
  assert.equal(engine.lines.filter((line) => /^out D5 1$/.test(line)).length, 1);
  assert.doesNotMatch(engine.lines.join("\n"), /Uncaught|MEMORY/);
});
