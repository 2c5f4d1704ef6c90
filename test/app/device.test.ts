// The device on a board in memory: when it reports, that reports never pile up, and that nothing a broker sends makes it
// throw.
import assert from "node:assert/strict";
import { test } from "node:test";
import { device } from "../../src/app/device";
import type { DeviceWorld } from "../../src/app/device/record";
import type { AccessPoint, Chip, Pins } from "../../src/board";
import { boot } from "../../src/link/power-on";
import { full } from "../../src/profile/full";
import { booted, climb, deliver, MQTT, type Subject } from "../support/climb.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { chance as seeded } from "../support/random.ts";
import { u16 } from "./packets.ts";

/** No test here has a key for updates. */
const NO_ACCESS_POINT: AccessPoint = {
  pressed: () => 0,
  openAir: () => {},
  closeAir: () => {},
  leaveAir: () => {},
  listenTcp: () => {},
  deafen: () => {},
  tell: () => {},
  part: () => {},
  answerUdp: () => {},
  deafenUdp: () => {},
};
const NO_UPDATES = {
  hmac: () => undefined,
  pieces: {} as DeviceWorld["pieces"],
  transportName: () => "ws",
};

interface Rig extends Subject {
  /** Lets the timers of 0 ms, and the later ones, be called. */
  settle(): void;
  /** Levels of the pins that were set. */
  levels: Record<string, number>;
  /** Payloads that were published under this end of a topic since the last look. */
  said(end: string): string[];
}

function rig(config: object = {}, chance = 0.5): Rig {
  const timers: (() => void)[] = [];
  const levels: Record<string, number> = {};
  const pins: Pins = {
    unfit: (pin) => (/^D\d+$/.test(pin) ? "" : "a pin is named D0, D1, ..."),
    setLevel: (pin, level) => {
      levels[pin] = level;
    },
    getLevel: (pin) => levels[pin] ?? 0,
    dim: () => {},
    measure: () => 0.5,
    follow: () => {},
  };
  const chip: Chip = {
    chipName: () => "ESP32",
    engineVersion: () => "2v29",
    ownAddress: () => "10.0.0.2",
    signal: () => -50,
    heapLeft: () => 28000,
    varsLeft: () => 4000,
    resetCause: () => "",
    scanAir: (done) => done([]),
    after: (_ms, callback) => timers.push(callback),
    ...NO_ACCESS_POINT,
  };
  const app = device({ pins, chip, ...NO_UPDATES });
  const subject = booted(app, { mqtt: { keepAlive: 0 }, device: { id: "lamp", ...config } });
  subject.board.luck = chance;
  const settle = () => {
    for (let i = 0; i < 1000 && timers.length; i++) timers.shift()!();
  };
  climb(subject.board, MQTT);
  settle();
  return {
    ...subject,
    settle,
    levels,
    said: (end) =>
      subject.board.sent().flatMap(({ payload }) => {
        const at = payload.indexOf(`devices/lamp/${end}`);
        return at < 0 ? [] : [payload.slice(at + 13 + end.length)];
      }),
  };
}

const PINGRESP = "\xd0\0";

const message = (topic: string, payload: string, flags = 0) => {
  const body = u16(topic.length) + topic + payload;
  const length =
    body.length < 128
      ? String.fromCharCode(body.length)
      : String.fromCharCode((body.length & 127) | 128, body.length >> 7);
  return String.fromCharCode(0x30 | flags) + length + body;
};

test("device: reports come at the interval plus a random part of it", () => {
  const it = rig({ telemetryS: 80 }, 0.75);
  it.said("telemetry");
  // The first one was planned before the test set the chance: 0.5.
  it.board.seconds(84);
  assert.equal(it.said("telemetry").length, 0);
  it.board.seconds(1);
  assert.equal(it.said("telemetry").length, 1);
  it.board.ms += 7;
  deliver(it.board, PINGRESP);
  it.board.seconds(86);
  assert.equal(it.said("telemetry").length, 0);
  it.board.seconds(1);
  const [report] = it.said("telemetry");
  assert.deepEqual(JSON.parse(report!), {
    uptimeS: 172,
    jsVars: 4000,
    jsVarsLow: 4000,
    heap: 28000,
    rssi: -50,
    in: 0,
    out: 2,
    dropped: 0,
    outbox: 2,
    reconnects: 0,
    pingMs: 7,
  });
});

test("device: of many messages in one chunk that are no commands, those that find no place to wait are counted and told", () => {
  const it = rig({ discovery: "homeassistant" });
  deliver(it.board, message("homeassistant/status", "online").repeat(25));
  it.settle();
  it.board.seconds(2);
  assert.match(it.board.text, /ignored, 5 commands, too many at a time/);
});

test("device: while the line is full only the latest report waits", () => {
  const it = rig({ telemetryS: 1 }, 0);
  it.board.clogged = true;
  it.board.unsent = 4000;
  it.link.client.unsent = 4000;
  it.board.seconds(9);
  const waiting = it.link.client.pending.filter(({ topic }) => topic === "devices/lamp/telemetry");
  assert.equal(waiting.length, 1);
  assert.equal(JSON.parse(waiting[0]!.payload).uptimeS, 9);
});

test("device: without an interval no report is sent", () => {
  const it = rig({ telemetryS: 0 });
  it.said("");
  it.board.seconds(1000);
  assert.equal(it.said("telemetry").length, 0);
});

test("device: on and off for a digital output do the same by the short way as by the general one", () => {
  const outputs = {
    relay: { pin: "D5", use: "output" },
    valve: { pin: "D6", use: "output", inverted: true },
  };
  // White space, or upper case, leads to the general way.
  for (const [on, off] of [
    ["on", "off"],
    [" on", "OFF\n"],
  ] as const) {
    const it = rig({ pins: { ...outputs, key: { pin: "D7", use: "input" } } });
    assert.deepEqual(it.levels, { D5: 0, D6: 1 });
    it.said("pin/");
    const set = (name: string, payload: string) => {
      deliver(it.board, message(`devices/lamp/pin/${name}/set`, payload));
      // The short way sets the pin at once, the general one in a turn of its own.
      if (on !== "on") it.settle();
      return { ...it.levels };
    };
    assert.deepEqual(set("relay", on), { D5: 1, D6: 1 });
    assert.deepEqual(set("valve", on), { D5: 1, D6: 0 });
    assert.deepEqual(set("relay", off), { D5: 0, D6: 0 });
    const states = it.link.client.pending.map(({ topic, payload, flags }) => [topic, payload, flags & 3]);
    assert.deepEqual(states.slice(-2), [
      ["devices/lamp/pin/valve", "on", 3],
      ["devices/lamp/pin/relay", "off", 3],
    ]);
  }
});

test("device: only a whole and new command for an output sets it", () => {
  const pins = { relay: { pin: "D5", use: "output" }, relays: { pin: "D7", use: "input" } };
  const it = rig({ pins });
  for (const topic of [
    "cmd/relay/set",
    "pin/relay/sat",
    "pin/relays/set",
    "pin/rela/set",
    "pin/relay",
    "pin//set",
  ])
    deliver(it.board, message(`devices/lamp/${topic}`, "on"));
  deliver(it.board, message("devices/lump/pin/relay/set", "on"));
  deliver(it.board, message("devices/lamp/pin/relay/set", "on", 1));
  assert.deepEqual(it.levels, { D5: 0 });
  // Twenty commands are credited, and four of those above have a name and a verb of the device.
  for (let i = 0; i < 40; i++) deliver(it.board, message("devices/lamp/pin/relay/set", i % 2 ? "off" : "on"));
  const before = it.levels.D5;
  deliver(it.board, message("devices/lamp/pin/relay/set", before ? "off" : "on"));
  assert.equal(it.levels.D5, before, "one command too many");
});

test("device: any message of a broker: the device stays up", () => {
  const it = rig({ pins: { relay: { pin: "D5", use: "output" }, lamp: { pin: "D6", use: "pwm" } } });
  const random = seeded(7);
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!;
  const names = ["relay", "lamp", "nobody", "toString", "on", "", "constructor", "\u00c3\u00a9"];
  const verbs = [
    "memory",
    "log",
    "telemetry",
    "identify",
    "scan",
    "config-get",
    "config-set",
    "hasOwnProperty",
    "",
  ];
  const payloads = [
    "",
    "on",
    "pulse 1",
    "pulse x",
    "-1",
    "1e9",
    "NaN",
    "{}",
    "[]",
    "null",
    '{"device":null}',
    '{"mqtt":7}',
    '{"device":{"pins":{"x":1}}}',
    "\xff\0\x01",
    "x".repeat(1100),
    '"',
    "[".repeat(30),
  ];
  for (let i = 0; i < 3000; i++) {
    const topic = pick([
      `devices/lamp/pin/${pick(names)}/set`,
      `devices/lamp/cmd/${pick(verbs)}`,
      `devices/lamp/${pick(names)}`,
      "devices/lamp/",
      "homeassistant/status",
      "other",
    ]);
    deliver(it.board, message(topic, pick(payloads), pick([0, 0, 0, 1])));
    it.settle();
    if (i % 3 === 0) it.board.seconds(1);
    it.board.sent();
    // A change that is good restarts the board.
    if (it.link.state === 0) break;
    it.board.drain?.();
  }
  assert.doesNotMatch(it.board.text, /Uncaught/);
});

test("hello: the key `device` of another application is named and ignored, so one config.json serves both", async () => {
  const { hello } = await import("../../src/app/hello");
  const board = new FakeBoard();
  board.files["config.json"] = JSON.stringify({ wifi: { ssid: "n" }, mqtt: { url: "ws://h" }, device: {} });
  assert.notEqual(boot(board, hello, full), undefined);
  assert.equal(board.log[0], "2 config warning: unknown key device, ignored");
});

const BAD: [device: unknown, line: string][] = [
  [5, "device: expected an object {...}; check quotes, commas and braces"],
  [{ id: "a/b" }, "device.id: expected 1..32 letters, digits, _, - and ."],
  [{ id: "" }, "device.id: expected 1..32 letters, digits, _, - and ."],
  [{ base: "a/#" }, "device.base: expected a topic without + and #"],
  [{ telemetryS: -1 }, "device.telemetryS: expected a whole number 0..86400"],
  [{ pins: [] }, "device.pins: expected an object {...}"],
];

for (const [wrong, line] of BAD) {
  test(`device: ${JSON.stringify(wrong)} is refused at boot`, () => {
    const board = new FakeBoard();
    board.files["config.json"] = JSON.stringify({
      wifi: { ssid: "n" },
      mqtt: { url: "ws://h" },
      device: wrong,
    });
    const chip = { ...NO_ACCESS_POINT, after: () => {}, scanAir: () => {} };
    const app = device({ pins: {} as Pins, chip: chip as unknown as Chip, ...NO_UPDATES });
    assert.equal(boot(board, app, full), undefined);
    assert.deepEqual(board.log.slice(0, 1), [`1 config ${line}`]);
    assert.match(board.log[1]!, /^2 setup warning: the access point \S+ opens for 600 s, OPEN/);
  });
}
