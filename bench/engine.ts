// `npm run bench:engine`: every stack that runs on Espruino, side by side on the engine that ESPRUINO names, against a
// mosquitto of its own. Writes bench/results/engine.json; bench/report.ts makes the table and the picture from
// it. Arguments of the command select measurements (memory, smallest, speed); without any, all of them run. `only=ours`
// measures the stacks whose names begin with "ours".

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { missing, mosquittoPorts } from "../test/brokers/mosquitto.ts";
import { noEngine } from "../test/engine/engine.ts";
import { withPart } from "../tools/docs/blocks.ts";
import { chart } from "./chart.ts";
import { deviceConnected } from "./engine/device.ts";
import { downloadRows } from "./engine/download.ts";
import { connected, cost, garbage, kindOf, peak, smallest, writes } from "./engine/measure.ts";
import { Reconnects } from "./engine/reconnect.ts";
import { checkCost } from "./engine/signature.ts";
import { ours, type Ports, type Stack, stacks } from "./engine/stacks.ts";
import { type EngineKind, type Measured, RESULTS, report, SIZES } from "./report.ts";

const only = process.argv.find((word) => word.startsWith("only="))?.slice(5) ?? "";
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("only="));
const wants = (what: string) => wanted.length === 0 || wanted.includes(what);

async function measure(stack: Stack, ports: Ports, kind: EngineKind, row: Measured): Promise<void> {
  const sizes = SIZES.filter((size) => size <= stack.longest);
  if (wants("memory")) {
    row.flash = await connected(stack, "flash");
    row.ram = await connected(stack, "RAM");
    row.peak = await peak(stack, Math.min(200, stack.longest));
    row.garbage = await garbage(stack, ports);
    row.writes = await writes(stack);
  }
  if (wants("smallest") && kind.chip) {
    row.smallest = {};
    for (const size of sizes.slice(1)) row.smallest[size] = await smallest(stack, size);
  }
  if (!wants("speed")) return;
  row.publish = {};
  row.receive = {};
  const idle = await cost(stack, ports, "publish", 0);
  for (const size of sizes) {
    row.publish[size] = Math.round((await cost(stack, ports, "publish", size)) - idle);
    // tinyMQTT loses messages that do not arrive in one chunk.
    if (stack.longest < 1000) continue;
    row.receive[size] = Math.round(await cost(stack, ports, "receive", size));
  }
}

/** Writes the table and the picture, on the console and in docs/. */
function publishReport(rows: Measured[]): void {
  const table = report();
  console.log(table);
  const page = "docs/sizes-and-bench.md";
  writeFileSync(page, withPart(readFileSync(page, "utf8"), "bench", table));
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

const skip = noEngine || missing("mosquitto");
if (skip) {
  console.log(`bench:engine: ${skip}`);
} else if (wanted.includes("signature")) {
  const { slices, all, largest } = await checkCost();
  const millions = (n: number) => (n / 1e6).toFixed(1);
  console.log(
    `check of a signature: ${millions(all)} M instructions in ${slices} slices, the largest ${millions(largest)} M`,
  );
} else if (wanted.includes("download")) {
  await downloadRows();
} else if (wanted.includes("device")) {
  const cleanup: (() => unknown)[] = [];
  const ports = await mosquittoPorts({ after: (fn) => void cleanup.push(fn as () => unknown) });
  const [all, none] = [await deviceConnected(ports), await deviceConnected(ports, {})];
  console.log(`device, own handshake, from flash: ${all} JsVars connected with four pins, ${none} without`);
  for (const each of cleanup) await each();
} else if (wanted.includes("reconnect")) {
  const cleanup: (() => unknown)[] = [];
  await reconnects(await mosquittoPorts({ after: (fn) => void cleanup.push(fn as () => unknown) }));
  for (const each of cleanup) await each();
} else {
  mkdirSync("bench/results", { recursive: true });
  const cleanup: (() => unknown)[] = [];
  const ports = await mosquittoPorts({ after: (fn) => void cleanup.push(fn as () => unknown) });
  const kind = await kindOf();
  // Numbers that are not measured this time stay.
  let rows: Measured[] = [];
  try {
    rows = wanted.length || only ? JSON.parse(readFileSync(RESULTS, "utf8")).rows : [];
  } catch {}
  for (const stack of await stacks(ports)) {
    if (!stack.name.startsWith(only)) continue;
    const row = rows.find(({ name }) => name === stack.name) ?? { name: stack.name };
    if (!rows.includes(row)) rows.push(row);
    await measure(stack, ports, kind, row);
    console.log(JSON.stringify(row));
    writeFileSync(RESULTS, `${JSON.stringify({ engine: kind, rows }, undefined, 2)}\n`);
  }
  for (const each of cleanup) await each();
  publishReport(rows);
}
