// The measurements, each for one stack: memory, writes, instructions. It reads what the harness prints, and
// does not know the stacks.

import mqtt, { type MqttClient } from "mqtt";
import { Engine } from "../../test/engine/engine.ts";
import type { EngineKind } from "../report.ts";
import { harness, type Job } from "./harness.ts";
import type { Ports, Stack } from "./stack.ts";
import { nothing } from "./stacks.ts";

/** The search for the smallest memory: how far it goes above what is too little, and how exact it is. In variables. */
const SEARCHED = 1024;
const STEP = 8;

/** Where the code is. */
export type Place = "flash" | "RAM";

/** When memory runs out the engine prints this and goes on. A board that prints it does not work. */
const OUT_OF_MEMORY = /memory|LOW_MEM/i;

/** What the engine reports about itself. */
export async function kindOf(): Promise<EngineKind> {
  const engine = new Engine({}).boot(
    'var m=process.memory();print("kind",process.version,m.total,m.blocksize,E.getAddressOf(require("Storage").read("ws"),true)?1:0);quit()',
  );
  const [version, total, blocksize, mapped] = (await engine.line(/^kind /)).split(" ").slice(1);
  await engine.off();
  // Chips have few variables, of 12 to 16 bytes each. A plain Linux build allocates more while it runs.
  const chip = Number(blocksize) <= 16 && Number(total) <= 65535;
  return {
    version: version!,
    total: Number(total),
    blocksize: Number(blocksize),
    chip,
    mapped: mapped === "1",
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

/**
 * Smallest memory, in variables, with which a message of this size goes out and comes back, twice.
 * @param low so many free ones are too few
 */
export async function smallest(stack: Stack, size: number, low = 100): Promise<number> {
  let high = low + SEARCHED;
  let total = 0;
  while (high - low > STEP) {
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

/** Writes to the socket for each message of 20 bytes, at each QoS that the stack can do. */
export async function writes(stack: Stack): Promise<number[]> {
  const n = 10;
  const counts = [];
  for (let qos = 0; qos <= stack.maxQos; qos++) {
    const engine = started(stack, "flash", { kind: "writes", n, size: 20, qos });
    const [count] = await numbers(engine, /^writes /);
    await engine.off();
    counts.push(count! / n);
  }
  return counts;
}
