// Brokers as they are installed, and as services: HiveMQ Cloud, EMQX, VerneMQ, RabbitMQ.
import assert from "node:assert/strict";
import { CLOSE, idOf } from "../support/scripted.ts";
import { Cloud, type Habits } from "./cloud.ts";
import { bundleBoard, falls, moduleBoard, response, row } from "./program.ts";

const PATHS: [cloud: string, path: string][] = [
  ["HiveMQ Cloud", "/mqtt"],
  ["EMQX", "/mqtt"],
  ["VerneMQ", "/mqtt"],
  ["RabbitMQ", "/ws"],
];

for (const [cloud, path] of PATHS)
  row(cloud, `the path is \`${path}\``, async (t) => {
    await Cloud.start(t, { upgrade: ({ url }) => (url === path ? undefined : response("404 Not Found")) });
    const wrong = await bundleBoard(t, { mqtt: { url: "ws://cloud.example/" } });
    await wrong.until(/DOWN/);
    assert.equal(falls(wrong)[0]!.why, "HTTP/1.1 404 Not Found: check the path in mqtt.url");
    assert.ok(falls(wrong)[0]!.again > 300);
    const right = await bundleBoard(t, { mqtt: { url: `ws://cloud.example${path}` } });
    await right.until("connected");
  });

row("HiveMQ Cloud", "a client that does not send CONNECT within 10 s is disconnected", async (t) => {
  const cloud = await Cloud.start(t);
  const board = await bundleBoard(t);
  await board.until("connected");
  assert.ok(cloud.of("connect")[0]!.at - cloud.attempts[0]! < 1000);
});

for (const offered of ["mqtt", "mqttv3.1"] as const)
  row("HiveMQ Cloud", `the subprotocol \`${offered}\``, async (t) => {
    const cloud = await Cloud.start(t, { subprotocol: offered });
    const board = await bundleBoard(t);
    await board.until(offered === "mqtt" ? "connected" : /DOWN: wrong subprotocol mqttv3.1, need mqtt/);
    assert.equal(cloud.requests[0]!.headers["sec-websocket-protocol"], "mqtt");
  });

row("EMQX", "an upgrade request without a subprotocol is refused", async (t) => {
  await Cloud.start(t, {
    upgrade: ({ headers }) => (headers["sec-websocket-protocol"] ? undefined : response("400 Bad Request")),
  });
  const board = await bundleBoard(t);
  await board.until("connected");
});

row("EMQX", "a proxy or listener that does not answer the subprotocol", async (t) => {
  await Cloud.start(t, { subprotocol: "" });
  const board = await bundleBoard(t);
  await board.until(/DOWN/);
  const [{ why, again }] = falls(board) as [{ why: string; again: number }];
  assert.equal(why, "no subprotocol mqtt: is this an MQTT broker?");
  assert.ok(again > 300);
});

/** What makes a board connect again and again. */
const STORMS: [name: string, habits: Habits][] = [
  ["closes before CONNACK", { packet: () => CLOSE }],
  ["closes right after CONNACK", { packet: ({ cmd }) => (cmd === "connect" ? undefined : CLOSE) }],
  ["answers the upgrade with 500", { upgrade: () => response("500 Internal Server Error") }],
];

row(
  "EMQX",
  "EMQX bans a client for 5 minutes after 15 connects in a minute, where flapping detection is on",
  async (t) => {
    for (const [name, habits] of STORMS)
      for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
        const cloud = await Cloud.start(t, habits);
        const board = await bundleBoard(t, {}, { bundle: "device-lean", seed });
        await board.advance({ minutes: 3 });
        const most = cloud.busiestMinute;
        assert.ok(cloud.attempts.length > 4, name);
        assert.ok(most <= 12, `${name}, seed ${seed}: ${most} attempts in a minute`);
        await board.off();
        await cloud.stop();
      }
  },
);

row("EMQX", 'a banned client gets CONNACK with "not authorized"', async (t) => {
  const cloud = await Cloud.start(t, {
    packet: ({ cmd }) => (cmd === "connect" ? "\x20\x02\0\x05" : undefined),
  });
  const board = await bundleBoard(t);
  await board.advance({ minutes: 10 });
  assert.match(falls(board)[0]!.why, /^reason 0x87|not authorized/);
  assert.ok(cloud.attempts.length < 4);
});

row("RabbitMQ", "QoS 2 becomes QoS 1", async (t) => {
  const cloud = await Cloud.start(t, {
    packet: (packet) =>
      packet.cmd === "publish" && packet.qos === 2 ? `\x40\x02${idOf(packet)}` : undefined,
  });
  const board = await moduleBoard(t, {
    connected:
      'c.publish("a", "1", { qos: 2 }, told("first")); c.publish("a", "2", { qos: 2 }, told("second"));',
  });
  await board.until(/^second done/);
  await board.advance({ minutes: 5 });
  assert.deepEqual(
    cloud.inbox("a").map(({ payload }) => payload),
    ["1", "2"],
  );
  assert.equal(cloud.connections, 1);
});

row("RabbitMQ", "a SUBSCRIBE at QoS 2 is granted QoS 1", async (t) => {
  await Cloud.start(t, {
    packet: (packet) => (packet.cmd === "subscribe" ? `\x90\x03${idOf(packet)}\x01` : undefined),
  });
  const board = await moduleBoard(t, { connected: 'c.subscribe("a", { qos: 2 }, told("subscribed"));' });
  assert.equal(await board.until(/^subscribed/), "subscribed done 1");
});

row("VerneMQ", "20 messages in flight", async (t) => {
  const cloud = await Cloud.start(t, { packet: ({ cmd }) => (cmd === "publish" ? "" : undefined) });
  const board = await moduleBoard(t, {
    connected: 'for (var i = 0; i < 30; i++) c.publish("a", "" + i, { qos: 1 });',
  });
  await board.until("connect");
  await board.advance({ seconds: 60 });
  assert.equal(cloud.of("publish").length, 8);
});
