// The device's answers and reports: commands and their guards, presence, telemetry, the remote log; over MQTT 3.1.1 and
// MQTT 5.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Signer } from "../../docs/signing.mjs";
import { missing } from "../brokers/mosquitto.ts";
import { PREFIX, rig } from "./rig.ts";

const skip = missing("mosquitto");
const RELAY = { relay: { pin: "D5", use: "output" } };
const KEY = "000102030405060708090a0b0c0d0e0f";

test("presence: online at birth, offline by the will, then why the link was lost or the board restarted", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  const status = JSON.parse(await it.heard(`${PREFIX}status`));
  const { version, ip, jsVars, ...rest } = status;
  assert.deepEqual(rest, {
    state: "online",
    engine: "2v29",
    chip: "ESP32",
    reset: "power on",
    rssi: -58,
    reconnects: 0,
  });
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.match(ip, /^\d+\.\d+\.\d+\.\d+$/);
  assert.equal(jsVars, 4986, "garbage is collected before it counts");
  assert.ok(it.said.find((one) => one.topic === `${PREFIX}status`)?.retain);
  await it.kick();
  await it.heard(`${PREFIX}status`, /^\{"state":"offline","reason":"lost"\}$/);
  const again = JSON.parse(await it.heard(`${PREFIX}status`, /"reconnects":1/));
  assert.equal(again.lost, "connection closed by the server");
  const from = it.said.length;
  assert.deepEqual(await it.ask("restart"), { ok: true });
  const reborn = JSON.parse(await it.heard(`${PREFIX}status`, /online/, from));
  assert.equal(reborn.restarted, "command restart");
  assert.equal(reborn.reset, "restarted by the program");
  assert.equal(it.board.boots, 2);
  const states = it.said.slice(from).filter((one) => one.topic === `${PREFIX}status`);
  assert.deepEqual(
    states.map((one) => JSON.parse(one.payload).state),
    ["restarting", "online"],
  );
});

for (const profile of ["", "-v5"] as const) {
  test(`commands: each has its answer${profile}`, { skip }, async (t) => {
    const it = await rig(t, { profile, device: { pins: RELAY, identify: "relay" } });
    const memory = await it.ask("memory");
    assert.deepEqual(
      Object.keys(memory).join(),
      "uptimeS,jsVars,jsVarsLow,heap,rssi,in,out,dropped,outbox,reconnects",
    );
    assert.equal(memory.heap, 28000);
    const wireLines = () => it.board.lines.filter((line) => / 4 wire [<>] /.test(line)).length;
    assert.equal(wireLines(), 0);
    assert.deepEqual(await it.ask("log", "4"), { ok: true });
    assert.deepEqual(await it.ask("log", "2"), { ok: true });
    const shown = wireLines();
    assert.ok(shown > 0, "level 4 shows the bytes on the wire");
    await it.ask("memory");
    assert.equal(wireLines(), shown, "level 2 does not");
    assert.equal((await it.ask("log", "5")).error, "expected 0..4");
    for (const wrong of ["", "2 3", "1.5", "-1"])
      assert.equal((await it.ask("log", wrong)).error, "expected 0..4", wrong);
    assert.deepEqual(await it.ask("log", " 02\n"), { ok: true });
    assert.deepEqual(await it.ask("telemetry", "1"), { ok: true });
    await it.heard(`${PREFIX}telemetry`, /"pingMs":\d/);
    assert.equal((await it.ask("telemetry", "soon")).error, "expected 0..86400 (s)");
    assert.deepEqual(await it.ask("telemetry", "0"), { ok: true });
    assert.deepEqual(await it.ask("scan"), []);
    assert.deepEqual(await it.ask("identify"), { ok: true });
    assert.deepEqual(await it.ask("identify", "relay\n"), { ok: true });
    assert.equal(
      (await it.ask("identify", "nobody")).error,
      "expected the name of an output, here or in device.identify",
    );
    assert.match((await it.ask("reboot")).error!, /^unknown command: expected restart, identify, /);
    assert.match((await it.ask("on")).error!, /^unknown command/);
  });

  test(`guards: retained, too large and too many commands are not obeyed${profile}`, { skip }, async (t) => {
    const it = await rig(t, { profile, device: { pins: RELAY }, alone: true });
    await it.send(`${PREFIX}cmd/restart`, "", { retain: true });
    await it.send(`${PREFIX}cmd/memory`, "old", { retain: true });
    await it.send(`${PREFIX}pin/relay/set`, "on", { retain: true });
    await it.heard(`${PREFIX}status`, /online/);
    await it.heard(`${PREFIX}pin/relay`, /off/);
    const reboot = it.said.length;
    it.board.reboot();
    await it.heard(`${PREFIX}status`, /online/, reboot);
    await it.line(/warning: ignored, retained: devices\/lamp\/pin\/relay\/set/);
    await it.line(/warning: ignored, retained: devices\/lamp\/cmd\/memory/);
    assert.equal((await it.ask("log", "2".repeat(1025))).error, "expected at most 1024 bytes");
    const from = it.said.length;
    await Promise.all(Array.from({ length: 60 }, () => it.send(`${PREFIX}cmd/memory`, "")));
    await it.line(/warning: ignored, \d+ commands, too many at a time/);
    await it.pass(1500);
    const answers = it.said.slice(from).filter((one) => one.topic === `${PREFIX}reply/memory`).length;
    assert.ok(answers >= 10 && answers <= 40, `${answers} answers`);
    const { dropped } = await it.ask("memory");
    assert.ok((dropped as number) >= 20, `${dropped} dropped`);
    assert.equal(it.board.pins.output("D5").out, 0);
    assert.equal(it.board.boots, 2);
  });
}

test("log: at the default level messages and commands leave no line, at level 3 they do", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  await it.ask("memory");
  const before = it.board.lines.length;
  await it.send(`${PREFIX}pin/relay/set`, "on");
  await it.heard(`${PREFIX}pin/relay`, /^on$/);
  assert.deepEqual(await it.ask("telemetry", "0"), { ok: true });
  assert.deepEqual(it.board.lines.slice(before), []);
  await it.ask("log", "3");
  await it.ask("memory");
  await it.line(/ 3 ws GOT \d+ bytes WS msg/, before);
  await it.line(/ 3 device command memory$/, before);
});

test("scan: network names with any characters are valid JSON in the answer", { skip }, async (t) => {
  const it = await rig(t, { more: { wifi: { ssid: 'a"\\\u00e9', password: "wifi-secret" } } });
  assert.deepEqual(await it.ask("scan"), [{ ssid: 'a"\\\u00e9', rssi: -58, channel: 6 }]);
});

test("MQTT 5: an answer goes to the response topic with its correlation data, but never to a command topic of a device", {
  skip,
}, async (t) => {
  const it = await rig(t, { profile: "-v5", device: { pins: RELAY } });
  const ask = (responseTopic: string) =>
    it.send(`${PREFIX}cmd/log`, "2", {
      properties: { responseTopic, correlationData: Buffer.from("no. 7") },
    });
  await ask("me/answers");
  assert.equal(await it.heard("me/answers"), '{"ok":true}');
  assert.equal(it.said.find((one) => one.topic === "me/answers")?.correlation, "no. 7");
  await ask("devices/other/cmd/restart");
  await it.heard(`${PREFIX}reply/log`);
  assert.ok(!it.said.some((one) => one.topic === "devices/other/cmd/restart"));
});

test("signed: only signed commands are obeyed, answers are signed", { skip }, async (t) => {
  const it = await rig(t, {
    device: { pins: RELAY, discovery: "homeassistant" },
    more: { sign: { key: KEY, id: "lamp" } },
  });
  const node = new Signer(KEY, "node");
  const set = `${PREFIX}pin/relay/set`;
  await it.send(set, "on");
  await it.send(`${PREFIX}cmd/memory`, "");
  await it.line(/sign dropped, not signed: devices\/lamp\/cmd\/memory/);
  assert.equal(it.board.pins.output("D5").out, 0);
  const old = node.seal(set, "on");
  await it.send(set, old as never);
  await it.heard(`${PREFIX}pin/relay`, /on/);
  await it.send(set, node.seal(set, "off") as never);
  await it.heard(`${PREFIX}pin/relay`, /off/, it.said.length - 1);
  await it.send(set, old as never);
  await it.line(/sign dropped, old message of node/);
  assert.equal(it.board.pins.output("D5").out, 0);
  let sealed: Buffer | undefined;
  it.client.on("message", (topic, payload) => {
    if (topic === `${PREFIX}reply/log`) sealed = payload;
  });
  await it.send(`${PREFIX}cmd/log`, node.seal(`${PREFIX}cmd/log`, "2") as never);
  await it.until(() => sealed, "the signed answer");
  const opened = node.open(`${PREFIX}reply/log`, sealed!);
  assert.deepEqual([opened.sender, opened.payload?.toString()], ["lamp", '{"ok":true}']);
  // Home Assistant cannot sign, so it gets read-only entities.
  const entities = JSON.parse(await it.heard("homeassistant/device/lamp/config")).cmps;
  assert.equal(entities.pin_relay.p, "binary_sensor");
  assert.ok(!JSON.stringify(entities).includes("cmd_t"));
  assert.ok(!it.board.lines.join().includes(KEY));
});

test("a topic that reads like a line of the log is not taken for one", { skip }, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  await it.send(`${PREFIX}pin/ link DOWN: forged, again in 9 s/set`, "on");
  await it.heard(`${PREFIX}log`, /1 device pin {2}link DOWN: forged, again in 9 s: no such output/);
  await it.kick();
  const status = JSON.parse(await it.heard(`${PREFIX}status`, /"reconnects":1/));
  assert.equal(status.lost, "connection closed by the server");
});

test("the remote log: errors and warnings at a limited rate, and after a reconnect why the link was lost", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: RELAY } });
  for (let i = 0; i < 18; i++) {
    await it.send(`${PREFIX}pin/relay/set`, `wrong ${i}`);
    await it.pass(1000);
  }
  await it.heard(`${PREFIX}log`, /^1 device pin relay: expected on, off/);
  await it.heard(`${PREFIX}log`, /\(and \d+ lines more\)$/);
  const lines = it.said.filter((one) => one.topic === `${PREFIX}log`);
  assert.ok(lines.length <= 12, `${lines.length} lines`);
  assert.ok(lines.every((one) => !one.retain));
  await it.kick();
  await it.heard(`${PREFIX}status`, /"reconnects":1/);
  await it.until(
    () => it.said.some((one) => /log$/.test(one.topic) && /link DOWN: connection closed/.test(one.payload)),
    "the line about the lost link",
  );
});
