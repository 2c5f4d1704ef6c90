// flash.sh checks a device's pins before it writes anything, for every chip.
import assert from "node:assert/strict";
import { test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { judgeConfig } from "../../tools/flash/config.ts";

const program = programOf("dist/device.js");

for (const name of ["hello", "hello-tiny", "device", "signed"]) {
  test(`one config.json serves every application: ${name}`, async () => {
    const json = {
      wifi: { ssid: "n" },
      mqtt: { url: "ws://h/mqtt" },
      app: { topic: "a", message: "b" },
      device: { id: "kitchen", pins: { led: { pin: "D2", use: "output" } } },
      sign: { key: "00112233445566778899aabbccddeeff" },
    };
    await judgeConfig(programOf(`dist/${name}.js`), json, "config.json");
  });
}

function judge(pins: object, discovery = ""): Promise<string[]> {
  const json = { wifi: { ssid: "n" }, mqtt: { url: "ws://h/mqtt" }, device: { pins, discovery } };
  return judgeConfig(program, json, "config.json");
}

test("pins of an ESP32 and of an ESP32-C3 are good, a mixture of both is not", async () => {
  assert.deepEqual(await judge({ a: { pin: "D25", use: "output" } }), []);
  assert.deepEqual(await judge({ a: { pin: "D8", use: "output" }, b: { pin: "D1", use: "analog" } }), []);
  await assert.rejects(judge({ a: { pin: "D8", use: "output" }, b: { pin: "D34", use: "analog" } }), {
    message:
      /config\.json has a mistake in device\.pins\.a: left out: no free pin of ESP32, see board\/chips\/ESP32\.json/,
  });
  await assert.rejects(judge({ a: { pin: "D5", use: "lamp" } }), /device\.pins\.a\.use: expected "output"/);
});

test("an unknown key of a pin is named as one of the file is", async () => {
  const remarks = await judge({ a: { pin: "D5", use: "output", colour: "red" } });
  assert.match(remarks.join("; "), /unknown key device\.pins\.a\.colour/);
});

test("pins whose discovery message is larger than the outbox: the least size that works is named", async () => {
  const inputs = [2, 4, 5, 12, 13, 14, 15, 18, 19, 21, 22, 23, 25, 26, 27, 32].map((n) => [
    `input-with-a-long-name-number-${n}`,
    { pin: `D${n}`, use: "input", longMs: 500 },
  ]);
  const pins = Object.fromEntries(inputs);
  assert.deepEqual(await judge(pins), []);
  await assert.rejects(
    judge(pins, "homeassistant"),
    /mqtt\.outbox\.bytes: expected \d{4,5} or more with device\.discovery/,
  );
});
