// Reconnects by the hundred on a real engine (RECONNECTS=1000 for more): a connection that ends leaves nothing
// behind, no timer, no listener, no cycle, no byte of its stream. Broken ones and a broker that restarts included.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Reconnects } from "../../bench/engine/reconnect.ts";
import type { Ports } from "../../bench/engine/stack.ts";
import { moduleStack, ours } from "../../bench/engine/stacks.ts";
import { overPsk } from "../../bench/engine/tls.ts";
import { Mosquitto, missing } from "../brokers/mosquitto.ts";
import { pskServer } from "../brokers/psk.ts";
import { Front } from "../brokers/tls.ts";
import { noEngine } from "./engine.ts";

/** Tolerance in JsVars, for example for a number with more digits. A leak of one for each reconnect is far more. */
const NOISE = 3;
/** A hundred take two minutes: before most of them the board waits 17 s of its own time. */
const MANY = Number(process.env.RECONNECTS ?? 100);

const skip = noEngine || missing("mosquitto");

async function reconnects(t: TestContext, lean: boolean) {
  const broker = await Mosquitto.start();
  t.after(() => broker.stop());
  const runs = await Reconnects.start((ports) => ours("full", lean, ports), broker.ports.ws);
  t.after(() => runs.off());
  return { runs, broker };
}

/** After this many reconnects as much is in use as after 10. */
async function leavesNothing(t: TestContext, runs: Reconnects, count: number): Promise<void> {
  const few = await runs.until(10);
  runs.cut();
  const many = await runs.until(count);
  const found = `${few.jsVars} JsVars after 10, ${many.jsVars} after ${count}`;
  t.diagnostic(found);
  assert.ok(many.jsVars <= few.jsVars + NOISE, found);
  assert.equal(many.timers, few.timers);
}

for (const lean of [false, true]) {
  const name = lean ? "own handshake" : "stock ws";

  test(`${name}: after ${MANY} reconnects as much is in use as after 10`, { skip }, async (t) => {
    const { runs } = await reconnects(t, lean);
    await leavesNothing(t, runs, MANY);
  });

  test(`${name}: the broker restarts: the board connects again, and uses no more memory`, {
    skip,
  }, async (t) => {
    const { runs, broker } = await reconnects(t, lean);
    const before = await runs.until(10);
    await broker.restart();
    const after = await runs.next();
    assert.ok(after.jsVars <= before.jsVars + NOISE, `${before.jsVars} JsVars before, ${after.jsVars} after`);
    assert.equal(after.timers, before.timers);
  });
}

for (const lean of [false, true])
  test(`TLS with a pre-shared key, ${lean ? "own handshake" : "stock ws"}: after 40 reconnects as much is in use as after 10`, {
    skip,
  }, async (t) => {
    const broker = await Mosquitto.start();
    t.after(() => broker.stop());
    const front = await Front.start(t, broker.ports.ws, pskServer());
    const make = async (ports: Ports) => overPsk(await ours("full", lean, ports), ports.ws);
    const runs = await Reconnects.start(make, front.port);
    t.after(() => runs.off());
    await leavesNothing(t, runs, 40);
  });

test("module: after 40 reconnects as much is in use as after 10", { skip }, async (t) => {
  const broker = await Mosquitto.start();
  t.after(() => broker.stop());
  const runs = await Reconnects.start((ports) => moduleStack("full", ports), broker.ports.ws);
  t.after(() => runs.off());
  await leavesNothing(t, runs, 40);
});
