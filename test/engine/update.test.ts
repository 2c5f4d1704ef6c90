// An update through the broker on a real engine: its Storage takes the blocks, its SHA-256 checks the signature and the
// program, its loader tries it. A Linux build has no restart: the test switches it off and on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import mqtt from "mqtt";
import { kindOf } from "../../bench/engine/measure.ts";
import { crc32 } from "../../board/virtual/crc32.ts";
import { nameOf, programOf } from "../../board/virtual/program.ts";
import { sealed } from "../../src/program/turns.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { manifestOf, nextProgram, PUBLIC_KEY, publish, published } from "../device/publisher.ts";
import { until } from "../support/until.ts";
import { Engine, noEngine } from "./engine.ts";

const skip = noEngine || missing("mosquitto");
const PREFIX = "devices/lamp/";
/** What a Linux build lacks. */
const STUBS = `
var ESP32 = { reboot: function () { print("REBOOT"); }, getState: function () { return { freeHeap: 12345 }; } };
`;
const crc = { crc32: (text: string) => crc32(Buffer.from(text, "latin1")) };

async function rig(t: TestContext, files: Record<string, string> = {}) {
  const ports = await mosquittoPorts(t);
  const states: string[] = [];
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.tcp}`);
  t.after(() => client.endAsync(true));
  client.on("message", (_topic, bytes) => states.push(bytes.toString()));
  await client.subscribeAsync(`${PREFIX}update`);
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url: `ws://127.0.0.1:${ports.ws}/mqtt` },
    device: { id: "lamp", update: { key: PUBLIC_KEY } },
  };
  const program = programOf("dist/device-lean.js", STUBS);
  const engine = new Engine({ "config.json": JSON.stringify(config), ...program, ...files });
  t.after(() => engine.off());
  const log = () => [...states, ...engine.lines].join("\n");
  const told = (state: RegExp) => until(() => states.some((one) => state.test(one)), `${state}`, log);
  engine.boot();
  return { engine, client, states, told };
}

test("device-lean: cut while it loads, the update goes on, and its program is tried and proven", {
  skip,
}, async (t) => {
  // A Linux build does not map its flash into memory, as a chip does: the program is copied to be hashed.
  if ((await kindOf()).total < 5000) return t.skip("the engine has too little memory to copy a program");
  const { engine, client, states, told } = await rig(t);
  await told(/"idle"/);
  // A Linux build's Storage has no room for two of the device.
  const next = nextProgram("dist/hello-lean.js");
  await publish(client, published(next, { transport: "lean" }));
  await told(/"available"/);
  await client.publishAsync(`${PREFIX}cmd/update`, "install", { qos: 1 });
  await told(/"loading".*:25\}/);
  states.length = 0;
  await engine.restart();
  await told(/"loading"/);
  await told(/"trying"/);
  await engine.line(/^REBOOT/);
  await engine.restart();
  await engine.line(new RegExp(`boot program ${nameOf(next).slice(0, 8)} works`));
  assert.ok(!engine.lines.some((line) => /update refused|^Uncaught/.test(line)), engine.lines.join("\n"));
});

test("device-lean: the first connection of a program that was proven: done, and its counter is noted", {
  skip,
}, async (t) => {
  const program = nameOf(readFileSync("dist/device-lean.js", "latin1"));
  const note = [1, 0, "", 0, "", "", 0, 3, "0123456789abcdef", 7, program, "0".repeat(64), "0.2.0"];
  const { engine, client, states, told } = await rig(t, { "update.b": sealed(crc, note.join("\n")) });
  await told(/"done"/);
  const older = manifestOf(nextProgram("dist/hello-lean.js"), { transport: "lean", counter: 7 });
  await client.publishAsync("devices/update/stable", older);
  await told(/its counter 7 is old: expected more than 7/);
  assert.equal(states.length, 2, engine.lines.join("\n"));
});
