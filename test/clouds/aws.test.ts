// AWS IoT Core: its quotas, and where it differs from the standard.
import assert from "node:assert/strict";
import type { Packet } from "mqtt-packet";
import { CLOSE } from "../support/scripted.ts";
import { Cloud, type Habits } from "./cloud.ts";
import { bundleBoard, falls, gaps, moduleBoard, response, row } from "./program.ts";

const AWS = "AWS IoT Core";
const HOST = "a1b2c3-ats.iot.eu-west-1.amazonaws.com";

/** A URL signed by Signature Version 4, with a security token of so many characters. */
function presigned(token: number, signature = "5f9d"): string {
  const day = "20261128";
  const query = [
    "X-Amz-Algorithm=AWS4-HMAC-SHA256",
    `X-Amz-Credential=ASIAEXAMPLE%2F${day}%2Feu-west-1%2Fiotdevicegateway%2Faws4_request`,
    `X-Amz-Date=${day}T000000Z`,
    "X-Amz-SignedHeaders=host",
    `X-Amz-Signature=${signature.repeat(16)}`,
    `X-Amz-Security-Token=${"Tok%2Fen%2B".repeat(token / 11)}`,
  ];
  return `ws://${HOST}/mqtt?${query.join("&")}`;
}

/** Closes the connection where AWS does. */
function strict(packet: Packet): string | undefined {
  const filters = packet.cmd === "subscribe" ? packet.subscriptions : [];
  if (filters.length > 8 || filters.some(({ qos }) => qos > 1)) return CLOSE;
  if (packet.cmd !== "publish") return undefined;
  if (packet.qos > 1 || packet.payload.length > 131_072) return CLOSE;
  return packet.retain && packet.topic.startsWith("$aws/") ? CLOSE : undefined;
}

const cloud = (t: Parameters<typeof Cloud.start>[0], habits: Habits = {}) =>
  Cloud.start(t, { packet: strict, ...habits });

row(AWS, "8 filters in a SUBSCRIBE", async (t) => {
  const aws = await cloud(t);
  const filters = JSON.stringify(Array.from({ length: 20 }, (_, i) => `f/${i}`));
  const board = await moduleBoard(t, {
    connected: `c.subscribe(${filters}, { qos: 1 }, told("subscribed"));`,
  });
  assert.equal(await board.until(/^subscribed/), `subscribed done ${Array(20).fill(1)}`);
  aws.cut();
  // The server has no session: the board subscribes again, by eight.
  await board.until(() => aws.of("subscribe").length === 6);
  assert.deepEqual(
    aws.of("subscribe").map(({ subscriptions }) => subscriptions.length),
    [8, 8, 4, 8, 8, 4],
  );
  assert.equal(aws.connections, 2);
});

row(AWS, "a client id of 128 bytes", async (t) => {
  const aws = await cloud(t, {
    packet: (packet) =>
      packet.cmd === "connect" && packet.clientId.length > 128 ? "\x20\x02\0\x02" : undefined,
  });
  const long = await bundleBoard(t, { mqtt: { clientId: "x".repeat(129) } });
  await long.until(/DOWN/);
  assert.equal(falls(long)[0]!.why, "0x85 the broker refused mqtt.clientId");
  const own = await bundleBoard(t);
  await own.until("connected");
  assert.ok(aws.of("connect").at(-1)!.clientId.length <= 23);
});

row(AWS, "a signed URL of 2 KB and more", async (t) => {
  const url = presigned(2200);
  assert.ok(url.length > 2500 && url.length < 4096);
  const aws = await cloud(t);
  const board = await bundleBoard(t, { mqtt: { url } });
  await board.until("connected");
  assert.equal(aws.requests[0]!.url, url.slice(url.indexOf("/mqtt")));
  assert.equal(aws.requests[0]!.headers.host, HOST);
  assert.doesNotMatch(board.lines.join("\n"), /5f9d|Tok%2F|ASIA/);
});

row(AWS, "a signature that has expired is 403", async (t) => {
  const aws = await cloud(t, {
    upgrade: ({ url }) => (url!.includes("0new") ? undefined : response("403 Forbidden")),
  });
  const [old, fresh] = [presigned(550), presigned(550, "0new")];
  const board = await moduleBoard(t, {
    url: old,
    before: "var tries = 0;",
    options: `{ renew: function (done) { print("renew"); done(null, tries++ ? "${fresh}" : "${old}"); } }`,
  });
  assert.match(
    await board.until(/^error/),
    /^error \[403\] HTTP\/1.1 403 Forbidden: the server wants other credentials/,
  );
  await board.until("connect", { minutes: 10 });
  assert.equal(board.lines.filter((line) => line === "renew").length, 2);
  assert.equal(aws.attempts.length, 2);
});

row(AWS, "a host that is not found, with a signed URL", async (t) => {
  const board = await bundleBoard(t, { mqtt: { url: presigned(550) } });
  await board.until(/DOWN/);
  // "host" is a value of the query. The words stay whole.
  assert.match(falls(board)[0]!.why, /host/);
});

const AUTHORIZER = { "x-amz-customauthorizer-name": "fleet", "x-amz-customauthorizer-signature": "c2lnbg==" };

row(AWS, "a custom authorizer, in headers", async (t) => {
  const aws = await cloud(t);
  const headers = { ...AUTHORIZER, token: "s3cr3t-token" };
  const board = await bundleBoard(t, { mqtt: { url: `ws://${HOST}/mqtt`, headers } });
  await board.until("connected");
  for (const [name, value] of Object.entries(headers)) assert.equal(aws.requests[0]!.headers[name], value);
  assert.doesNotMatch(board.lines.join("\n"), /s3cr3t|c2lnbg/);
});

row(AWS, "a custom authorizer, in the query", async (t) => {
  const aws = await cloud(t);
  const query = `${new URLSearchParams({ ...AUTHORIZER, token: "s3cr3t-token" })}`;
  const board = await bundleBoard(t, { mqtt: { url: `ws://joe:pass@${HOST}/mqtt?${query}` } });
  await board.until("connected");
  assert.equal(aws.requests[0]!.url, `/mqtt?${query}`);
  const { username, password } = aws.of("connect")[0]!;
  assert.deepEqual([username, `${password}`], ["joe", "pass"]);
  assert.doesNotMatch(board.lines.join("\n"), /s3cr3t|c2lnbg/);
});

row(AWS, "no QoS 2: the connection ends", async (t) => {
  const aws = await cloud(t);
  const board = await moduleBoard(t, {
    connected: 'c.publish("a", "2", { qos: 2 }, told("two")); c.publish("a", "1", { qos: 1 }, told("one"));',
  });
  await board.until(/^one done/, { minutes: 30 });
  assert.match(board.lines.find((line) => line.startsWith("two"))!, /^two \[263\]/);
  assert.deepEqual(
    aws.inbox("a").map(({ payload }) => payload),
    ["1"],
  );
  assert.ok(aws.busiestMinute <= 12);
});

row(AWS, "no QoS 2: a message or a filter at QoS 2 gets no answer", async (t) => {
  const silent = (packet: Packet) =>
    (packet.cmd === "publish" && packet.qos === 2) ||
    (packet.cmd === "subscribe" && packet.subscriptions.some(({ qos }) => qos === 2))
      ? ""
      : undefined;
  for (const request of [
    'c.publish("a", "2", { qos: 2 }, told("two"));',
    'c.subscribe("a", { qos: 2 }, told("two"));',
  ]) {
    const aws = await cloud(t, { packet: silent });
    const board = await moduleBoard(t, {
      connected: `${request} c.publish("b", "1", { qos: 1 }, told("one"));`,
    });
    await board.until(/^two/, { minutes: 30 });
    assert.match(board.lines.find((line) => line.startsWith("two"))!, /^two \[262\]/);
    assert.ok(board.lines.includes("one done"));
    assert.ok(aws.connections <= 6, `${aws.connections}`);
    await aws.stop();
    await board.off();
  }
});

row(AWS, "with MQTT 5 it says Maximum QoS 1", async (t) => {
  const connack = "\x20\x05\0\0\x02\x24\x01";
  const aws = await cloud(t, {
    version: 5,
    packet: (packet) => (packet.cmd === "connect" ? connack : strict(packet)),
  });
  const board = await moduleBoard(t, {
    build: "v5-lean",
    options: "{ protocolVersion: 5 }",
    connected: 'c.publish("a", "2", { qos: 2 }, told("two")); c.publish("a", "1", { qos: 1 }, told("one"));',
  });
  await board.until(/^one done/);
  assert.match(board.lines.find((line) => line.startsWith("two"))!, /^two \[155\]/);
  assert.equal(aws.connections, 1);
});

row(AWS, "topics that begin with `$aws/`", async (t) => {
  const aws = await cloud(t);
  const shadow = "$aws/things/garden-7/shadow";
  const board = await moduleBoard(t, {
    connected: `c.subscribe("${shadow}/update/delta", { qos: 1 }, function () { c.publish("${shadow}/update", "{}", { qos: 1 }, told("update")); });`,
  });
  await board.until(/^update done/);
  await aws.publish(`${shadow}/update/delta`, "{}");
  await board.until(`message ${shadow}/update/delta {}`);
  assert.equal(aws.inbox(`${shadow}/update`).length, 1);
});

row(AWS, "no RETAIN to a reserved topic", async (t) => {
  const aws = await cloud(t);
  const board = await moduleBoard(t, {
    connected:
      'c.publish("$aws/rules/r/a", "1", { qos: 1, retain: true }); c.publish("a", "1", { qos: 1 }, told("next"));',
  });
  await board.until(/^next done/, { minutes: 30 });
  assert.deepEqual(
    board.lines.filter((line) => line.startsWith("error")),
    ["error [263] PUBLISH to $aws/rules/r/a: given up, it ended each connection"],
  );
  assert.equal(aws.inbox("a").length, 1);
});

row(AWS, "128 KB in a message", async (t) => {
  const aws = await cloud(t);
  const board = await moduleBoard(t, {
    options: "{ outbox: { bytes: 200000 } }",
    connected: `var most = "x"; while (most.length < 131072) most += most;
      c.publish("a", most, { qos: 1 }, told("most"));
      c.publish("a", most + "x", { qos: 1 }, told("more")); c.publish("b", "1", { qos: 1 }, told("next"));`,
  });
  await board.until(/^next done/, { minutes: 30 });
  assert.deepEqual(
    board.lines.filter((line) => /^(most|more|next)/.test(line)).map((line) => line.split("]")[0]),
    ["more [151", "most done", "next done"],
  );
  assert.deepEqual([aws.inbox("a").length, aws.connections], [1, 1]);
});

row(AWS, "a keep alive of 30 to 1,200 s", async (t) => {
  const aws = await cloud(t);
  const board = await bundleBoard(t);
  await board.until("connected");
  const { keepalive } = aws.of("connect")[0]!;
  assert.ok(keepalive! >= 30 && keepalive! <= 1200);
});

row(AWS, "a second client with the same id ends the first", async (t) => {
  const aws = await cloud(t);
  const config = { mqtt: { clientId: "twin" } };
  const boards = [
    await bundleBoard(t, config, { bundle: "device-lean", seed: 1 }),
    await bundleBoard(t, config, { bundle: "device-lean", seed: 2 }),
  ];
  for (let minute = 0; minute < 5; minute++)
    for (let second = 0; second < 60; second++)
      for (const board of boards) await board.advance({ seconds: 1 });
  const told = boards.map((board) => falls(board).some(({ why }) => why.endsWith("see mqtt.clientId")));
  assert.ok(
    told.includes(true),
    boards
      .flatMap((board) => falls(board))
      .map(({ why }) => why)
      .join("\n"),
  );
  // Both boards together.
  assert.ok(aws.busiestMinute <= 24, `${aws.busiestMinute}`);
});

row(AWS, "one CONNECT a second of a client id", async (t) => {
  const aws = await cloud(t, { packet: () => CLOSE });
  const board = await bundleBoard(t);
  await board.advance({ minutes: 5 });
  assert.ok(Math.min(...gaps(aws)) >= 1);
});
