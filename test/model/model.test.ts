// The MQTT client with a small model of a broker, through all kinds of events in any order. A failure is shrunk
// to the shortest story that still fails; fast-check prints it with its seed, FUZZ_SEED=<number> repeats a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DROP, KEEP, LATEST, spec } from "#subject";
import { SEED as seed } from "../support/random.ts";
import { Device } from "./device.ts";

/** A verb of {@link Device} and its arguments. */
type Verb =
  | "publish"
  | "subscribe"
  | "unsubscribe"
  | "brokerPublishes"
  | "brokerRepeats"
  | "up"
  | "down"
  | "lose"
  | "connect"
  | "seconds"
  | "round"
  | "clog"
  | "unclog";
type Step = [verb: Verb, ...args: unknown[]];

const RUNS = Number(process.env.MODEL_RUNS ?? 500);
const topic = fc.constantFrom("a", "b/c");
const size = fc.constantFrom(0, 0, 40, 300, 1100, 1400);
const qos = fc.nat(2);

function often(weight: number, verb: Verb, ...args: fc.Arbitrary<unknown>[]): fc.WeightedArbitrary<Step> {
  return { weight, arbitrary: fc.tuple(fc.constant(verb), ...args) };
}

const STEP = fc.oneof(
  often(8, "publish", topic, qos, fc.constantFrom(KEEP, KEEP, LATEST, DROP), size, fc.constantFrom(0, 0, 2)),
  often(2, "subscribe", topic, qos),
  often(1, "unsubscribe", topic),
  often(5, "brokerPublishes", topic, qos, size),
  often(1, "brokerRepeats", fc.nat(5)),
  often(8, "up", fc.constantFrom(1e6, 1e6, 1, 30, 700)),
  often(8, "down", fc.constantFrom(1, 1, 3, 1e6), fc.constantFrom(1e6, 1, 7)),
  often(3, "lose", fc.nat(40)),
  often(6, "connect", fc.constantFrom(true, true, true, false)),
  often(2, "seconds", fc.constantFrom(1, 6, 20)),
  often(1, "round"),
  often(2, "clog"),
  often(3, "unclog"),
);

/** The list without repetitions. */
function firsts(list: string[], wanted: string[]): string[] {
  return [...new Set(list)].filter((item) => wanted.includes(item));
}

function check(device: Device, stopped: boolean): void {
  const { asked, broker, sent, received, losses } = device;
  for (const { payload, qos, policy, told, losses: lost } of asked) {
    assert.equal(told.length, 1, `${payload}: done is called once`);
    const success = told[0] === spec.SUCCESS;
    assert.ok(success || stopped || (told[0] === spec.REPLACED && policy === LATEST), `${payload}: ${told}`);
    const arrivals = broker.arrived.filter((text) => text === payload).length;
    if (!success || !qos) continue;
    if (lost[0] === lost[1]) assert.ok(arrivals >= 1, `${payload}: arrived`);
    if (qos === 1) assert.ok(arrivals >= 1, `${payload}: arrived`);
    else if (lost[0] === lost[1]) assert.equal(arrivals, 1, `${payload}: once`);
  }
  for (const told of device.requests) assert.equal(told.length, 1, "done of a request is called once");
  for (const name of ["a", "b/c"]) {
    const kept = asked.filter(({ topic, qos, policy }) => topic === name && qos && policy === KEEP);
    const order = kept.map(({ payload }) => payload).filter((payload) => broker.arrived.includes(payload));
    assert.deepEqual(firsts(broker.arrived, order), order, "order of our messages");
    for (const level of [1, 2]) {
      const theirs = sent.filter(({ topic, qos }) => topic === name && qos === level);
      const expected = theirs.map(({ payload }) => payload).filter((payload) => received.includes(payload));
      assert.deepEqual(firsts(received, expected), expected, "order of the broker's messages");
    }
  }
  if (stopped) return;
  for (const { payload, qos, losses: then } of sent) {
    const arrivals = received.filter((text) => text === payload).length;
    if (!qos || then !== losses) continue;
    // A client that does not know of a new session may take its message for one that it holds.
    if (qos === 2 && device.mistaken.has(then)) continue;
    assert.ok(arrivals >= 1, `${payload}: received`);
    if (qos === 2) assert.equal(arrivals, 1, `${payload}: received once`);
  }
  assert.deepEqual([...broker.filters].sort(), [...device.filters].sort(), "subscriptions");
}

function play(steps: Step[], stopped: boolean): void {
  const device = new Device();
  for (const [verb, ...args] of steps) {
    (device[verb] as (...args: unknown[]) => void)(...args);
    device.bounded();
  }
  if (stopped) device.stop();
  else device.settle();
  device.bounded();
  assert.equal(device.client.pending.length, 0, "nothing is left in the outbox");
  check(device, stopped);
}

for (const stopped of [false, true]) {
  test(`events of any kind in any order: the client keeps its QoS promises until ${stopped ? "it is stopped" : "all messages are through"}`, (t) => {
    t.diagnostic(`FUZZ_SEED=${seed}`);
    const story = fc.array(STEP, { maxLength: 80, size: "max" });
    fc.assert(
      fc.property(story, (steps) => play(steps, stopped)),
      { seed: seed | 0, numRuns: RUNS, includeErrorInReport: true },
    );
  });
}
