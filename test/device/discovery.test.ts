// Home Assistant's discovery, checked with a schema written from its documentation of MQTT: device payload, entities,
// abbreviations; when the message is published, published again, and removed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { PREFIX, rig } from "./rig.ts";

const skip = missing("mosquitto");
const TOPIC = "homeassistant/device/lamp/config";
const PINS = {
  relay: { pin: "D5", use: "output", deviceClass: "outlet" },
  door: { pin: "D4", use: "input", deviceClass: "door" },
  key: { pin: "D13", use: "input", longMs: 500 },
  level: { pin: "D34", use: "analog", unit: "V", deviceClass: "voltage" },
  lamp: { pin: "D18", use: "pwm" },
};

const TEXT = /./;
/** Keys of every entity. An entity of a device needs a name and an identity. */
const COMMON = { p: TEXT, uniq_id: /^[\w-]+$/, name: TEXT };
const OPTIONAL = { dev_cla: /^[a-z_]+$/, ent_cat: /^(config|diagnostic)$/ };
/** Required and optional keys, by platform. */
const SCHEMA: Record<string, [required: Record<string, RegExp>, optional: Record<string, RegExp>]> = {
  switch: [
    { ...COMMON, cmd_t: TEXT },
    { ...OPTIONAL, stat_t: TEXT, pl_on: TEXT, pl_off: TEXT },
  ],
  binary_sensor: [
    { ...COMMON, stat_t: TEXT },
    { ...OPTIONAL, pl_on: TEXT, pl_off: TEXT },
  ],
  sensor: [
    { ...COMMON, stat_t: TEXT },
    {
      ...OPTIONAL,
      unit_of_meas: TEXT,
      stat_cla: /^(measurement|total|total_increasing)$/,
      val_tpl: /^\{\{ value_json\.\w+ \}\}$/,
    },
  ],
  number: [
    { ...COMMON, cmd_t: TEXT },
    { ...OPTIONAL, stat_t: TEXT, min: /^\d+$/, max: /^\d+$/, unit_of_meas: TEXT },
  ],
  button: [
    { ...COMMON, cmd_t: TEXT },
    { ...OPTIONAL, pl_prs: TEXT },
  ],
  device_automation: [
    { p: TEXT, atype: /^trigger$/, type: /^button_(short|long)_press$/, stype: TEXT, t: TEXT },
    { pl: TEXT },
  ],
};

function check(
  keys: object,
  required: Record<string, RegExp>,
  optional: Record<string, RegExp>,
  where: string,
): void {
  const given = keys as Record<string, unknown>;
  for (const [key, pattern] of Object.entries(required))
    assert.match(String(given[key]), pattern, `${where}.${key}`);
  for (const [key, value] of Object.entries(given)) {
    const pattern = required[key] ?? optional[key];
    assert.ok(pattern, `${where}: ${key} is not known there`);
    assert.match(String(value), pattern, `${where}.${key}`);
  }
}

test("discovery: one retained message that Home Assistant understands", { skip }, async (t) => {
  const it = await rig(t, { device: { pins: PINS, discovery: "homeassistant" } });
  const { dev, o, cmps, ...rest } = JSON.parse(await it.heard(TOPIC));
  assert.ok(it.said.find((one) => one.topic === TOPIC)?.retain);
  check(dev, { ids: /^lamp$/, name: TEXT }, { mf: TEXT, mdl: TEXT, sw: TEXT }, "dev");
  check(o, { name: TEXT }, { sw: TEXT }, "o");
  check(
    rest,
    { avty_t: /^devices\/lamp\/status$/, avty_tpl: /value_json\.state == 'online'/ },
    { qos: /^1$/ },
    "shared",
  );
  const platforms: Record<string, string> = {};
  const identities = new Set<string>();
  for (const [key, entity] of Object.entries<Record<string, string>>(cmps)) {
    const rule = SCHEMA[entity.p!];
    assert.ok(rule, `${key}: platform ${entity.p}`);
    check(entity, rule[0], rule[1], key);
    platforms[key] = entity.p!;
    if (entity.uniq_id) assert.ok(!identities.has(entity.uniq_id), entity.uniq_id);
    identities.add(entity.uniq_id!);
    // All of its topics are ones that the device publishes or obeys.
    for (const topic of [entity.stat_t, entity.cmd_t, entity.t])
      assert.match(topic ?? PREFIX, /^devices\/lamp\/(telemetry|cmd\/restart|pin\/\w+(\/set|\/press)?|)$/);
  }
  assert.deepEqual(platforms, {
    pin_relay: "switch",
    pin_door: "binary_sensor",
    pin_key: "binary_sensor",
    pin_key_short: "device_automation",
    pin_key_long: "device_automation",
    pin_level: "sensor",
    pin_lamp: "number",
    rssi: "sensor",
    jsVars: "sensor",
    uptimeS: "sensor",
    restart: "button",
  });
  assert.equal(cmps.pin_level.unit_of_meas, "V");
  assert.equal(cmps.pin_relay.dev_cla, "outlet");
});

test("discovery: published again after a random wait when Home Assistant comes back", { skip }, async (t) => {
  const it = await rig(t, { device: { pins: PINS, discovery: "homeassistant" } });
  await it.heard(TOPIC);
  const from = it.said.length;
  await it.send("homeassistant/status", "offline");
  await it.ask("memory");
  await it.send("homeassistant/status", "online");
  await it.heard(TOPIC, /cmps/, from);
  assert.equal(it.said.slice(from).filter((one) => one.topic === TOPIC).length, 1);
});

test("discovery: after a change, a new prefix or an empty one the old message is removed", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: PINS, discovery: "homeassistant" } });
  await it.heard(TOPIC, /cmps/);
  await it.until(() => it.board.flash.has("device.announced"), "the note");
  const tell = async (device: object, kept: () => Promise<unknown>) => {
    await it.ask("config-set", JSON.stringify({ device }));
    await it.heard(`${PREFIX}reply/config-set`, /kept/, it.said.length);
    await kept();
  };
  let from = it.said.length;
  await tell({ pins: { relay: null } }, () => it.heard(TOPIC, /pin_door/, from));
  const told = it.said.slice(from).filter((one) => one.topic === TOPIC);
  assert.equal(told.length, 2);
  assert.deepEqual(JSON.parse(told[0]!.payload).cmps, { pin_relay: { p: "switch" } });
  assert.ok(!told[1]!.payload.includes("pin_relay"));
  from = it.said.length;
  await tell({ discovery: "ha" }, () => it.heard("ha/device/lamp/config", /cmps/, from));
  await it.heard(TOPIC, /^$/, from);
  from = it.said.length;
  await tell({ discovery: "" }, () => it.heard("ha/device/lamp/config", /^$/, from));
  await it.until(() => !it.board.flash.has("device.announced"), "no note");
});

test("discovery: pins removed or changed by cable are taken back, by their platforms alone", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: PINS, discovery: "homeassistant" } });
  await it.heard(TOPIC, /cmps/);
  await it.until(() => it.board.flash.has("device.announced"), "the note");
  /** Writes another configuration as flash.sh does, and returns the entities of each message that follows. */
  const flashed = async (change: (config: Record<string, Record<string, unknown>>) => void, last: RegExp) => {
    const config = JSON.parse(it.board.flash.get("config.json")!);
    change(config);
    it.board.flash.set("config.json", JSON.stringify(config));
    const from = it.said.length;
    const note = it.board.flash.get("device.announced");
    it.board.reboot();
    await it.heard(TOPIC, last, from);
    await it.until(() => it.board.flash.get("device.announced") !== note, "another note");
    const messages = it.said.slice(from).filter((one) => one.topic === TOPIC);
    assert.ok(messages.every((one) => one.retain));
    return messages.map((one) => JSON.parse(one.payload));
  };
  const { key: _, ...fewer } = PINS;
  const changed = { ...fewer, relay: { pin: "D5", use: "input" } };
  const first = await flashed((config) => {
    config.device!.pins = changed;
  }, /"pin_relay":\{"p":"binary_sensor"/);
  assert.equal(first.length, 2);
  assert.deepEqual(first[0].cmps, {
    pin_relay: { p: "switch" },
    pin_key: { p: "binary_sensor" },
    pin_key_short: { p: "device_automation" },
    pin_key_long: { p: "device_automation" },
  });
  check(first[0].dev, { ids: /^lamp$/, name: TEXT }, { mf: TEXT, mdl: TEXT, sw: TEXT }, "dev");
  assert.ok(!("pin_key" in first[1].cmps));
  // A key makes the device read-only: the button goes, and the number becomes a sensor.
  const second = await flashed((config) => {
    config.sign = { key: "000102030405060708090a0b0c0d0e0f" };
  }, /"pin_lamp":\{"p":"sensor"/);
  assert.deepEqual(second[0].cmps, { pin_lamp: { p: "number" }, restart: { p: "button" } });
  assert.equal(second.length, 2);
  // Nothing has changed: only the description itself.
  const from = it.said.length;
  it.board.reboot();
  await it.heard(TOPIC, /cmps/, from);
  await it.pass(5000);
  assert.equal(it.said.slice(from).filter((one) => one.topic === TOPIC).length, 1);
});

test("discovery: a note of firmware 0.1.0, without entities: the whole message is removed first", {
  skip,
}, async (t) => {
  const files = { "device.announced": TOPIC };
  const it = await rig(t, { device: { pins: PINS, discovery: "homeassistant" }, files });
  await it.heard(TOPIC, /cmps/);
  const messages = it.said.filter((one) => one.topic === TOPIC);
  assert.deepEqual(
    messages.map((one) => one.payload.length > 0),
    [false, true],
  );
  await it.until(() => it.board.flash.get("device.announced") !== TOPIC, "another note");
});

/** 16 inputs with long names and presses: their description has more than 8,192 bytes. */
const MANY = Object.fromEntries(
  [2, 4, 5, 12, 13, 14, 15, 18, 19, 21, 22, 23, 25, 26, 27, 32].map((n) => [
    `input-with-a-long-name-number-${n}`,
    { pin: `D${n}`, use: "input", longMs: 500 },
  ]),
);

test("discovery: a description that the outbox cannot take is a mistake at boot and for config-set", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: MANY, discovery: "homeassistant" } });
  const line = await it.line(
    / 1 config mqtt\.outbox\.bytes: expected \d+ or more with device\.discovery and these pins$/,
  );
  const size = Number(/expected (\d+)/.exec(line)![1]);
  assert.ok(size > 8192, line);
  await it.line(
    / 1 device not published, larger than mqtt\.outbox\.bytes, or than the broker takes: homeassistant/,
  );
  const { error } = await it.ask("config-set", '{"log":3}');
  assert.equal(error, `mqtt.outbox.bytes: expected ${size} or more with device.discovery and these pins`);
  const change = { mqtt: { outbox: { bytes: size } } };
  assert.deepEqual(await it.ask("config-set", JSON.stringify(change)), { ok: true, trying: true });
  const told = await it.heard(TOPIC, /cmps/, it.said.length);
  assert.equal(told.length + TOPIC.length, size, "the number in the log is the least that the outbox needs");
});

test("discovery: an outbox for one message takes the steps one after the other", { skip }, async (t) => {
  const pins = { relay: PINS.relay };
  const it = await rig(t, {
    device: { pins, discovery: "homeassistant" },
    mqtt: { outbox: { messages: 1 } },
    files: { "device.announced": `${TOPIC}\npin_relay:switch pin_gone:number ` },
    alone: true,
  });
  await it.line(/ 1 device not published, the outbox is full: devices\/lamp\/status/);
  await it.heard(TOPIC, /pin_relay/);
  const messages = it.said.filter((one) => one.topic === TOPIC);
  assert.deepEqual(JSON.parse(messages[0]!.payload).cmps, { pin_gone: { p: "number" } });
  assert.equal(messages.length, 2);
});
