// The test kit: what its documentation promises, each thing on a program of a few lines.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  type Board,
  type Broker,
  type BrokerOptions,
  skipWhereImpossible,
  testBroker,
  type VirtualOptions,
  virtualBoard,
} from "../../testing/index.ts";
import { missing } from "../brokers/mosquitto.ts";
import { noEngine } from "../engine/engine.ts";
import { BOARDS } from "./boards.ts";

/** Joins the Wi-Fi "home", connects, prints events, and publishes what it is told. */
const PROGRAM = `
var wifi = require("Wifi"), client;
wifi.on("disconnected", function () { print("no Wi-Fi"); setTimeout(join, 5000); });
function join() { wifi.connect("home", { password: "p" }, function () {}); }
wifi.on("connected", function () {
  print("Wi-Fi");
  if (client) return;
  client = require("mqtt-ws").connect("ws://broker.example:9001/mqtt", { will: { topic: "here", payload: "no" } });
  ["connect", "offline", "end"].forEach(function (name) { client.on(name, function () { print(name); }); });
  client.on("error", function (error) { print("error " + error.message); });
  client.on("say", function (topic, payload) { client.publish("said", payload, { qos: 1 }); });
  client.subscribe("say", { qos: 1 }, function () { print("ready"); });
});
function onInit() { join(); }`;

async function running(t: TestContext, options: Partial<VirtualOptions> = {}, broken: BrokerOptions = {}) {
  const broker = await testBroker(broken);
  const board = await virtualBoard({
    code: PROGRAM,
    modules: { "mqtt-ws": "lean" },
    wifi: "home",
    ...options,
  } as VirtualOptions);
  t.after(async () => {
    await board.off();
    await broker.stop();
  });
  return { broker, board };
}

for (const mosquitto of [false, true]) {
  const skip = mosquitto && missing("mosquitto");
  test(`kit, ${mosquitto ? "mosquitto" : "embedded broker"}: lines, events, messages; the Wi-Fi and the broker go and come`, {
    skip,
  }, async (t) => {
    const { board, broker } = await running(t, {}, { mosquitto });
    assert.equal(await board.until("connected"), "connected");
    await board.until("ready");
    await broker.publish("say", "gr\u00fc\u00dfe", { qos: 1 });
    const message = await board.until({ topic: "+" });
    assert.equal(message.topic, "say");
    assert.equal((await board.until({ topic: "said" })).payload, "gr\u00fc\u00dfe");
    board.wifi.drop();
    await board.until(/no Wi/);
    await board.advance({ minutes: 10 });
    assert.equal(board.wifi.joined, false);
    board.wifi.comeBack();
    await board.until("connected");
    await broker.goAway();
    await board.until("offline");
    await board.advance({ minutes: 1 });
    await broker.comeBack();
    await board.until("connected", { minutes: 5 });
    await broker.publish("say", "again");
    await board.until({ topic: "said", payload: /^again$/ });
    assert.deepEqual(
      broker.inbox("said").map(({ payload }) => payload),
      ["gr\u00fc\u00dfe", "again"],
    );
  });
}

test("kit: an until that never comes says what, for how long, and what was seen instead", async (t) => {
  const { board } = await running(t);
  await board.until("ready");
  const begin = Date.now();
  await assert.rejects(board.until("read", { hours: 1 }), (error: Error) => {
    assert.match(
      error.message,
      /^The board waited 1 h for the line "read":\nA line has it as a part: "ready"/,
    );
    assert.match(error.message, /The last lines of the console:\n {2}Wi-Fi\n {2}connect\n {2}ready\n/);
    assert.match(
      error.message,
      /The last messages at the broker: none\nThe board is on, after .*BOARD_SEED=1$/,
    );
    return true;
  });
  assert.ok(Date.now() - begin < 60_000, "an hour of the board is a moment");
  await assert.rejects(board.until({ topic: "no/#" }, { seconds: 1 }), /for a message no\/#:/);
  await assert.rejects(board.until("asleep", { seconds: 1 }), /for the event "asleep":/);
  await assert.rejects(
    board.until(() => false, { seconds: 1.5 }),
    /waited 1\.5 s for a condition: \(\) *=> *false/,
  );
  await assert.rejects(board.until(5 as never), /until: expected a text/);
  await assert.rejects(board.advance({ minuets: 1 } as never), /a length of time: expected \{ days, hours/);
});

test("kit: the same seed gives the same run, to the byte and the ms, another seed another one", async (t) => {
  const run = async (seed: number) => {
    const { board, broker } = await running(t, {
      seed,
      code: `${PROGRAM}
var print0 = print; print = function (x) { print0(Math.round(getTime() * 1000) + " " + x); };
setInterval(function () { print(Math.random()); }, 10000);`,
    });
    await board.until(/ready/);
    await broker.goAway();
    await board.advance({ minutes: 5 });
    await broker.comeBack();
    await board.until("connected");
    await board.until("connected");
    await broker.stop();
    return board.lines;
  };
  const first = await run(7);
  assert.ok(first.length > 20);
  assert.deepEqual(await run(7), first);
  assert.notDeepEqual(await run(8), first);
});

test("kit: wrong answers of the broker, each once", async (t) => {
  const { board, broker } = await running(t);
  broker.refuse(403);
  broker.answer("connect", { returnCode: 5 });
  await board.until(/error .*403/);
  await board.until(/error .*not authorized/, { minutes: 20 });
  await board.until("ready", { minutes: 20 });
  broker.answer("publish", "close");
  await broker.publish("say", "one", { qos: 1 });
  await board.until("disconnected");
  // The program publishes it again on the next connection.
  await board.until({ topic: "said", payload: "one" });
  broker.say(Buffer.from([0xf0, 0x00]));
  await board.until("disconnected");
  await board.until("connected");
  broker.answer("pingreq", "nothing");
  await board.until(/no PINGRESP|silent|offline/, { minutes: 10 });
  assert.throws(() => broker.answer("ping" as never, "close"), /expected one of connect, publish/);
});

test("kit: a power cut is not told, the broker misses the board; a restart is another boot", async (t) => {
  const { board, broker } = await running(t);
  await board.until("ready");
  await board.powerCut();
  await board.until("off");
  assert.equal(board.on, false);
  await board.advance({ seconds: 60 });
  assert.deepEqual(broker.inbox("here"), []);
  await board.until({ topic: "here", payload: "no" });
  await board.powerOn();
  await board.until("ready");
  await board.restart();
  await board.until("restarted");
  await board.until("ready");
  assert.equal(board.boots, 3);
});

test("kit: Storage is full, and a write is cut in its middle", async (t) => {
  const code = `
function write(text) {
  try { require("Storage").write("log", text); print("written"); } catch (e) { print("" + e); }
}
setInterval(function () { write("0123456789" + getTime()); }, 60000);`;
  const { board } = await running(t, { code, modules: {} });
  await board.until("written");
  assert.match(board.storage.read("log")!, /^0123456789/);
  board.storage.fill(40);
  assert.ok(board.storage.free <= 40);
  await board.until(/Unable to find or create file/);
  board.storage.erase("filled");
  await board.powerCut({ atWrite: 2 });
  await board.until("off");
  assert.ok(board.storage.read("log")!.length < 20, board.storage.read("log"));
  await board.powerOn();
  await board.until("written");
  assert.deepEqual(board.storage.names().sort(), [".bootcde", "log"]);
});

test("kit: memory runs out in a handler, the engine removes it and says so", async (t) => {
  const code = `var n = 0; setInterval(function () { print("tick " + ++n); }, 1000);
E.on("errorFlag", function (flags) { print("flags " + flags); });`;
  const { board } = await running(t, { code, modules: {} });
  await board.until("tick 2");
  board.outOfMemory("interval");
  await board.until(/^flags .*MEMORY/);
  await board.advance({ seconds: 10 });
  assert.equal(board.lines.filter((line) => /^tick/.test(line)).length, 2);
});

test("kit: pins as buttons, voltages and outputs; bad names and values are named", async (t) => {
  const code = `pinMode(D4, "input_pullup");
setWatch(function (e) { print((e.state ? "up" : "down")); }, D4, { repeat: true, edge: "both", debounce: 10 });
setInterval(function () { analogWrite(D2, analogRead(D36), { freq: 100 }); }, 1000);`;
  const { board } = await running(t, { code, modules: {} });
  board.pin("D36").set(0.25);
  await board.advance({ seconds: 1 });
  assert.deepEqual([board.pin("D2").output, board.pin("D2").hz], [0.25, 100]);
  assert.equal(board.pin("D4").mode, "input_pullup");
  board.pin("D4").press(800);
  await board.until("down");
  await board.advance({ ms: 700 });
  assert.deepEqual(board.lines, ["down"]);
  await board.until("up", { ms: 200 });
  assert.throws(() => board.pin("D99"), /pin: expected D0 to D39, got D99/);
  assert.throws(() => board.pin("D4").set(2), /pin\.set: expected 0\.\.1, got 2/);
  assert.throws(() => board.pin("D4").press(0), /pin\.press: expected ms above 0/);
});

test("kit: an address leads to the broker that was started last, to what hosts say, or to nothing", async (t) => {
  const code = `require("Wifi").connect("home", {}, function () {
  ["a.example", "b.example"].forEach(function (host) {
    try { require("net").connect({ host: host, port: 9001 }, function (s) { print(host); s.end(); }); }
    catch (e) { print(host + " " + e); }
  });
});`;
  const { board } = await running(t, { code, modules: {} });
  await board.until("a.example");
  await board.until("b.example");
  const alone = await virtualBoard({ code, hosts: { "b.example": "127.0.0.1:1" } });
  t.after(() => alone.off());
  await alone.until("a.example");
  await alone.until(/b.example .*socket/);
});

test("kit: mistakes in the options are named", async () => {
  const wrong: [options: object, words: RegExp][] = [
    [{}, /expected either program, a path, or code/],
    [{ program: "no.js" }, /program: there is no file no\.js/],
    [{ code: "", modules: { "mqtt-ws": "small" } }, /modules\.mqtt-ws: expected stock, lean, .* got small/],
    [{ code: "", files: { [Array(30).join("x")]: "" } }, /at most 28 characters/],
    [{ code: "", seed: 0 }, /seed: expected a whole number from 1/],
  ];
  for (const [options, words] of wrong) await assert.rejects(virtualBoard(options as VirtualOptions), words);
});

for (const [kind, boardOf, skip] of BOARDS)
  test(`kit, ${kind}: restart, power cut and files`, { skip }, (t) =>
    skipWhereImpossible(t, async () => {
      const code = `var S = require("Storage"), n = (S.readJSON("count", true) || { n: 0 }).n + 1;
S.write("count", { n: n }); print("start " + n + " " + S.read("note"));`;
      const board = await boardOf({ code, files: { note: "gr\u00fc\u00dfe" } });
      t.after(() => board.off());
      await board.until(/^start 1 gr/);
      await board.restart();
      await board.until("restarted");
      await board.until(/^start 2/);
      await board.powerCut();
      await board.until("off");
      assert.equal(board.on, false);
      assert.equal(board.storage.read("count"), '{"n":2}');
      assert.equal(board.storage.read("note"), "gr\u00fc\u00dfe");
      assert.equal(board.storage.read("nothing"), undefined);
      assert.ok(board.storage.names().includes("count") && board.storage.free > 0);
      board.storage.write("note", new Uint8Array([0x61]));
      board.storage.erase("count");
      await board.powerOn();
      await board.until("start 1 a");
      assert.equal(board.boots, 3);
    }),
  );

const NOT_THERE: [call: string, (board: Board, broker: Broker) => unknown][] = [
  ["board.advance", (board) => board.advance({ minutes: 1 })],
  ['board.pin("D4")', (board) => board.pin("D4").press(100)],
  ["board.outOfMemory", (board) => board.outOfMemory("data")],
  ["board.powerCut", (board) => board.powerCut({ atWrite: 1 })],
  ["board.wifi.drop", (board) => board.wifi.drop()],
  ["board.storage.fill", (board) => board.storage.fill()],
  ["board.storage.read", (board) => board.storage.read("x")],
  ["broker.answer", (_board, broker) => broker.answer("connect", "close")],
  ["broker.refuse", (_board, broker) => broker.refuse(403)],
  ["broker.say", (_board, broker) => broker.say(new Uint8Array(1))],
  ["broker.cut", (_board, broker) => broker.cut()],
];

test("kit: what a real engine and mosquitto cannot do throws by name, and skips a test with that line", {
  skip: noEngine || missing("mosquitto"),
}, async (t) => {
  const broker = await testBroker({ mosquitto: true });
  t.after(() => broker.stop());
  const [, make] = BOARDS[1]!;
  const board = await make({ code: 'print("on")' });
  t.after(() => board.off());
  await board.until("on");
  for (const [call, attempt] of NOT_THERE) {
    const said: string[] = [];
    await skipWhereImpossible(
      { skip: (line) => said.push(line) },
      async () => void (await attempt(board, broker)),
    );
    assert.ok(said[0]?.startsWith(`${call}: `), `${call}: ${said}`);
  }
});
