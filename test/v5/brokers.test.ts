// MQTT 5 with independent brokers. `hello` at every QoS is the bundle on the virtual board; the rest is the
// core on a WebSocket of its own.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  newCalls,
  publish,
  publishWith,
  request,
  respond,
  responded,
  type Subscription,
  spec,
  spec5,
  subscribe,
  subscribeWith,
} from "#subject";
import { programOf } from "../../board/virtual/program.ts";
import { ejabberd, noEjabberd } from "../brokers/ejabberd.ts";
import { Mosquitto, missing } from "../brokers/mosquitto.ts";
import { boardOf } from "../virtual/boards.ts";
import { brokerSeconds, type Live, live, until } from "./live.ts";

async function mosquitto(t: TestContext, ...lines: string[]): Promise<string> {
  const broker = await Mosquitto.start({ lines });
  t.after(() => broker.stop());
  return `ws://127.0.0.1:${broker.ports.ws}/mqtt`;
}

const BROKERS: [name: string, skip: string | false, start: (t: TestContext) => Promise<string>][] = [
  ["mosquitto", missing("mosquitto"), mosquitto],
  ["ejabberd", noEjabberd(), ejabberd],
];

async function subscribed(to: Live, list: Subscription[]): Promise<string> {
  let codes: string | undefined;
  subscribe(to.client, list, (_, granted) => {
    codes = granted;
  });
  await until(() => codes !== undefined, "SUBACK");
  return codes as string;
}

test("mosquitto with Maximum QoS 0: hello-v5 says so, and gets its message at that QoS", {
  skip: missing("mosquitto"),
}, async (t) => {
  const url = await mosquitto(t, "max_qos 0");
  const config = { wifi: { ssid: "net" }, mqtt: { url, clientId: "hello" }, app: { qos: 2 } };
  const files = { "config.json": JSON.stringify(config) };
  const board = boardOf(t, programOf("dist/hello-v5.js"), { files });
  board.boot();
  await board.untilLine(/warning: the broker takes QoS 0 at most, less than app\.qos/);
  await board.untilLine(/RECEIVED hello <- mg\/test/);
  await board.untilIdle();
});

for (const [name, skip, start] of BROKERS) {
  test(`${name}: hello-v5 on the virtual board gets its messages at QoS 0, 1 and 2`, { skip }, async (t) => {
    const url = await start(t);
    for (const qos of [0, 1, 2]) {
      const config = { wifi: { ssid: "net" }, mqtt: { url, clientId: `hello${qos}` }, app: { qos }, log: 2 };
      const files = { "config.json": JSON.stringify(config) };
      const board = boardOf(t, programOf("dist/hello-v5.js"), { files });
      board.boot();
      await board.untilLine(/RECEIVED hello <- mg\/test/);
      await board.untilIdle();
    }
  });

  test(`${name}: properties, aliases and Subscription Identifiers arrive`, { skip }, async (t) => {
    const url = await start(t);
    const to = await live(t, url, "to");
    const from = await live(t, url, "from");
    await subscribed(to, [{ filter: "plain", qos: 0 }]);
    subscribeWith(to.client, [{ filter: "topic", qos: 2 }], { [spec5.SUBSCRIPTION_IDENTIFIER]: 7 });
    await until(() => to.client.subscriptions.length === 2, "SUBACK");
    const list = {
      [spec5.CONTENT_TYPE]: "text",
      [spec5.CORRELATION_DATA]: "\0\xff",
      [spec5.USER_PROPERTY]: ["b", "1", "a", "2", "b", "3"],
    };
    for (const qos of [0, 1, 2]) publishWith(from.client, "topic", `${qos}`, list, qos, false);
    await until(() => to.messages.length === 3 && !from.client.pending.length, "three messages");
    assert.deepEqual(to.messages.map(([topic, payload]) => topic + payload).sort(), [
      "topic0",
      "topic1",
      "topic2",
    ]);
    for (const [, , seen] of to.messages) {
      assert.equal(seen[spec5.CONTENT_TYPE], "text");
      assert.equal(seen[spec5.CORRELATION_DATA], "\0\xff");
      assert.deepEqual(seen[spec5.USER_PROPERTY], list[spec5.USER_PROPERTY]);
      assert.deepEqual(seen[spec5.SUBSCRIPTION_IDENTIFIER], [7]);
    }
    // The topic was sent once, then its alias.
    const topics = from.sent.join("").split(Buffer.from("topic").toString("hex")).length - 1;
    assert.equal(topics, 1);
  });

  test(`${name}: each request gets its own response`, { skip }, async (t) => {
    const url = await start(t);
    const asks = await live(t, url, "asks");
    const answers = await live(t, url, "answers");
    await subscribed(answers, [{ filter: "ask", qos: 1 }]);
    const calls = newCalls(asks.client, "asks/answers");
    await until(() => asks.client.subscriptions.length, "SUBACK");
    const heard: [number, string][] = [];
    for (const text of ["1", "2"])
      request(calls, "ask", text, (reason, payload) => void heard.push([reason, payload]), 60);
    await until(() => answers.messages.length === 2, "two requests");
    // In the other order: Correlation Data tells them apart.
    for (const [, payload, list] of answers.messages.reverse())
      respond(answers.client, list, `${payload}!`, 1);
    await until(() => asks.messages.length === 2, "two responses");
    for (const [topic, payload, list] of asks.messages) assert.ok(responded(calls, topic, payload, list));
    assert.deepEqual(heard, [
      [0, "2!"],
      [0, "1!"],
    ]);
  });

  test(`${name}: a second client with the same id connects, the first gets the Reason Code`, {
    skip,
  }, async (t) => {
    const url = await start(t);
    const older = await live(t, url, "same");
    await live(t, url, "same");
    await until(() => older.reason || older.socket.readyState === older.socket.CLOSED, "the end");
    // mosquitto 2.0.11 closes without DISCONNECT on a WebSocket listener.
    assert.ok(older.reason === 0x8e || name === "mosquitto");
  });
}

const skip = missing("mosquitto");

test("mosquitto: with its Receive Maximum 1 one message waits at a time, in order", { skip }, async (t) => {
  const url = await mosquitto(t, "max_inflight_messages 1");
  const to = await live(t, url, "to");
  await subscribed(to, [{ filter: "a", qos: 1 }]);
  const from = await live(t, url, "from");
  assert.equal(from.client.sendQuota, 1);
  for (let i = 0; i < 20; i++) {
    publish(from.client, "a", `${i}`, 1 + (i % 2), false);
    assert.ok(from.client.sent <= 1);
  }
  await until(() => to.messages.length === 20, "20 messages");
  assert.deepEqual(
    to.messages.map(([, payload]) => +payload),
    [...Array(20).keys()],
  );
});

test("mosquitto: an expired message is not delivered, another has its remaining expiry", {
  skip,
}, async (t) => {
  const url = await mosquitto(t, "persistence true");
  const keep = { cleanSession: false };
  const to = await live(t, url, "to", keep);
  await subscribed(to, [{ filter: "a", qos: 1 }]);
  to.socket.terminate();
  const from = await live(t, url, "from");
  publishWith(from.client, "a", "short", { [spec5.MESSAGE_EXPIRY_INTERVAL]: 1 }, 1, false);
  publishWith(from.client, "a", "long", { [spec5.MESSAGE_EXPIRY_INTERVAL]: 100 }, 1, false);
  await brokerSeconds(t, url, 2);
  const again = await live(t, url, "to", keep);
  await until(() => again.messages.length, "a message");
  assert.deepEqual(
    again.messages.map(([, payload]) => payload),
    ["long"],
  );
  assert.ok(again.messages[0]![2][spec5.MESSAGE_EXPIRY_INTERVAL]! <= 98);
});

test("mosquitto: two clients share a subscription, each message comes once", { skip }, async (t) => {
  const url = await mosquitto(t);
  const two = [await live(t, url, "one"), await live(t, url, "two")];
  for (const each of two) await subscribed(each, [{ filter: "$share/g/a", qos: 1 }]);
  const from = await live(t, url, "from");
  for (let i = 0; i < 10; i++) publish(from.client, "a", `${i}`, 1, false);
  const all = () =>
    two.flatMap(({ messages }) => messages.map(([, payload]) => +payload)).sort((a, b) => a - b);
  await until(() => all().length === 10, "ten messages");
  assert.deepEqual(all(), [...Array(10).keys()]);
  for (const { messages } of two) assert.equal(messages.length, 5);
});

test("mosquitto: Server Keep Alive, Maximum Packet Size and Retain As Published have their effect", {
  skip,
}, async (t) => {
  const url = await mosquitto(t, "max_keepalive 17", "max_packet_size 200");
  const client = await live(t, url, "c");
  assert.equal(client.client.keepAliveS, 17);
  assert.equal(publish(client.client, "a", "x".repeat(200), 1, false), spec.PACKET_TOO_LARGE);
  assert.equal(publish(client.client, "a", "x".repeat(100), 1, true), spec.SUCCESS);
  await until(() => !client.client.pending.length, "PUBACK");
  assert.equal(client.reason, 0);
});

test("mosquitto: it sends one byte more than announced: one connection ends, then the message is dropped by name", {
  skip,
}, async (t) => {
  const url = await mosquitto(t);
  const mqtt = { url, clientId: "long", cleanSession: false, maxPacket: 200 };
  const config = { wifi: { ssid: "net" }, mqtt, app: { topic: "a", message: "x".repeat(192) }, log: 2 };
  const board = boardOf(t, programOf("dist/hello-v5.js"), {
    files: { "config.json": JSON.stringify(config) },
  });
  board.boot();
  await board.untilLine(/dropped 198 bytes \(mqtt\.maxPacket\) to a/);
  assert.equal(board.lines.filter((line) => / DOWN: 0x95 /.test(line)).length, 1);
});

test("mosquitto: its Reason Codes reach the caller", { skip }, async (t) => {
  const url = await mosquitto(t);
  const client = await live(t, url, "c");
  const heard: [number, string][] = [];
  publish(client.client, "nobody/listens", "", 1, false, (reason, codes) => void heard.push([reason, codes]));
  await until(() => heard.length, "PUBACK");
  assert.deepEqual(heard, [[0, "\x10"]]);
});

test("mosquitto: a will with a delay comes after the delay, with its properties", { skip }, async (t) => {
  const url = await mosquitto(t);
  const to = await live(t, url, "to");
  await subscribed(to, [{ filter: "w", qos: 1 }]);
  const will = {
    topic: "w",
    payload: "gone",
    qos: 1,
    retain: false,
    properties: { delay: 1, contentType: "t" },
  };
  const dying = await live(t, url, "dying", { will, properties: { sessionExpiry: 60 } });
  dying.socket.terminate();
  const began = Date.now();
  await until(() => to.messages.length, "the will");
  assert.ok(Date.now() - began > 500, "not at once");
  assert.deepEqual(to.messages, [["w", "gone", { [spec5.CONTENT_TYPE]: "t" }]]);
});
