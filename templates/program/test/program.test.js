// The program on a virtual board, with a broker inside. Its time is cranked: no test waits for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testBroker, virtualBoard } from "espruino-mqtt-ws/testing";

test("the lamp obeys, and its state is kept, also over a lost Wi-Fi", async (t) => {
  const broker = await testBroker();
  t.after(() => broker.stop());
  const board = await virtualBoard({
    program: "program.js",
    modules: { "mqtt-ws": "lean" },
    config: { wifi: { ssid: "home" }, mqtt: { url: broker.url } },
    wifi: "home",
  });
  t.after(() => board.off());
  await board.until("connected");

  await broker.publish("{{NAME}}/set", "on");
  await board.until(() => broker.inbox("{{NAME}}/state").at(-1)?.payload === "on");
  assert.equal(board.pin("D2").value, 1);
});
