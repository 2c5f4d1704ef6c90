// The measurements, each for one stack: memory, writes, instructions. It reads what the harness prints, and
// does not know the stacks.

import { spawnSync } from "node:child_process";
import mqtt, { type MqttClient } from "mqtt";
import { Engine } from "../../test/engine/engine.ts";
import type { EngineKind } from "../report.ts";
import { harness, type Job } from "./harness.ts";
import { nothing, type Ports, type Stack } from "./stacks.ts";

/** Where the code is. */
export type Place = "flash" | "RAM";

export const hasValgrind = spawnSync("valgrind", ["--version"]).status === 0;

const CALLGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
/** When memory runs out the engine prints this and goes on. A board that prints it does not work. */
const OUT_OF_MEMORY = /memory|LOW_MEM/i;

/** What the engine reports about itself. */
export async function kindOf(): Promise<EngineKind> {
  const engine = new Engine({}).boot(
    'var m=process.memory();print("kind",process.version,m.total,m.blocksize);quit()',
  );
  const [version, total, blocksize] = (await engine.line(/^kind /)).split(" ").slice(1);
  await engine.off();
  // Chips have few variables, of 12 to 16 bytes each. A plain Linux build allocates more while it runs.
  const chip = Number(blocksize) <= 16 && Number(total) <= 65535;
  return {
    version: version!,
    total: Number(total),
    blocksize: Number(blocksize),
    chip,
    unit: hasValgrind ? "instructions" : "ns",
  };
}

/** An engine that does a job with a stack. The caller must switch it off. */
export function started(stack: Stack, place: Place, job: Job, tool?: string[]): Engine {
  const program = harness(job) + stack.program;
  if (place === "flash")
    return new Engine({ ...stack.files, ...stack.modules, ".bootcde": program }).boot(undefined, tool);
  const cached = Object.entries(stack.modules).map(
    ([name, code]) => `Modules.addCached("${name}",${JSON.stringify(code)});\n`,
  );
  return new Engine(stack.files).boot(cached.join("") + program, tool);
}

async function numbers(engine: Engine, pattern: RegExp, timeoutMs = 20000): Promise<number[]> {
  return (await engine.line(pattern, timeoutMs)).split(" ").slice(1).map(Number);
}

export async function broker(ports: Ports, clientId: string): Promise<MqttClient> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${ports.tcp}`, { clientId, reconnectPeriod: 0 });
  await new Promise((done) => client.once("connect", done));
  return client;
}

/** Variables in use while connected with one subscription, above those of an idle engine. */
export async function connected(stack: Stack, place: Place): Promise<number> {
  const used = [];
  for (const each of [stack, nothing(stack)]) {
    const engine = started(each, place, { kind: "idle" });
    used.push((await numbers(engine, /^memory \d/))[1]!);
    await engine.off();
  }
  return used[0]! - used[1]!;
}

/** Variables that a reconnect leaves to the garbage collector, which does not run while a socket is open. */
export async function garbage(stack: Stack, ports: Ports): Promise<number> {
  const engine = started(stack, "flash", { kind: "idle" });
  await engine.line(/^memory \d/);
  engine.lines.length = 0;
  // A second client with the same id: the server ends the connection of the first.
  (await broker(ports, "bench")).end(true);
  const [all, used] = await numbers(engine, /^memory \d/, 40000);
  await engine.off();
  return all! - used!;
}

/** Largest number of variables in use at a write or a message, above those of an idle engine. */
export async function peak(stack: Stack, size: number): Promise<number> {
  const engine = started(stack, "flash", { kind: "echo", size, free: 0 });
  const [most] = await numbers(engine, /^echo /);
  await engine.off();
  const idle = started(nothing(stack), "flash", { kind: "idle" });
  const [, used] = await numbers(idle, /^memory \d/);
  await idle.off();
  return most! - used!;
}

/** Smallest memory, in variables, with which a message of this size goes out and comes back, twice. */
export async function smallest(stack: Stack, size: number): Promise<number> {
  let low = 100;
  let high = 3000;
  let total = 0;
  while (high - low > 8) {
    const free = (low + high) >> 1;
    const engine = started(stack, "flash", { kind: "echo", size, free });
    const said = await engine.line(/^echo |memory|LOW_MEM/i, 6000).catch(() => "");
    if (/^echo /.test(said) && !engine.lines.some((line) => OUT_OF_MEMORY.test(line))) {
      high = free;
      total = Number(engine.lines.find((line) => line.startsWith("total "))?.slice(6));
    } else low = free;
    await engine.off();
  }
  return total;
}

/** Writes to the socket for each message. */
export async function writes(stack: Stack): Promise<number> {
  const n = 10;
  const engine = started(stack, "flash", { kind: "writes", n, size: Math.min(200, stack.longest) });
  const [count] = await numbers(engine, /^writes /);
  await engine.off();
  return count! / n;
}

/**
 * Cost of a message: the difference between runs with 2n and n messages. Code in RAM, because a Linux build reads its
 * flash from a file.
 */
export async function cost(stack: Stack, ports: Ports, kind: "publish" | "receive", size: number) {
  const n = size < 500 ? 40 : 10;
  const most = await run(stack, ports, kind, 2 * n, size);
  return (most - (await run(stack, ports, kind, n, size))) / n;
}

/**
 * Turns of the idle loop from message to message: the engine's network sends 536 bytes a turn, so each message has left
 * before the next one comes, and no growing queue is measured.
 */
const TURNS = 4;

/** Instructions of a whole run, or nanoseconds without valgrind. */
async function run(stack: Stack, ports: Ports, kind: "publish" | "receive", n: number, size: number) {
  const job: Job = kind === "publish" ? { kind, n, size, turns: TURNS } : { kind, n };
  const engine = started(stack, "RAM", job, hasValgrind ? CALLGRIND : undefined);
  const began = process.hrtime.bigint();
  if (kind === "receive") {
    const client = await broker(ports, "sender");
    await engine.line(/^ready/, 60000);
    for (let i = 0; i < n; i++) client.publish("b/in", "x".repeat(size));
    await engine.ended();
    client.end();
  } else await engine.ended();
  const took = Number(process.hrtime.bigint() - began);
  const collected = engine.lines.map((line) => /Collected : (\d+)/.exec(line)?.[1]).find(Boolean);
  await engine.off();
  return hasValgrind ? Number(collected) : took;
}
