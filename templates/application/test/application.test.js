// The application's bundle on a virtual board, with a broker inside. Its time is cranked.
import { test } from "node:test";
import { testBroker, virtualBoard } from "espruino-mqtt-ws/testing";

test("every message comes back", async (t) => {
  const broker = await testBroker();
  t.after(() => broker.stop());
  const config = { wifi: { ssid: "home" }, mqtt: { url: broker.url } };
  const board = await virtualBoard({ program: "dist/application.js", config, wifi: "home" });
  t.after(() => board.off());
  await board.until("connected");

  await broker.publish("{{NAME}}/in", "hark", { qos: 1 });
  await board.until({ topic: "{{NAME}}/out", payload: "hark" });
});
