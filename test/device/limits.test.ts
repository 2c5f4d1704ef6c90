// The device with MQTT 5 at a broker that cannot do all of it: a lower QoS, no retained messages, a small Maximum Packet
// Size.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { PREFIX, rig } from "./rig.ts";

const skip = missing("mosquitto");
const RELAY = { relay: { pin: "D5", use: "output" } };
const TOPIC = "homeassistant/device/lamp/config";

test("a broker with Maximum QoS 0: the will and all messages go at QoS 0, and the log says so", {
  skip,
}, async (t) => {
  const it = await rig(t, {
    profile: "-v5",
    device: { pins: RELAY, discovery: "homeassistant", telemetryS: 1 },
    broker: ["max_qos 0"],
  });
  const line = await it.line(/warning: the broker takes no will above QoS 0/);
  // The refusal of the will costs one attempt, and not the five minutes of a refusal.
  const down = it.board.lines.filter((one) => / link DOWN: /.test(one));
  assert.equal(down.length, 1, line);
  assert.match(down[0]!, /0x9b the broker: no such QoS of mqtt\.will or a message, again in 1 s$/);
  await it.line(/warning: the broker takes QoS 0 only, so messages may be lost/);
  await it.heard(`${PREFIX}pin/relay`, /off/);
  await it.send(`${PREFIX}pin/relay/set`, "on");
  await it.heard(`${PREFIX}pin/relay`, /on/);
  assert.ok((await it.ask("memory")).uptimeS);
  await it.send(`${PREFIX}cmd/log`, "2", {
    properties: { responseTopic: "me/answers", correlationData: Buffer.from("1") },
  });
  assert.equal(await it.heard("me/answers"), '{"ok":true}');
  await it.send(`${PREFIX}pin/relay/set`, "wrong");
  await it.heard(`${PREFIX}log`, /1 device pin relay: expected/);
  await it.heard(TOPIC, /cmps/);
  await it.until(() => it.board.flash.has("device.announced"), "the note");
  await it.kick();
  await it.heard(`${PREFIX}status`, /^\{"state":"offline","reason":"lost"\}$/);
  assert.ok(!it.board.lines.some((one) => / not published/.test(one)));
});

test("a broker without retained messages: the will and all messages go without RETAIN, and the log says so", {
  skip,
}, async (t) => {
  const it = await rig(t, {
    profile: "-v5",
    device: { pins: RELAY, discovery: "homeassistant" },
    broker: ["retain_available false"],
  });
  await it.line(/warning: the broker takes no will to keep/);
  assert.equal(it.board.lines.filter((one) => / link DOWN: 0x9a /.test(one)).length, 1);
  await it.line(/warning: the broker keeps no messages/);
  await it.heard(TOPIC, /cmps/);
  await it.heard(`${PREFIX}pin/relay`, /off/);
  assert.ok(it.said.every((one) => !one.retain));
  await it.kick();
  await it.heard(`${PREFIX}status`, /^\{"state":"offline","reason":"lost"\}$/);
});

test("a broker with a small Maximum Packet Size: the messages that are larger are named in the log", {
  skip,
}, async (t) => {
  const it = await rig(t, {
    profile: "-v5",
    device: { pins: RELAY, discovery: "homeassistant" },
    broker: ["max_packet_size 1000"],
  });
  await it.line(new RegExp(` 1 device not published, larger than .*, or than the broker takes: ${TOPIC}`));
});
