// The application's bundle on a virtual board, with a broker inside. Its time is cranked: no test waits for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testBroker, virtualBoard } from "espruino-mqtt-ws/testing";

test("every message comes back", async (t) => {
  const broker = await testBroker();
  t.after(() => broker.stop());
  const board = await virtualBoard({
    program: "dist/application.js",
    config: { wifi: { ssid: "home" }, mqtt: { url: broker.url } },
    wifi: "home",
  });
  t.after(() => board.off());
  await board.until("CONNECTED");

  await broker.publish("{{NAME}}/in", "hark");
  await board.until(() => broker.inbox("{{NAME}}/out").length === 1);
  assert.equal(broker.inbox("{{NAME}}/out")[0].payload, "hark");
});
