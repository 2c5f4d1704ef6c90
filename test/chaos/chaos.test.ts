// QoS promises under a storm: the built firmware on the virtual board, its clock cranked fast, through a proxy that
// delays, splits, cuts, resets, falls silent and refuses, over a Wi-Fi that is lost and comes back, to a mosquitto that
// restarts. A short storm here, longer ones in storm.long.ts. CHAOS_SEED=<number> repeats a storm.
import { test } from "node:test";
import { missing } from "../brokers/mosquitto.ts";
import { assertPromises, nameOf, type Storm } from "./weathered.ts";

const SHORT: Storm[] = [
  { build: { profile: "full", transport: "stock" }, messages: 300, connections: 25, faults: 30 },
  { build: { profile: "v5", transport: "lean" }, messages: 300, connections: 25, faults: 30 },
];

for (const storm of SHORT) {
  test(nameOf(storm), { skip: missing("mosquitto") }, (t) => assertPromises(t, storm));
}
