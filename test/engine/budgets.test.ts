// Limits of memory and time for our own stack, on an engine built like a chip. Lower a number when a change allows it;
// raise one only in a commit that says why.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceConnected } from "../../bench/engine/device.ts";
import { connected, cost, hasValgrind, kindOf } from "../../bench/engine/measure.ts";
import { moduleStack, ours } from "../../bench/engine/stacks.ts";
import { rowOf } from "../../build/bundles.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { noEngine } from "./engine.ts";

/** Instructions of a message of 200 bytes. */
const BUDGETS = {
  full: { publish: 2_100_000, receive: 1_300_000 },
  tiny: { publish: 2_100_000, receive: 1_300_000 },
};

/** JsVars that a bundle of the table may take, connected. */
function jsVarsOf(name: string): number {
  return rowOf(name).jsVars!;
}

/** JsVars that MQTT 5 may add to the full build, connected. */
const FIVE = jsVarsOf("hello-v5-lean") - jsVarsOf("hello-lean");

const skip = noEngine || missing("mosquitto");

for (const profile of ["full", "tiny"] as const) {
  test(`${profile}, own handshake, stays within its budgets`, { skip }, async (t) => {
    const kind = await kindOf();
    if (!kind.chip) return t.skip("the engine is not built like a chip");
    const budget = BUDGETS[profile];
    const ports = await mosquittoPorts(t);
    const stack = await ours(profile, true, ports);
    const jsVars = await connected(stack, "flash");
    t.diagnostic(`${jsVars} JsVars`);
    assert.ok(
      jsVars <= jsVarsOf(profile === "full" ? "hello-lean" : `hello-${profile}-lean`),
      `${jsVars} JsVars`,
    );
    // Speed is measured with the code in RAM, which a C3's memory does not hold.
    if (!hasValgrind || kind.total < 5000) return;
    const idle = await cost(stack, ports, "publish", 0);
    const publish = (await cost(stack, ports, "publish", 200)) - idle;
    const receive = await cost(stack, ports, "receive", 200);
    t.diagnostic(`${publish} and ${receive} instructions`);
    assert.ok(publish <= budget.publish, `publish: ${publish} instructions`);
    assert.ok(receive <= budget.receive, `receive: ${receive} instructions`);
  });
}

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
  assert.ok(jsVars <= jsVarsOf("device-lean"), `${jsVars} JsVars`);
});

test("a device that waits for updates takes at most 25 JsVars more", { skip }, async (t) => {
  if (!(await kindOf()).chip) return t.skip("the engine is not built like a chip");
  const ports = await mosquittoPorts(t);
  const update = { key: "01".repeat(32) };
  const more = (await deviceConnected(ports, undefined, { update })) - (await deviceConnected(ports));
  t.diagnostic(`${more} JsVars`);
  assert.ok(more <= 25, `${more} JsVars`);
});

test("the module mqtt-ws-lean stays within its budget", { skip }, async (t) => {
  if (!(await kindOf()).chip) return t.skip("the engine is not built like a chip");
  const jsVars = await connected(await moduleStack("full", await mosquittoPorts(t)), "flash");
  t.diagnostic(`${jsVars} JsVars`);
  assert.ok(jsVars <= jsVarsOf("mqtt-ws-lean"), `${jsVars} JsVars`);
});
