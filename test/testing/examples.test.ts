// The programs in examples/, unchanged, each tested as docs/testing.md says: on the virtual board, and on a real engine where
// ESPRUINO names one.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { type Board, type Broker, skipWhereImpossible, testBroker } from "../../testing/index.ts";
import { fences, pages } from "../../tools/docs/pages.ts";
import { BOARDS } from "./boards.ts";

const TESTED = ["button-and-led", "from-espruino-mqtt", "request-response", "sleeping-sensor"];

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

for (const [kind, boardOf, skip] of BOARDS) {
  /** A board with an example, and its broker. */
  const running = async (t: TestContext, name: string, build: string, mosquitto = false) => {
    const broker = await testBroker({ mosquitto });
    t.after(() => broker.stop());
    const board = await boardOf({
      program: `examples/${name}.js`,
      modules: { "mqtt-ws": build },
      wifi: "my network",
    });
    t.after(() => board.off());
    return { board, broker };
  };
  const example = (name: string, body: (t: TestContext) => Promise<void>) =>
    test(`${kind}: ${name}`, { skip }, (t) => skipWhereImpossible(t, () => body(t)));

  example("button and LED: the button and commands switch the LED, and a power cut is told", async (t) => {
    const { board, broker } = await running(t, "button-and-led", "lean");
    await buttonAndLed(board, broker);
  });

  example("sleeping sensor: each reading arrives, then the board sleeps and wakes up again", async (t) => {
    const { board, broker } = await running(t, "sleeping-sensor", "lean");
    await sleepingSensor(board, broker);
  });

  example("request and response: an answer, and an error without a responder", async (t) => {
    const { board } = await running(t, "request-response", "v5-lean", true);
    await board.until("the sum is 42");
    await board.until("nobody: no answer");
  });

  example("from Espruino's MQTT module: it says that it is here, and hears", async (t) => {
    const { board, broker } = await running(t, "from-espruino-mqtt", "lean");
    await board.until("connected");
    await board.until({ topic: "garden/status", payload: "here" });
    await broker.publish("garden/valve", "open");
    await board.until("garden/valve open");
  });
}

async function buttonAndLed(board: Board, broker: Broker): Promise<void> {
  const led = board.pin("D2");
  await board.until({ topic: "lamp/status", payload: "online" });
  board.pin("D4").press(800);
  await board.until({ topic: "button", payload: "pressed" });
  await board.until({ topic: "lamp/state", payload: "on" });
  assert.equal(led.level, 1);
  await broker.publish("lamp/set", "toggle", { qos: 1 });
  await board.until({ topic: "lamp/state", payload: "off" });
  assert.equal(led.level, 0);
  board.wifi.drop();
  await board.advance({ minutes: 10 });
  board.wifi.comeBack();
  await board.until("connected");
  await board.until("connected");
  await broker.publish("lamp/set", "on", { qos: 1 });
  await board.until({ topic: "lamp/state", payload: "on" });
  // Nobody tells the broker: it misses the board after 1.5 times its keep alive.
  await board.powerCut();
  await board.advance({ seconds: 20 });
  assert.equal(broker.inbox("lamp/status").at(-1)?.payload, "online");
  await board.advance({ minutes: 1 });
  assert.equal(broker.inbox("lamp/status").at(-1)?.payload, "lost");
}

async function sleepingSensor(board: Board, broker: Broker): Promise<void> {
  board.pin("D36").set(0.5);
  await board.until("confirmed");
  await board.until("asleep");
  await board.advance({ minutes: 5 });
  await board.until("awake");
  await board.until("confirmed");
  assert.equal(board.boots, 2);
  assert.deepEqual(
    broker.inbox("sensor/#").map(({ payload }) => JSON.parse(payload).volts),
    [1.65, 1.65],
  );
}
