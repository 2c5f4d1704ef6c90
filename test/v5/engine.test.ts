// MQTT 5 on a real engine, from flash, with its own handshake, against mosquitto. The application obeys orders.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { spec, spec5 } from "#subject";
import { freePort, missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { Engine, noEngine } from "../engine/engine.ts";
import { appBundle } from "../support/app-bundle.ts";
import { listening, live, until } from "./live.ts";

const skip = noEngine || missing("mosquitto");

async function told(t: TestContext, url: string, orders: string, mqtt = {}): Promise<Engine> {
  const code = await appBundle(
    { file: "test/v5/board-app.ts", name: "told" },
    { profile: "v5", transport: "lean" },
  );
  const config = {
    wifi: { ssid: "net" },
    mqtt: { url, clientId: "board", ...mqtt },
    app: { message: orders },
    log: 2,
  };
  const engine = new Engine({ "config.json": JSON.stringify(config), ...code });
  t.after(() => engine.off());
  return engine.boot();
}

const said = (engine: Engine, word: string) =>
  engine.lines.filter((line) => line.startsWith(`= ${word} `)).map((line) => line.slice(3 + word.length));

test("engine: properties, aliases, codes and every QoS arrive, and DISCONNECT with will publishes the will", {
  skip,
}, async (t) => {
  const { ws } = await mosquittoPorts(t);
  const url = `ws://127.0.0.1:${ws}/mqtt`;
  const to = await live(t, url, "to");
  await listening(to, "#");
  const will = {
    topic: "w",
    payload: "gone",
    properties: {
      contentType: "t",
      userProperties: [
        ["a", "1"],
        ["a", "2"],
      ],
    },
  };
  const properties = { sessionExpiry: 60, userProperties: [["x", "y"]] };
  const orders = "sub a/b 2;with a/b text 100;pub a/b 5 1;pub a/b 3 2;pub nobody 1 0";
  const engine = await told(t, url, orders, { will, properties });
  await engine.line(/^= up/);
  await until(() => said(engine, "got").length === 9 && said(engine, "done").length === 11, "all of it");
  assert.match(said(engine, "got")[0]!, /^a\/b text text (100|99)$/);
  assert.deepEqual(
    said(engine, "got").slice(1).sort(),
    ["0", "0", "1", "1", "2", "2", "3", "4"].map((n) => `a/b ${n} - -`),
  );
  await until(() => to.messages.length === 10, "ten messages");
  const text = to.messages.find(([, payload]) => payload === "text");
  assert.deepEqual(text![2][spec5.USER_PROPERTY], ["a", "b"]);
  const end = await told(t, url, "stop 4", { will, clientId: "other" });
  await end.line(/ link DONE/);
  await until(() => to.messages.length === 11, "the will");
  assert.deepEqual(to.messages[10], [
    "w",
    "gone",
    { [spec5.CONTENT_TYPE]: "t", [spec5.USER_PROPERTY]: ["a", "1", "a", "2"] },
  ]);
  assert.doesNotMatch([...engine.lines, ...end.lines].join("\n"), /Uncaught|MEMORY|link DOWN/);
});

test("engine: a message that expires without a connection is not sent", { skip }, async (t) => {
  const { ws } = await mosquittoPorts(t);
  const to = await live(t, `ws://127.0.0.1:${ws}/mqtt`, "to");
  await listening(to, "a");
  const port = await freePort();
  const engine = await told(t, `ws://127.0.0.1:${port}/mqtt`, "early a short 2;early a long 100");
  assert.equal(await engine.line(/^= done short/), `= done short ${spec.EXPIRED} - 0`);
  const server = createServer((near) => {
    const far = connect(ws, "127.0.0.1");
    for (const socket of [near, far]) socket.on("error", () => {});
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  t.after(() => server.close());
  await engine.line(/^= done long 0 00/);
  await until(() => to.messages.length, "the message");
  assert.deepEqual(
    to.messages.map(([, payload]) => payload),
    ["long"],
  );
  assert.ok(to.messages[0]![2][spec5.MESSAGE_EXPIRY_INTERVAL]! <= 98);
});
