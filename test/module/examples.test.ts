// The programs in examples/, unchanged but for their URL, on the virtual board against mosquitto. The board's time passes
// only while a test waits.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import mqtt from "mqtt";
import { fences, pages } from "../../tools/docs/pages.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { Crank, roundTrip } from "../support/crank.ts";
import { boardOf } from "../virtual/boards.ts";
import { moduleText } from "./places.ts";

const skip = missing("mosquitto");
const TESTED = ["button-and-led", "from-espruino-mqtt", "request-response", "sleeping-sensor"];

/** A board with an example and the module, and another client: `heard` has what is published, newest last. */
async function running(t: TestContext, name: string, module: string) {
  const ports = await mosquittoPorts(t);
  const heard: string[] = [];
  const other = mqtt.connect(`mqtt://127.0.0.1:${ports.tcp}`);
  t.after(() => other.end(true));
  await new Promise<void>((done) => other.once("connect", () => done()));
  await other.subscribeAsync("#", { qos: 1 });
  other.on("message", (topic, payload, { retain }) => {
    if (!retain) heard.push(`${topic} ${payload}`);
  });
  const code = readFileSync(`examples/${name}.js`, "utf8").replace(
    "192.168.1.10:9001",
    `127.0.0.1:${ports.ws}`,
  );
  const crank = new Crank(() => roundTrip(other));
  const board = boardOf(t, code, { clock: crank.clock });
  board.flash.set("mqtt-ws", moduleText(module));
  const log = () => [...heard, ...board.lines].join("\n");
  const until = (condition: () => unknown, what: string) => crank.until(condition, what, log);
  return {
    board,
    other,
    heard,
    until,
    pass: (ms: number) => crank.pass(ms),
    published: (line: string) => until(() => heard.includes(line), line),
    printed: (line: string) => until(() => board.lines.includes(line), line),
  };
}

test("examples: at most four, all of them tested here", () => {
  assert.deepEqual(
    readdirSync("examples").map((name) => name.replace(".js", "")),
    TESTED,
  );
});

test("examples: none uses D0, which reads and writes inverted on an ESP32 (engine 46)", () => {
  for (const name of TESTED)
    assert.doesNotMatch(readFileSync(`examples/${name}.js`, "utf8"), /\b(D0|BTN1)\b/, name);
  for (const { text, page } of pages().flatMap(fences)) assert.doesNotMatch(text, /\bD0\b/, page);
});

test("button and LED: the button and commands switch the LED, its state and the status are published", {
  skip,
}, async (t) => {
  const it = await running(t, "button-and-led", "mqtt-ws-lean");
  const pins = it.board.pins;
  const lit = () => pins.level("D2");
  pins.put("D4", 1);
  it.board.boot();
  await it.published("lamp/status online");
  // Pressed for longer than contacts bounce.
  pins.put("D4", 0);
  await it.pass(60);
  pins.put("D4", 1);
  await it.published("button pressed");
  await it.published("lamp/state on");
  assert.equal(lit(), 1);
  await it.other.publishAsync("lamp/set", "toggle", { qos: 1 });
  await it.published("lamp/state off");
  assert.equal(lit(), 0);
  await it.other.publishAsync("lamp/set", "on", { qos: 1 });
  await it.until(() => lit() === 1, "the LED");
  it.board.off();
  await it.published("lamp/status lost");
});

test("sleeping sensor: each reading is published once and confirmed, then the board sleeps and wakes again", {
  skip,
}, async (t) => {
  const { board, heard, until } = await running(t, "sleeping-sensor", "mqtt-ws-lean");
  board.pins.put("D36", 0.5);
  board.boot();
  await until(() => board.boots === 2, "the first sleep");
  await until(() => board.boots === 3, "the second sleep");
  board.off();
  assert.deepEqual(board.lines.slice(0, 2), ["confirmed", "confirmed"]);
  assert.equal(heard.length, 2);
  assert.match(heard[0]!, /^sensor\/battery \{"volts":1\.6\d*,"seconds":\d+\}$/);
});

test("request and response: a request gets its answer, a request without a responder gets an error", {
  skip,
}, async (t) => {
  const { board, printed } = await running(t, "request-response", "mqtt-ws-v5-lean");
  board.boot();
  await printed("nobody: no answer");
  assert.deepEqual(board.lines, ["the sum is 42", "nobody: no answer"]);
});

test("from Espruino's MQTT module: the program publishes its status and receives messages", {
  skip,
}, async (t) => {
  const { board, other, published, printed } = await running(t, "from-espruino-mqtt", "mqtt-ws-lean");
  board.boot();
  await published("garden/status here");
  await other.publishAsync("garden/valve", "open");
  await printed("garden/valve open");
  assert.equal(board.lines[0], "connected");
});
