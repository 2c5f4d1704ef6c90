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
  assert.deepEqual(
    told.map((one) => one.payload.length > 0),
    [false, true],
    "removed pins go only with the whole device",
  );
  assert.ok(!told[1]!.payload.includes("pin_relay"));
  from = it.said.length;
  await tell({ discovery: "ha" }, () => it.heard("ha/device/lamp/config", /cmps/, from));
  await it.heard(TOPIC, /^$/, from);
  from = it.said.length;
  await tell({ discovery: "" }, () => it.heard("ha/device/lamp/config", /^$/, from));
  await it.until(() => !it.board.flash.has("device.announced"), "no note");
});
