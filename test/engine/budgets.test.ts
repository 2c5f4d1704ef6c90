// Limits of memory and time for our own stack, on an engine built like a chip. Lower a number when a change allows it;
// raise one only in a commit that says why.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandCost, deviceConnected } from "../../bench/engine/device.ts";
import { costs, hasValgrind } from "../../bench/engine/handler-cost.ts";
import { connected, kindOf } from "../../bench/engine/measure.ts";
import type { Ports, Stack } from "../../bench/engine/stack.ts";
import { moduleStack, ours } from "../../bench/engine/stacks.ts";
import { tlsCost, tlsJsVars } from "../../bench/engine/tls.ts";
import { jobName, type SpeedJob } from "../../bench/jobs.ts";
import { rowOf } from "../../build/bundles.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { noEngine } from "./engine.ts";

/** JsVars that a bundle of the table may take, connected, on an ESP32. */
function jsVarsOf(name: string): number {
  return rowOf(name).jsVars!;
}

/** JsVars more that a bundle may take where they have 13 bytes, as on a C3: fewer integers fit into one (engine 13). It takes 3 to 5. */
const SMALL_MORE = 6;

/** JsVars that it may take on this engine. */
async function mostJsVars(name: string): Promise<number> {
  return jsVarsOf(name) + ((await kindOf()).blocksize < 14 ? SMALL_MORE : 0);
}

/** JsVars that MQTT 5 may add to the full build, connected. */
const FIVE = jsVarsOf("hello-v5-lean") - jsVarsOf("hello-lean");

const skip = noEngine || missing("mosquitto");
const uncounted = skip || missing("valgrind");
/** JsVars of an engine that holds a program in RAM. */
const ENOUGH = 5000;

/** The stacks whose budgets are those of a bundle: the bench's application in place of the bundle's. */
const STACKS: [bundle: string, make: (ports: Ports) => Promise<Stack>][] = [
  ["hello-lean", (ports) => ours("full", true, ports)],
  ["hello-tiny-lean", (ports) => ours("tiny", true, ports)],
  ["hello-smallest-lean", (ports) => ours("smallest", true, ports)],
  ["hello-v5-lean", (ports) => ours("v5", true, ports)],
  ["mqtt-ws-lean", (ports) => moduleStack("full", ports)],
];

for (const [bundle, make] of STACKS) {
  test(`${bundle} takes at most the JsVars of its row`, { skip }, async (t) => {
    if (!(await kindOf()).chip) return t.skip("the engine is not built like a chip");
    const jsVars = await connected(await make(await mosquittoPorts(t)), "flash");
    t.diagnostic(`${jsVars} JsVars`);
    const most = await mostJsVars(bundle);
    assert.ok(jsVars <= most, `${jsVars} JsVars, at most ${most}`);
  });

  const limits = rowOf(bundle).instructions;
  if (!limits) continue;
  test(`${bundle} takes at most the instructions of its row for a message`, {
    skip: uncounted,
  }, async (t) => {
    const kind = await kindOf();
    if (!kind.chip || (!kind.mapped && kind.total < ENOUGH))
      return t.skip("the engine is not built like a chip, or its memory does not hold the code");
    const jobs = (["publish", "receive"] as const).flatMap((way) =>
      limits[way]!.map((_, qos): SpeedJob => ({ way, size: 20, qos: qos as SpeedJob["qos"] })),
    );
    const found = await costs(make, kind.mapped ? "flash" : "RAM", jobs);
    for (const [i, job] of jobs.entries()) {
      const thousands = Math.round(found[i]!.instructions / 1000);
      t.diagnostic(`${jobName(job)}: ${thousands}`);
      const limit = limits[job.way as "publish"]![job.qos]!;
      assert.ok(thousands <= limit, `${jobName(job)}: ${thousands} thousand instructions, at most ${limit}`);
    }
  });
}

test("a command for a pin takes at most the instructions of the device's row", {
  skip: uncounted,
}, async (t) => {
  const kind = await kindOf();
  if (!kind.chip || !kind.mapped) return t.skip("the engine does not read its Storage in place");
  const { toPin, all } = await commandCost("flash", 0);
  t.diagnostic(`${toPin} to the pin, ${all} with its state`);
  const limit = rowOf("device-lean").instructions!.command!;
  assert.ok(all <= limit * 1000, `${all} instructions, at most ${limit} thousand`);
});

test("MQTT 5, own handshake, adds no more memory than it may", { skip }, async (t) => {
  if (!(await kindOf()).chip) return t.skip("the engine is not built like a chip");
  const ports = await mosquittoPorts(t);
  const [older, newer] = [await ours("full", true, ports), await ours("v5", true, ports)];
  const more = (await connected(newer, "flash")) - (await connected(older, "flash"));
  t.diagnostic(`${more} JsVars`);
  assert.ok(more <= FIVE, `${more} JsVars`);
});

test("the device with four pins stays within its budget", { skip }, async (t) => {
  if (!(await kindOf()).chip) return t.skip("the engine is not built like a chip");
  const jsVars = await deviceConnected(await mosquittoPorts(t));
  t.diagnostic(`${jsVars} JsVars`);
  const most = await mostJsVars("device-lean");
  assert.ok(jsVars <= most, `${jsVars} JsVars, at most ${most}`);
});

test("a device that waits for updates takes at most 25 JsVars more", { skip }, async (t) => {
  if (!(await kindOf()).chip) return t.skip("the engine is not built like a chip");
  const ports = await mosquittoPorts(t);
  const update = { key: "01".repeat(32) };
  const more = (await deviceConnected(ports, undefined, { update })) - (await deviceConnected(ports));
  t.diagnostic(`${more} JsVars`);
  assert.ok(more <= 25, `${more} JsVars`);
});

test("TLS with a pre-shared key: its handshake, its largest callback, a record of 200 bytes, its memory", {
  skip,
}, async (t) => {
  const kind = await kindOf();
  if (!kind.chip) return t.skip("the engine is not built like a chip");
  for (const lean of [true, false]) {
    const { more } = await tlsJsVars(lean);
    t.diagnostic(`${more} JsVars`);
    assert.ok(more <= 120, `${more} JsVars`);
  }
  if (!hasValgrind || kind.total < 5000) return;
  const { callbacks, seal, open } = await tlsCost();
  const all = callbacks.reduce((sum, each) => sum + each, 0);
  t.diagnostic(`${all}, at most ${Math.max(...callbacks)} instructions; sealed ${seal}, opened ${open}`);
  assert.ok(all <= 40_000_000, `handshake: ${all} instructions`);
  assert.ok(Math.max(...callbacks) * 3 <= all, `callbacks: ${callbacks} instructions`);
  assert.ok(seal <= 800_000, `sealed: ${seal} instructions`);
  assert.ok(open <= 810_000, `opened: ${open} instructions`);
});
