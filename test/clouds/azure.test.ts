// Azure: the MQTT broker of Event Grid, and IoT Hub.
import assert from "node:assert/strict";
import type { Packet } from "mqtt-packet";
import { CLOSE, idOf } from "../support/scripted.ts";
import { Cloud } from "./cloud.ts";
import { bundleBoard, falls, moduleBoard, response, row } from "./program.ts";

const GRID = "Azure Event Grid";
const HUB = "Azure IoT Hub";
const PATH = "/$iothub/websocket";
const USER = "contoso.azure-devices.net/garden-7/?api-version=2021-04-12&DeviceClientType=a";
const TOKEN =
  "SharedAccessSignature sr=contoso.azure-devices.net%2Fdevices%2Fgarden-7&sig=vSgHBMUG%3d&se=1456481802";

/** The URL of a hub: user name and password percent-encoded. */
function hubUrl(password = TOKEN, path = PATH): string {
  return `ws://${encodeURIComponent(USER)}:${encodeURIComponent(password)}@contoso.azure-devices.net${path}`;
}

/** Both end the connection at a PUBLISH that they do not take. */
const closesAtQos2 = (packet: Packet) => (packet.cmd === "publish" && packet.qos > 1 ? CLOSE : undefined);

for (const cloud of [GRID, HUB])
  row(cloud, "QoS 2 ends the connection", async (t) => {
    const azure = await Cloud.start(t, { packet: closesAtQos2 });
    const board = await moduleBoard(t, {
      connected: 'c.publish("a", "2", { qos: 2 }); c.publish("a", "1", { qos: 1 }, told("one"));',
    });
    await board.until(/^one done/, { minutes: 30 });
    assert.deepEqual(
      board.lines.filter((line) => line.startsWith("error")),
      ["error [263] PUBLISH to a: given up, it ended each connection"],
    );
    assert.equal(azure.inbox("a").length, 1);
    assert.ok(azure.busiestMinute <= 12);
  });

row(
  GRID,
  "a retained message that it does not take ends the connection: over 64 KB, or too many",
  async (t) => {
    // The device's states and its discovery are retained.
    const azure = await Cloud.start(t, {
      packet: (packet) => (packet.cmd === "publish" && packet.retain && packet.qos ? CLOSE : undefined),
    });
    const board = await moduleBoard(t, {
      connected:
        'c.publish("a", "kept", { qos: 1, retain: true }); c.publish("a", "sent", { qos: 1 }, told("next"));',
    });
    await board.until(/^next done/, { minutes: 30 });
    assert.ok(board.lines.includes("error [263] PUBLISH to a: given up, it ended each connection"));
    assert.equal(azure.inbox("a").length, 1);
  },
);

row(GRID, "with MQTT 5 it says Maximum QoS 1 and Maximum Packet Size", async (t) => {
  // Maximum QoS 1, Maximum Packet Size 512 KiB, Shared Subscription Available 0, Subscription Identifiers Available 0, aliases 10.
  const connack = "\x20\x11\0\0\x0e\x24\x01\x27\0\x08\0\0\x2a\0\x29\0\x22\0\x0a";
  const azure = await Cloud.start(t, {
    version: 5,
    packet: (packet) => (packet.cmd === "connect" ? connack : closesAtQos2(packet)),
  });
  const board = await moduleBoard(t, {
    build: "v5-lean",
    options: "{ protocolVersion: 5 }",
    connected:
      'c.publish("a", "2", { qos: 2 }, told("two")); c.subscribe("$share/g/a", { qos: 1 }, told("share")); c.publish("a", "1", { qos: 1 }, told("one"));',
  });
  await board.until(/^one done/);
  assert.ok(board.lines.some((line) => line.startsWith("two [155]")));
  assert.ok(board.lines.some((line) => line.startsWith("share [158]")));
  assert.equal(azure.connections, 1);
});

row(GRID, "a keep alive of 1,160 s at most", async (t) => {
  const azure = await Cloud.start(t);
  const board = await bundleBoard(t);
  await board.until("connected");
  assert.ok(azure.of("connect")[0]!.keepalive! <= 1160);
});

row(HUB, "the path is `/$iothub/websocket`", async (t) => {
  const azure = await Cloud.start(t, {
    upgrade: ({ url }) => (url!.split("?")[0] === PATH ? undefined : response("404 Not Found")),
  });
  const board = await bundleBoard(t, { mqtt: { url: hubUrl(TOKEN, `${PATH}?iothub-no-client-cert=true`) } });
  await board.until("connected");
  assert.equal(azure.requests[0]!.url, `${PATH}?iothub-no-client-cert=true`);
});

row(HUB, "a user name with `/`, `?` and `&`, a password with blanks and `%`", async (t) => {
  const azure = await Cloud.start(t);
  const board = await bundleBoard(t, { mqtt: { url: hubUrl(), clientId: "garden-7" } });
  await board.until("connected");
  const module = await moduleBoard(t, {
    options: JSON.stringify({ username: USER, password: TOKEN, clientId: "garden-8" }),
  });
  await module.until("connect");
  for (const { username, password } of azure.of("connect"))
    assert.deepEqual([username, `${password}`], [USER, TOKEN]);
  assert.doesNotMatch(board.lines.join("\n"), /vSgHBMUG|api-version/);
});

row(HUB, "a SAS token expires: the connection ends, and the old one gets CONNACK 5", async (t) => {
  const azure = await Cloud.start(t, {
    packet: (packet) =>
      packet.cmd === "connect" && `${packet.password}` !== TOKEN ? "\x20\x02\0\x05" : undefined,
  });
  const old = hubUrl("SharedAccessSignature sig=old");
  const board = await moduleBoard(t, {
    url: old,
    before: "var tries = 0;",
    options: `{ renew: function (done) { done(null, tries++ ? "${hubUrl()}" : "${old}"); } }`,
  });
  assert.match(await board.until(/^error/), /^error \[135\] 0x87 not authorized/);
  await board.until("connect", { minutes: 10 });
  assert.equal(azure.attempts.length, 2);
});

row(HUB, "topics that begin with `$iothub/`, with `?` and `$rid`", async (t) => {
  const azure = await Cloud.start(t);
  const board = await moduleBoard(t, {
    connected: `c.subscribe(["$iothub/twin/res/#", "$iothub/methods/POST/#"], function () {
      c.publish("$iothub/twin/GET/?$rid=1", "", { qos: 1 }, told("asked")); });`,
  });
  await board.until("asked done");
  assert.equal(azure.inbox("$iothub/twin/GET/#")[0]!.topic, "$iothub/twin/GET/?$rid=1");
  await azure.publish("$iothub/twin/res/200/?$rid=1", '{"desired":{}}');
  await board.until('message $iothub/twin/res/200/?$rid=1 {"desired":{}}');
});

row(HUB, "a SUBSCRIBE at QoS 2 is granted QoS 1", async (t) => {
  await Cloud.start(t, {
    packet: (packet) => (packet.cmd === "subscribe" ? `\x90\x03${idOf(packet)}\x01` : undefined),
  });
  const board = await moduleBoard(t, { connected: 'c.subscribe("a", { qos: 2 }, told("subscribed"));' });
  assert.equal(await board.until(/^subscribed/), "subscribed done 1");
});

row(HUB, "a second connection of a device ends the first", async (t) => {
  const azure = await Cloud.start(t);
  const board = await bundleBoard(
    t,
    { mqtt: { url: hubUrl(), clientId: "garden-7" } },
    { bundle: "device-lean" },
  );
  await board.until("connected");
  await board.advance({ seconds: 30 });
  // Once: a tool of the owner's, for example. The board comes back, and nothing is suspected.
  azure.cut();
  await board.until("connected");
  const [{ why, again }] = falls(board) as [{ why: string; again: number }];
  assert.equal(why, "connection closed by the server");
  assert.ok(again <= 32);
});
