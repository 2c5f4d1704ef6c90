// The assertions after every storm.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import * as limits from "../../src/mqtt/state.ts";
import type { Build } from "../support/app-bundle.ts";
import { figures } from "./figures.ts";
import { type ChaosOptions, ChaosRun } from "./run.ts";

const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 2 ** 31);
const SPEED = 250;
/** The longest run, in seconds of the board: several times what the longest storm takes. */
const LIMIT_S = 40_000;

/** A build, and the storm that it goes through. */
export interface Storm {
  build: Build;
  /** Messages each way, at each of QoS 1 and 2. */
  messages: number;
  /** Number of connections with trouble. */
  connections: number;
  /** The least number of faults. */
  faults: number;
  /** Over TLS with a pre-shared key: faults cut in the middle of records. */
  psk?: boolean;
}

/** Runs to the end. Every callback was called once, nothing is left over, and the memory was bounded all the time. */
export async function weathered(
  t: TestContext,
  options: Partial<ChaosOptions> & { up: number; down: number },
): Promise<ChaosRun> {
  t.diagnostic(`CHAOS_SEED=${SEED}`);
  const run = await ChaosRun.start({
    ...{ profile: "full", transport: "stock", seed: SEED, speed: SPEED },
    ...{ persistence: true, connections: 0, limitS: LIMIT_S },
    ...options,
  });
  t.after(() => run.stop());
  await run.finish();
  t.diagnostic(figures(run));
  assert.deepEqual(run.board.load, { timers: 0, sockets: 0 });
  assert.deepEqual([run.bad, run.peer.bad], [[], []], run.report);
  for (const qos of [1, 2] as const) {
    assert.deepEqual(run.told[qos].missing(options.up), [], `QoS ${qos}: every callback is called`);
    assert.equal(run.told[qos].repeats, 0, `QoS ${qos}: no callback is called twice`);
  }
  assertBounded(run);
  return run;
}

/** None lost, none twice at QoS 2, all in order, both ways. */
export async function assertPromises(t: TestContext, storm: Storm): Promise<void> {
  const { build, messages, connections, faults, psk } = storm;
  const run = await weathered(t, { ...build, up: messages, down: messages, connections, psk });
  assert.ok(run.storm.total >= faults, `${run.storm.total} faults`);
  for (const qos of [1, 2] as const) {
    for (const tally of [run.peer.got[qos], run.got[qos]]) {
      assert.deepEqual(tally.missing(messages), [], run.report);
      assert.equal(tally.disorders, 0, run.report);
      if (qos === 2) assert.equal(tally.repeats, 0, run.report);
    }
  }
}

export function nameOf({ build, messages, faults, psk }: Storm): string {
  return (
    `${build.profile} on ${build.transport}${psk ? " over TLS" : ""}: ${messages} messages each way at QoS 1 and 2 through ${faults} faults: ` +
    "none lost, QoS 2 once, in order"
  );
}

/** What TLS adds to a write at most: two records, each with its head, IV, padding and MAC. */
const TLS_OVERHEAD = 2 * (5 + 16 + 16 + 32);

/** In the order of app.ts. A subscription that is sent again after a lost session may be one entry more. */
function assertBounded({ most, options }: ChaosRun): void {
  const bounds = [
    limits.MAX_MESSAGES + 1,
    limits.MAX_BYTES + 100,
    limits.MAX_INFLIGHT,
    limits.MAX_HELD,
    limits.MAX_UNSENT + (options.psk ? TLS_OVERHEAD : 0),
    limits.MAX_ANSWERS + limits.PIECE,
    4096,
    2,
  ];
  assert.equal(most.length, bounds.length);
  most.forEach((n, i) => {
    assert.ok(n <= bounds[i]!, `figure ${i} of app.ts: ${n} is over ${bounds[i]}`);
  });
}
