// The program on a virtual board, with a broker inside. Its time is cranked: a test of ten minutes takes a moment.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testBroker, virtualBoard } from "espruino-mqtt-ws/testing";

test("the lamp obeys, also after the Wi-Fi was away", async (t) => {
  const broker = await testBroker();
  t.after(() => broker.stop());
  const config = { wifi: { ssid: "home" }, mqtt: { url: broker.url } };
  const board = await virtualBoard({
    program: "program.js",
    modules: { "mqtt-ws": "lean" },
    config,
    wifi: "home",
  });
  t.after(() => board.off());
  await board.until("connected");
  await board.until("ready");

  await broker.publish("{{NAME}}/set", "on", { qos: 1 });
  await board.until({ topic: "{{NAME}}/state", payload: "on" });
  assert.equal(board.pin("D2").level, 1);

  board.wifi.drop();
  await board.advance({ minutes: 10 });
  board.wifi.comeBack();
  await board.until("connected");
  await broker.publish("{{NAME}}/set", "off", { qos: 1 });
  await board.until({ topic: "{{NAME}}/state", payload: "off" });
  assert.equal(board.pin("D2").level, 0);
});
