// The programs in examples/, unchanged but for their URL, on the virtual board against mosquitto.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import mqtt from "mqtt";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { boardOf } from "../virtual/boards.ts";
import { moduleText } from "./places.ts";

const skip = missing("mosquitto");
const TESTED = ["button-and-led", "from-espruino-mqtt", "request-response", "sleeping-sensor"];

/** A board with an example and the module, and the other side: what it hears, newest last. */
async function running(t: TestContext, name: string, module: string, edit = (code: string) => code) {
  const ports = await mosquittoPorts(t);
  const heard: string[] = [];
  const other = mqtt.connect(`mqtt://127.0.0.1:${ports.tcp}`);
  t.after(() => other.end(true));
  await new Promise<void>((done) => other.once("connect", () => done()));
  await other.subscribeAsync("#", { qos: 1 });
  const code = readFileSync(`examples/${name}.js`, "utf8").replace(
    "192.168.1.10:9001",
    `127.0.0.1:${ports.ws}`,
  );
  const board = boardOf(t, edit(code));
  board.flash.set("mqtt-ws", moduleText(module));
  other.on("message", (topic, payload, { retain }) => {
    if (!retain) heard.push(`${topic} ${payload}`);
  });
  return { board, other, heard };
}

/** Waits until the other side has heard it. */
async function until(heard: string[], line: string): Promise<void> {
  for (let n = 0; !heard.includes(line); n++) {
    assert.ok(n < 1000, `not heard: ${line}\n${heard.join("\n")}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

test("examples: at most four, all of them tested here", () => {
  assert.deepEqual(
    readdirSync("examples").map((name) => name.replace(".js", "")),
    TESTED,
  );
});

test("examples: button and LED", { skip }, async (t) => {
  const { board, other, heard } = await running(t, "button-and-led", "mqtt-ws-lean");
  board.pins.put("D0", 1);
  board.boot();
  await until(heard, "lamp/status online");
  const lit = () => board.pins.level("D2");
  await pressed(board);
  await until(heard, "button pressed");
  await until(heard, "lamp/state on");
  assert.equal(lit(), 1);
  await other.publishAsync("lamp/set", "toggle", { qos: 1 });
  await until(heard, "lamp/state off");
  assert.equal(lit(), 0);
  await other.publishAsync("lamp/set", "on", { qos: 1 });
  await board.until(() => lit() === 1);
  board.off();
  await until(heard, "lamp/status lost");
});

/** Down, and up again after more than the time for bouncing. */
async function pressed(board: VirtualBoard): Promise<void> {
  board.pins.put("D0", 0);
  await new Promise((done) => setTimeout(done, 60));
  board.pins.put("D0", 1);
}

test("examples: a sensor that sleeps says each reading once, confirmed, and wakes again", {
  skip,
}, async (t) => {
  const short = (code: string) => code.replace("SLEEP_S = 300", "SLEEP_S = 0.2");
  const { board, heard } = await running(t, "sleeping-sensor", "mqtt-ws-lean", short);
  board.pins.put("D36", 0.5);
  board.boot();
  await board.until(() => board.boots === 3);
  board.off();
  assert.deepEqual(board.lines.slice(0, 2), ["confirmed", "confirmed"]);
  assert.equal(heard.length, 2);
  assert.match(heard[0]!, /^sensor\/battery \{"volts":1\.6\d*,"seconds":\d+\}$/);
});

test("examples: request and response", { skip }, async (t) => {
  const soon = (code: string) => code.replace("PATIENCE_S = 10", "PATIENCE_S = 0.5");
  const { board } = await running(t, "request-response", "mqtt-ws-v5-lean", soon);
  board.boot();
  await board.untilLine(/^nobody: no answer$/);
  assert.deepEqual(board.lines, ["the sum is 42", "nobody: no answer"]);
});

test("examples: from Espruino's MQTT module", { skip }, async (t) => {
  const { board, other, heard } = await running(t, "from-espruino-mqtt", "mqtt-ws-lean");
  board.boot();
  await until(heard, "garden/status here");
  await other.publishAsync("garden/valve", "open");
  await board.untilLine(/^garden\/valve open$/);
  assert.equal(board.lines[0], "connected");
});
