// The long storms, see chaos.test.ts, and one with a broker that forgets its sessions.
// `npm run chaos -- --profile v5 --transport lean` sends any build through as much as the first one.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as limits from "../../src/mqtt/state.ts";
import { missing } from "../brokers/mosquitto.ts";
import { assertPromises, nameOf, type Storm, weathered } from "./weathered.ts";

const skip = missing("mosquitto");

const LONG: Storm[] = [
  { build: { profile: "full", transport: "stock" }, messages: 2000, connections: 175, faults: 300 },
  { build: { profile: "v5", transport: "stock" }, messages: 800, connections: 70, faults: 100 },
  { build: { profile: "v5", transport: "lean" }, messages: 400, connections: 40, faults: 50 },
  { build: { profile: "full", transport: "lean" }, messages: 400, connections: 40, faults: 50 },
  { build: { profile: "full", transport: "lean" }, messages: 1000, connections: 25, faults: 30, psk: true },
];

for (const storm of LONG) test(nameOf(storm), { skip }, (t) => assertPromises(t, storm));

test("a broker that forgets its sessions loses only messages that it had accepted and not passed on", {
  skip,
}, async (t) => {
  const run = await weathered(t, {
    ...{ up: 1000, down: 20, connections: 30, persistence: false },
    deck: { plain: 5, split: 5, restart: 4, cut: 3, reset: 3 },
  });
  const { up } = run.options;
  const [one, two] = [run.peer.got[1], run.peer.got[2]];
  assert.deepEqual(one.missing(up), [], run.report);
  // Messages that it had accepted with PUBREC and not passed on.
  const most = limits.MAX_INFLIGHT * run.storm.faults.restart!;
  assert.ok(two.missing(up).length <= most, `QoS 2: ${two.missing(up).length} lost`);
  assert.equal(two.repeats, 0, "QoS 2: none twice");
  assert.deepEqual([one.disorders, two.disorders], [0, 0]);
  // These were published after the last restart: the board has subscribed again.
  assert.deepEqual([run.got[1].missing(20), run.got[2].missing(20)], [[], []]);
});
