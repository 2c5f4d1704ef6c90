// One program, unchanged, in three places, with the same output: npm `mqtt` in Node, our module on the virtual board, our
// module on the real engine; all against mosquitto over WebSocket.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import mqtt from "mqtt";
import { LAST_RESORT_MS } from "../../board/virtual/waits.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { noEngine } from "../engine/engine.ts";
import { real, virtual } from "./places.ts";

const PROGRAM = readFileSync("test/module/program.js", "utf8");
const noBroker = missing("mosquitto");

/** Logs in with the program's identifier: the broker ends the connection of the program. */
async function takeOver(t: TestContext, tcp: number): Promise<void> {
  const other = mqtt.connect(`mqtt://127.0.0.1:${tcp}`, { clientId: "same", reconnectPeriod: 0 });
  t.after(() => other.end(true));
  await new Promise((done) => other.once("connect", done));
}

/** The lines that the program prints in Node with npm's `mqtt`. */
async function inNode(t: TestContext): Promise<string[]> {
  const ports = await mosquittoPorts(t);
  const lines: string[] = [];
  await new Promise<void>((done, fail) => {
    const late = setTimeout(() => fail(new Error(`not done:\n${lines.join("\n")}`)), LAST_RESORT_MS);
    const print = (line: string) => {
      lines.push(line);
      if (line === "cut") void takeOver(t, ports.tcp);
      if (line !== "done") return;
      clearTimeout(late);
      done();
    };
    new Function("mqtt", "url", "print", PROGRAM)(mqtt, `ws://127.0.0.1:${ports.ws}/mqtt`, print);
  });
  return lines;
}

/** The program as one for a board: print is the engine's. */
function forBoard(ws: number): string {
  return `var mqtt = require("mqtt-ws"), url = "ws://127.0.0.1:${ws}/mqtt";\n${PROGRAM}`;
}

let expected: Promise<string[]> | undefined;

test("same program: npm mqtt in Node", { skip: noBroker }, async (t) => {
  expected = inNode(t);
  const lines = await expected;
  t.diagnostic(`${lines.length} lines`);
  assert.equal(lines.length > 35, true, lines.join("\n"));
});

for (const module of ["mqtt-ws", "mqtt-ws-lean", "mqtt-ws-v5"]) {
  test(`same program: ${module} on the virtual board says the same`, { skip: noBroker }, async (t) => {
    const ports = await mosquittoPorts(t);
    const board = virtual(t, forBoard(ports.ws), module);
    board.boot();
    await board.untilLine(/^cut$/);
    await takeOver(t, ports.tcp);
    await board.untilLine(/^done$/);
    assert.deepEqual(board.lines, await expected);
    await board.untilIdle();
  });

  test(`same program: ${module} on the real engine says the same`, {
    skip: noBroker || noEngine,
  }, async (t) => {
    const ports = await mosquittoPorts(t);
    const engine = real(t, forBoard(ports.ws), module).boot();
    await engine.line(/^cut$/);
    await takeOver(t, ports.tcp);
    await engine.line(/^done$/);
    const first = engine.lines.findIndex((line) => line.startsWith("connect"));
    assert.deepEqual(engine.lines.slice(first), await expected);
  });
}
