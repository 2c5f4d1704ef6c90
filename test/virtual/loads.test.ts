// Functions that a message makes. A part is made at each call, for 49,000 instructions and ten JsVars (engine 10), so the path of
// a message of at most one piece makes as few as build/bundles.ts allows.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { StepBroker } from "../../bench/engine/step-broker.ts";
import { jobName, type SpeedJob } from "../../bench/jobs.ts";
import { ManualClock } from "../../board/virtual/clock.ts";
import { programIn } from "../../board/virtual/program.ts";
import { MOST_MADE } from "../../build/bundles.ts";
import { buildOwn, buildRow } from "../../build/own.ts";
import { boardOf } from "./boards.ts";

/** Counts the functions that the program makes of its parts, and takes the place of the bench's harness. */
const COUNTER = `
var made = 0, came = 0, publishes, waiting;
Function = (function (make) {
  return function () { made++; return make.apply(null, arguments); };
})(Function);
function up(publish, waits) { publishes = publish; waiting = waits; }
function taken() { came++; }
var next;
function poll() {
  if (!next) return;
  publishes(next.topic, next.payload, next.qos);
  next = undefined;
}
function stopTicks() { clearInterval(); setInterval(poll, 1); }
`;

/** One byte, and nearly a whole piece of 1,024. */
const SIZES = [1, 900];

/** Turns of Node's loop after which nothing will come any more. */
const MOST_TURNS = 10_000;

interface Counted {
  made: number;
  came: number;
  publishes?: unknown;
  /** A message that the board is to publish in its next turn. */
  next?: { topic: string; payload: string; qos: number };
  stopTicks(): void;
  waiting?(): number;
}

/** A board that is connected, and whose ticks have ended: only messages are counted. */
async function connected(t: TestContext, code: string, config: (port: number) => object) {
  const broker = await StepBroker.start();
  t.after(() => broker.stop());
  const clock = new ManualClock();
  const board = boardOf(t, programIn({ code, before: COUNTER }), {
    files: { "config.json": JSON.stringify(config(broker.ports.ws)) },
    clock,
  });
  const until = async (condition: () => unknown) => {
    for (let turn = 0; !condition(); turn++) {
      if (turn > MOST_TURNS) throw new Error(`${condition} is still false:\n${board.lines.join("\n")}`);
      await clock.advance(1);
      await new Promise((done) => setImmediate(done));
    }
  };
  board.boot();
  await until(() => broker.count("subscribe"));
  const counted = board.global as unknown as Counted;
  counted.stopTicks();
  return { board, broker, counted, until };
}

const mqttOf = (port: number) => ({ url: `ws://127.0.0.1:${port}/mqtt`, clientId: "bench" });

for (const profile of ["full", "tiny", "v5"] as const) {
  test(`parts: a message of one piece makes few functions, ${profile}`, async (t) => {
    const start = {
      app: "bench",
      file: "bench/engine/app",
      start: "bench",
      profile,
      transport: "lean",
    } as const;
    const { code } = await buildOwn(start);
    const { broker, counted, until } = await connected(t, code, (port) => ({
      wifi: { ssid: "virtual" },
      mqtt: mqttOf(port),
    }));
    await until(() => counted.publishes);
    const exchange = async ({ way, size, qos }: SpeedJob) => {
      const last = (way === "publish" ? ["publish", "publish", "pubrel"] : ["", "puback", "pubcomp"])[qos]!;
      const [sent, came] = [broker.count(last), counted.came];
      if (way === "publish") counted.next = { topic: "b/out", payload: "x".repeat(size), qos };
      else broker.publish("b/in", "x".repeat(size), qos);
      await until(
        () =>
          (!last || broker.count(last) > sent) &&
          (way === "publish" || counted.came > came) &&
          !counted.waiting!(),
      );
    };
    const found: Record<string, number> = {};
    for (const way of ["publish", "receive"] as const)
      for (const qos of profile === "tiny" ? ([0, 1] as const) : ([0, 1, 2] as const))
        for (const size of SIZES) {
          const job = { way, size, qos };
          // The first message on a topic makes what later ones find.
          await exchange(job);
          const before = counted.made;
          await exchange(job);
          found[jobName(job)] = counted.made - before;
        }
    t.diagnostic(JSON.stringify(found));
    for (const [name, made] of Object.entries(found))
      assert.ok(made <= MOST_MADE[profile], `${name}: ${made} functions made, at most ${MOST_MADE[profile]}`);
  });
}

test("parts: on and off for a digital output make as few functions as their messages", async (t) => {
  const { code } = await buildRow("device-lean");
  const { board, broker, counted, until } = await connected(t, code, (port) => ({
    wifi: { ssid: "virtual" },
    mqtt: mqttOf(port),
    device: { id: "bench", telemetryS: 0, pins: { relay: { pin: "D5", use: "output" } } },
  }));
  await until(() => broker.count("publish") > 1);
  const set = async (word: string) => {
    const published = broker.count("publish");
    broker.publish("devices/bench/pin/relay/set", word, 0);
    await until(() => broker.count("publish") > published);
  };
  await set("on");
  const before = counted.made;
  await set("off");
  const made = counted.made - before;
  assert.equal(board.pins.output("D5").out, 0);
  t.diagnostic(`${made}`);
  assert.ok(made <= MOST_MADE.full, `${made} functions made, at most ${MOST_MADE.full}`);
});
