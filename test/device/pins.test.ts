// Every kind of pin of a device: orders, published states, remembered states, refusals.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { PREFIX, type Rig, rig } from "./rig.ts";

const skip = missing("mosquitto");

const PINS = {
  relay: { pin: "D5", use: "output" },
  valve: { pin: "D19", use: "output", inverted: true, boot: "on" },
  lamp: { pin: "D18", use: "pwm", hz: 500, boot: "on" },
};

/** All states that were published for a pin, in order. */
const states = ({ said }: Rig, name: string) =>
  said.filter((one) => one.topic === `${PREFIX}pin/${name}`).map((one) => one.payload);

test("outputs: on, off, toggle and pulse; their states are retained; boot states and inverted ones", {
  skip,
}, async (t) => {
  const it = await rig(t, { device: { pins: PINS } });
  const { board, heard, send } = it;
  const set = (payload: string) => send(`${PREFIX}pin/relay/set`, payload);
  assert.equal(board.pins.output("D5").out, 0);
  assert.equal(board.pins.output("D19").out, 0, "active when low");
  assert.deepEqual(board.pins.output("D18"), { out: 1, hz: 500 });
  assert.equal(await heard(`${PREFIX}pin/valve`), "on");
  await heard(`${PREFIX}pin/relay`, /off/);
  await set("on");
  await heard(`${PREFIX}pin/relay`, /on/);
  assert.equal(board.pins.output("D5").out, 1);
  await set("toggle");
  await heard(`${PREFIX}pin/relay`, /off/, it.said.length - 1);
  await set("pulse 50");
  const from = it.said.length;
  await heard(`${PREFIX}pin/relay`, /off/, from);
  assert.deepEqual(states(it, "relay"), ["off", "on", "off", "on", "off"]);
  assert.equal(board.pins.output("D5").out, 0);
  assert.ok(it.said.filter((one) => one.topic === `${PREFIX}pin/relay`).every((one) => one.retain));
});

test("outputs: an order during a pulse holds after the pulse would have ended", { skip }, async (t) => {
  const it = await rig(t, { device: { pins: PINS } });
  await it.send(`${PREFIX}pin/relay/set`, "pulse 10000");
  await it.heard(`${PREFIX}pin/relay`, /on/);
  await it.send(`${PREFIX}pin/relay/set`, "on");
  await it.pass(11_000);
  await it.ask("memory");
  assert.equal(it.board.pins.output("D5").out, 1);
});

test("identify: the output blinks ten times, then has its old state", { skip }, async (t) => {
  const it = await rig(t, { device: { identify: "relay", pins: PINS } });
  await it.send(`${PREFIX}pin/relay/set`, "on");
  await it.heard(`${PREFIX}pin/relay`, /on/);
  const seen: (number | undefined)[] = [];
  it.board.pins.listen((name) => name === "D5" && seen.push(it.board.pins.output(name).out));
  assert.deepEqual(await it.ask("identify"), { ok: true });
  await it.until(() => seen.length === 21, "the end of it");
  assert.equal(seen.filter((level) => level === 0).length, 10);
  assert.equal(seen.at(-1), 1);
  assert.deepEqual(states(it, "relay"), ["off", "on"], "what it is has not changed");
});

test("PWM: takes a percentage, on and off", { skip }, async (t) => {
  const it = await rig(t, { device: { pins: PINS } });
  for (const [payload, state, out] of [
    ["25", "25", 0.25],
    ["off", "0", 0],
    ["on", "100", 1],
    ["12.5", "12.5", 0.125],
    ["7.25", "7.25", 0.0725],
    ["50 ", "50", 0.5],
    ["Off\r\n", "0", 0],
    [" 010\n", "10", 0.1],
    ["TOGGLE", "0", 0],
    ["ON\0", "100", 1],
  ] as const) {
    const from = it.said.length;
    await it.send(`${PREFIX}pin/lamp/set`, payload);
    await it.heard(`${PREFIX}pin/lamp`, new RegExp(`^${state}$`), from);
    assert.deepEqual(it.board.pins.output("D18"), { out, hz: 500 });
  }
});

test("outputs: white space around an order, and upper case, do not matter", { skip }, async (t) => {
  const it = await rig(t, { device: { pins: PINS } });
  for (const [payload, state] of [
    ["ON", "on"],
    ["off\n", "off"],
    [" Toggle\r\n", "on"],
    ["\tOFF ", "off"],
    ["Pulse 50\n", "on"],
  ] as const) {
    const from = it.said.length;
    await it.send(`${PREFIX}pin/relay/set`, payload);
    await it.heard(`${PREFIX}pin/relay`, new RegExp(`^${state}$`), from);
  }
  assert.equal(it.board.lines.filter((line) => / 1 device pin /.test(line)).length, 0);
});

test("outputs: a wrong payload changes nothing, and a log line names it", { skip }, async (t) => {
  const it = await rig(t, { device: { pins: PINS } });
  const relay = [
    "one",
    "",
    " ",
    "1",
    "on off",
    "o n",
    "pulse",
    "pulse 0",
    "pulse 600001",
    "pulse 5 5",
    "pulse 5x",
  ];
  const lamp = [
    "101",
    "-1",
    "bright",
    "off 30",
    "brightness 30",
    "pulse 5000 7",
    "50 %",
    "1e1",
    "0x10",
    "1.2.3",
    ".",
    "0000000050",
  ];
  for (const payload of relay) await it.send(`${PREFIX}pin/relay/set`, payload);
  // More at once would be dropped.
  await it.pass(6000);
  for (const payload of lamp) await it.send(`${PREFIX}pin/lamp/set`, payload);
  await it.pass(6000);
  await it.send(`${PREFIX}pin/nobody/set`, "on");
  await it.ask("memory");
  const wrong = it.board.lines
    .filter((line) => / 1 device pin /.test(line))
    .map((line) => line.split(" 1 device ")[1]);
  const onOff = "pin relay: expected on, off, toggle or pulse <ms>";
  const pulse = ": expected pulse 1..600000 (ms)";
  const share = "pin lamp: expected 0..100, on, off, toggle or pulse <ms>";
  assert.deepEqual(wrong, [
    ...relay.map((payload) => (payload.startsWith("pulse") ? `pin relay${pulse}` : onOff)),
    ...lamp.map((payload) => (payload.startsWith("pulse") ? `pin lamp${pulse}` : share)),
    "pin nobody: no such output",
  ]);
  assert.equal(it.board.pins.output("D5").out, 0);
  assert.equal(it.board.pins.output("D18").out, 1);
});

test("outputs: after a restart pins with boot last have their last state, others do not", {
  skip,
}, async (t) => {
  const pins = {
    relay: { ...PINS.relay, boot: "last" },
    lamp: { ...PINS.lamp, boot: "last" },
    other: { pin: "D21", use: "output" },
  };
  const it = await rig(t, { device: { pins } });
  await it.send(`${PREFIX}pin/relay/set`, "on");
  await it.send(`${PREFIX}pin/lamp/set`, "30");
  await it.send(`${PREFIX}pin/other/set`, "on");
  await it.heard(`${PREFIX}pin/other`, /on/);
  // The write is delayed, because flash wears out.
  assert.equal(it.board.flash.get("device.last"), undefined);
  await it.until(() => it.board.flash.has("device.last"), "the note");
  assert.equal(it.board.flash.get("device.last"), "relay=1\nlamp=30\n");
  it.board.reboot();
  await it.line(/boot device/, it.board.lines.length);
  assert.equal(it.board.pins.output("D5").out, 1);
  assert.equal(it.board.pins.output("D18").out, 0.3);
  assert.equal(it.board.pins.output("D21").out, 0);
});

test("inputs: debounced, inverted, short and long presses; presses are not retained", { skip }, async (t) => {
  const it = await rig(t, {
    device: { pins: { key: { pin: "D4", use: "input", inverted: true, debounceMs: 10, longMs: 200 } } },
  });
  const { board, heard } = it;
  const press = async (ms: number) => {
    board.pins.put("D4", 0);
    await it.pass(ms);
    board.pins.put("D4", undefined);
  };
  await heard(`${PREFIX}pin/key`, /off/);
  // A bounce publishes nothing.
  await press(2);
  await press(60);
  await heard(`${PREFIX}pin/key/press`, /^short$/);
  await press(300);
  await heard(`${PREFIX}pin/key/press`, /^long$/);
  assert.deepEqual(states(it, "key"), ["off", "on", "off", "on", "off"]);
  assert.ok(it.said.filter((one) => one.topic.endsWith("/press")).every((one) => !one.retain));
  assert.equal(board.pins.modeOf("D4"), "input_pullup");
});

test("analogue inputs: the value is scaled, and published when it has moved by delta", {
  skip,
}, async (t) => {
  const it = await rig(t, {
    device: { pins: { level: { pin: "D34", use: "analog", everyS: 1, scale: 100, offset: -10, delta: 5 } } },
  });
  it.board.pins.put("D34", 0.5);
  await it.heard(`${PREFIX}pin/level`, /^40$/);
  it.board.pins.put("D34", 0.52);
  await it.pass(1200);
  it.board.pins.put("D34", 0.56);
  await it.heard(`${PREFIX}pin/level`, /^46$/);
  const list = states(it, "level");
  assert.ok(!list.includes("42"), list.join());
});

const BAD: [name: string, pin: unknown, line: RegExp][] = [
  [
    "a",
    { pin: "D6", use: "output" },
    /device\.pins\.a: left out: no free pin of ESP32, see board\/chips\/ESP32\.json$/,
  ],
  ["b", { pin: "GPIO5", use: "output" }, /device\.pins\.b: left out: a pin is named D0, D1, \.\.\.$/],
  ["c", { pin: "D34", use: "output" }, /device\.pins\.c: left out: an input only on ESP32$/],
  ["d", { pin: "D4", use: "analog" }, /device\.pins\.d: left out: cannot be measured on ESP32$/],
  ["e", { pin: "D5", use: "output" }, /device\.pins\.e: left out: D5 is used already$/],
  ["f/g", { pin: "D4", use: "output" }, /device\.pins\.f\/g: left out: expected a name of 1\.\.32 letters/],
  ["h", { pin: "D4", use: "servo" }, /device\.pins\.h\.use: expected "output", "input", "analog", "pwm"$/],
  ["i", { pin: "D4", use: "output", boot: "maybe" }, /device\.pins\.i\.boot: expected "off", "on", "last"$/],
  ["j", { use: "output" }, /device\.pins\.j\.pin: expected text of 1\.\.8 bytes$/],
  ["k", { pin: "D34", use: "analog", scale: "x" }, /device\.pins\.k\.scale: expected a number$/],
  ["l", { pin: "D4", use: "input", debounceMs: 1.5 }, /device\.pins\.l\.debounceMs: expected a whole number/],
  ["m", 5, /device\.pins\.m: expected an object/],
  ["n", null, /device\.pins\.n: expected an object/],
];

test("pins with mistakes in the configuration: each is named in the log, and the other pins work", {
  skip,
}, async (t) => {
  const it = await rig(t, {
    device: { pins: { relay: PINS.relay, ...Object.fromEntries(BAD) }, discovery: "ha" },
  });
  for (const [, , line] of BAD) await it.line(line);
  await it.send(`${PREFIX}pin/relay/set`, "on");
  await it.heard(`${PREFIX}pin/relay`, /on/);
  const { cmps } = JSON.parse(await it.heard("ha/device/lamp/config"));
  assert.deepEqual(Object.keys(cmps).slice(0, 2), ["pin_relay", "rssi"]);
  assert.deepEqual(
    [...new Set(it.said.filter((one) => /pin\/\w+$/.test(one.topic)).map((one) => one.topic))],
    [`${PREFIX}pin/relay`],
  );
});

test("pins on an ESP32-C3: its own pins work, those of an ESP32 are left out", { skip }, async (t) => {
  const it = await rig(t, {
    chip: "ESP32C3",
    device: { pins: { a: { pin: "D8", use: "output" }, b: { pin: "D25", use: "output" } } },
  });
  await it.line(/pins\.b: left out: no free pin of ESP32C3/);
  assert.equal(await it.heard(`${PREFIX}pin/a`), "off");
});
