// `npm run bench:engine`: every stack that runs on Espruino, side by side on the engine that ESPRUINO names. Memory is measured
// against a mosquitto of its own, speed against a broker that does one thing at a time. Writes bench/results/engine.json;
// bench/report.ts makes the tables and the picture from it. Arguments of the command select measurements (memory,
// smallest, speed, device); without any, all of them run. `only=ours` measures the stacks whose names begin with "ours".

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { missing, mosquittoPorts } from "../test/brokers/mosquitto.ts";
import { noEngine } from "../test/engine/engine.ts";
import { withPart } from "../tools/docs/blocks.ts";
import { aims } from "./aims.ts";
import { chart } from "./chart.ts";
import { commandCost, deviceConnected } from "./engine/device.ts";
import { downloadRows } from "./engine/download.ts";
import { costs, hasValgrind } from "./engine/handler-cost.ts";
import { LEAST, LEAST_JOBS } from "./engine/least.ts";
import { connected, garbage, kindOf, type Place, peak, smallest, writes } from "./engine/measure.ts";
import { Reconnects } from "./engine/reconnect.ts";
import { checkCost } from "./engine/signature.ts";
import type { Ports, Stack } from "./engine/stack.ts";
import { ours, STACKS } from "./engine/stacks.ts";
import { tlsFigures } from "./engine/tls.ts";
import { jobName, SIZES, SPEED_JOBS } from "./jobs.ts";
import { type EngineKind, type Measured, RESULTS, type Results, report, shortReport } from "./report.ts";

/** Stacks that are measured at the same time. */
const AT_ONCE = 2;

const only = process.argv.find((word) => word.startsWith("only="))?.slice(5) ?? "";
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("only="));
const wants = (what: string) => wanted.length === 0 || wanted.includes(what);

async function measure(
  make: (ports: Ports) => Promise<Stack>,
  ports: Ports,
  kind: EngineKind,
  row: Measured,
): Promise<void> {
  const stack = await make(ports);
  const least = stack.name === LEAST;
  if (wants("memory") && !least) {
    row.flash = await connected(stack, "flash");
    // Our module reads its own file, so it is always in flash.
    if (!stack.modules["mqtt-ws"]) row.ram = await connected(stack, "RAM");
    row.peak = await peak(stack, Math.min(200, stack.longest));
    row.garbage = await garbage(stack, ports);
    row.writes = await writes(stack);
  }
  if (wants("smallest") && kind.chip && !least) {
    row.smallest = {};
    let low = 100;
    for (const size of SIZES.slice(1).filter((size) => size <= stack.longest))
      low = row.smallest[size] = await smallest(stack, size, low);
  }
  if (!wants("speed") || !hasValgrind) return;
  const place: Place = kind.mapped ? "flash" : "RAM";
  const jobs = (least ? LEAST_JOBS : SPEED_JOBS).filter(
    // tinyMQTT loses messages that do not arrive in one chunk.
    ({ size, qos, atOnce }) => size <= stack.longest && qos <= stack.maxQos && (!atOnce || stack.many),
  );
  const found = await costs(make, place, jobs);
  row.speed = Object.fromEntries(jobs.map((job, i) => [jobName(job), found[i]!]));
}

/** Writes the tables and the picture, on the console and in the pages. */
function publishReport(rows: Measured[]): void {
  console.log(`${report()}\n\n${aims()}`);
  const page = "docs/sizes-and-bench.md";
  const text = withPart(readFileSync(page, "utf8"), "bench", report());
  writeFileSync(page, withPart(text, "aims", aims()));
  writeFileSync("README.md", withPart(readFileSync("README.md", "utf8"), "bench", shortReport()));
  writeFileSync("docs/bench.svg", chart(rows));
}

/** Variables in use after so many reconnects. The code is in RAM: a Linux build is four times slower from its emulated flash. */
async function reconnects(ports: Ports): Promise<void> {
  for (const lean of [false, true]) {
    const runs = await Reconnects.start((proxied) => ours("full", lean, proxied), ports.ws, "RAM");
    const figures = [];
    for (const n of [10, 100, 1000]) {
      const { jsVars, timers } = await runs.until(n);
      figures.push(`${n}: ${jsVars} JsVars, ${timers} timers`);
      runs.cut();
    }
    await runs.off();
    console.log(`reconnects, ${lean ? "own handshake" : "stock ws"}: ${figures.join("; ")}`);
  }
}

async function deviceRow(ports: Ports, kind: EngineKind): Promise<Results["device"]> {
  const [jsVars, none] = [await deviceConnected(ports), await deviceConnected(ports, {})];
  console.log(
    `device, own handshake, from flash: ${jsVars} JsVars connected with four pins, ${none} without`,
  );
  if (!hasValgrind || !kind.mapped) return { jsVars };
  const command = await commandCost("flash", 0);
  console.log(`pin/relay/set: ${command.toPin} instructions to the pin, ${command.all} with its state`);
  return { jsVars, command };
}

async function table(ports: Ports): Promise<void> {
  mkdirSync("bench/results", { recursive: true });
  const engine = await kindOf();
  // Numbers that are not measured this time stay.
  let found: Results = { engine, rows: [] };
  if (wanted.length || only) found = { ...JSON.parse(readFileSync(RESULTS, "utf8")), engine };
  const save = () => writeFileSync(RESULTS, `${JSON.stringify(found, undefined, 2)}\n`);
  // In order, whichever is ready first.
  const waiting: { make: (ports: Ports) => Promise<Stack>; row: Measured }[] = [];
  for (const make of STACKS) {
    const { name } = await make(ports);
    let row = found.rows.find((each) => each.name === name);
    if (!row) {
      row = { name };
      found.rows.push(row);
    }
    if (name.startsWith(only)) waiting.push({ make, row });
  }
  if (wants("device")) found.device = await deviceRow(ports, engine);
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const began = Date.now();
      // Each has a broker of its own: all use the same client identifier.
      const own: (() => unknown)[] = [];
      await measure(
        next.make,
        await mosquittoPorts({ after: (fn) => void own.push(fn as () => unknown) }),
        engine,
        next.row,
      );
      for (const each of own) await each();
      console.log(`${Math.round((Date.now() - began) / 1000)} s: ${JSON.stringify(next.row)}`);
      save();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  save();
  publishReport(found.rows);
}

const skip = noEngine || missing("mosquitto");
if (skip) console.log(`bench:engine: ${skip}`);
else if (wanted.includes("signature")) {
  const { slices, all, largest } = await checkCost();
  const millions = (n: number) => (n / 1e6).toFixed(1);
  console.log(
    `check of a signature: ${millions(all)} M instructions in ${slices} slices, the largest ${millions(largest)} M`,
  );
} else if (wanted.includes("tls")) console.log(await tlsFigures());
else if (wanted.includes("download")) await downloadRows();
else {
  if (!hasValgrind) console.log("bench:engine: speed is not measured, because it wants valgrind");
  const cleanup: (() => unknown)[] = [];
  const ports = await mosquittoPorts({ after: (fn) => void cleanup.push(fn as () => unknown) });
  if (wanted.includes("reconnect")) await reconnects(ports);
  else await table(ports);
  for (const each of cleanup) await each();
}
