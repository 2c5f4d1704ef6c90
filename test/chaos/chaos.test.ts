// QoS promises under a storm: the built firmware on the virtual board, its clock run fast, through a proxy that delays,
// splits, cuts, resets, falls silent and refuses, over a Wi-Fi that goes and comes, to a mosquitto that restarts.
// CHAOS_SEED=<number> repeats a storm.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as limits from "../../src/mqtt/state.ts";
import { missing } from "../brokers/mosquitto.ts";
import type { Build } from "../support/app-bundle.ts";
import { figures } from "./figures.ts";
import { type ChaosOptions, ChaosRun } from "./run.ts";

const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 2 ** 31);
const SPEED = 250;
const skip = missing("mosquitto");

/** Runs to the end; the board has nothing left over then, and its memory was bounded all the time. */
async function weathered(t: TestContext, options: Partial<ChaosOptions> & { up: number; down: number }) {
  t.diagnostic(`CHAOS_SEED=${SEED}`);
  const run = await ChaosRun.start({
    ...{ profile: "full", transport: "stock", seed: SEED, speed: SPEED },
    ...{ persistence: true, connections: 0, patienceS: 240 },
    ...options,
  });
  t.after(() => run.stop());
  await run.finish();
  t.diagnostic(figures(run));
  await run.board.untilIdle();
  assert.deepEqual(run.board.load, { timers: 0, sockets: 0 });
  assert.deepEqual([run.bad, run.peer.bad], [[], []], run.report);
  for (const qos of [1, 2] as const) {
    assert.deepEqual(run.told[qos].missing(options.up), [], `QoS ${qos}: every callback is called`);
    assert.equal(run.told[qos].repeats, 0, `QoS ${qos}: no callback is called twice`);
  }
  bounded(run);
  return run;
}

/** In the order of app.ts. What is asked for again after a session was lost may be one entry more. */
function bounded({ most }: ChaosRun): void {
  const bounds = [
    limits.MAX_MESSAGES + 1,
    limits.MAX_BYTES + 100,
    limits.MAX_INFLIGHT,
    limits.MAX_HELD,
    limits.MAX_UNSENT,
    limits.MAX_ANSWERS + limits.PIECE,
    4096,
    2,
  ];
  assert.equal(most.length, bounds.length);
  most.forEach((n, i) => {
    assert.ok(n <= bounds[i]!, `figure ${i} of app.ts: ${n} is over ${bounds[i]}`);
  });
}

/**
 * Which build goes through how much: messages each way at each QoS, connections in trouble, faults at least. The other
 * builds through as much as the first: `npm run chaos -- --profile v5 --transport lean`.
 */
const STORMS: [build: Build, messages: number, connections: number, faults: number][] = [
  [{ profile: "full", transport: "stock" }, 2000, 175, 300],
  [{ profile: "v5", transport: "stock" }, 800, 70, 100],
  [{ profile: "v5", transport: "lean" }, 400, 40, 50],
  [{ profile: "full", transport: "lean" }, 400, 40, 50],
];

for (const [build, messages, connections, faults] of STORMS) {
  const name = `${build.profile} on ${build.transport}`;
  test(`${name}: ${messages} messages each way at QoS 1 and 2 through ${faults} faults: none lost, QoS 2 once, in order`, {
    skip,
  }, async (t) => {
    const run = await weathered(t, { ...build, up: messages, down: messages, connections });
    assert.ok(run.storm.total >= faults, `${run.storm.total} faults`);
    for (const qos of [1, 2] as const) {
      for (const tally of [run.peer.got[qos], run.got[qos]]) {
        assert.deepEqual(tally.missing(messages), [], run.report);
        assert.equal(tally.disorders, 0, run.report);
        if (qos === 2) assert.equal(tally.repeats, 0, run.report);
      }
    }
  });
}

test("a broker that forgets everything loses no more than it had in its hands", { skip }, async (t) => {
  const run = await weathered(t, {
    ...{ up: 1000, down: 20, connections: 30, persistence: false },
    deck: { plain: 5, split: 5, restart: 4, cut: 3, reset: 3 },
  });
  const { up } = run.options;
  const [one, two] = [run.peer.got[1], run.peer.got[2]];
  assert.deepEqual(one.missing(up), [], run.report);
  // Those that it had taken over with PUBREC and not passed on.
  const most = limits.MAX_INFLIGHT * run.storm.faults.restart!;
  assert.ok(two.missing(up).length <= most, `QoS 2: ${two.missing(up).length} lost`);
  assert.equal(two.repeats, 0, "QoS 2: none twice");
  assert.deepEqual([one.disorders, two.disorders], [0, 0]);
  // These were published after the last restart: the subscriptions were asked for again.
  assert.deepEqual([run.got[1].missing(20), run.got[2].missing(20)], [[], []]);
});
