// Instructions inside the handlers of the engine: callgrind counts only while the engine runs an event callback, a timer or a
// queued event, so its idle loop costs nothing, however often it turns. The engine's console runs outside of them: it
// drives each step, and its work is not counted. One run measures all jobs of a stack, one after the other.

import { spawnSync } from "node:child_process";
import type { Engine } from "../../test/engine/engine.ts";
import type { SpeedJob } from "../jobs.ts";
import type { MessageCost } from "../report.ts";
import { Callgrind } from "./callgrind.ts";
import { type Place, started } from "./measure.ts";
import type { Stack } from "./stack.ts";
import { StepBroker } from "./step-broker.ts";

export const hasValgrind = spawnSync("valgrind", ["--version"]).status === 0;

/** The function of the engine that runs every callback. */
const HANDLER = "jsiExecuteEventCallback";
/**
 * In front of a program that runs from RAM: files are read into RAM once. A Linux build that does not map its Storage reads a
 * part from a file, a few bytes at a time.
 */
const IN_RAM = `(function (S, read) {
  S.read = function (name, at, length) {
    var text = read.call(S, name, at, length);
    return text && at === undefined ? E.toString(text, "") : text;
  };
})(require("Storage"), require("Storage").read);
`;
/** A native function that no stack calls. Callgrind writes what it has counted, and begins again, when it is called. */
export const MARK = { script: "E.getSizeOf(0)", symbol: "jswrap_espruino_getSizeOf" };
/** Turns of the engine after which nothing is under way: it reads the socket, runs the queued events, writes. */
const TURNS = 2;
const LAST_MS = 120_000;
/** Messages before those that count: the first ones make what later ones find. */
const WARM_UP = 1;

/** Exchanges of a job. Large messages differ less from one to the next. */
function roundsOf({ size, atOnce }: SpeedJob): number {
  return atOnce ? 1 : size < 100 ? 5 : 2;
}

/** The answers that end an exchange: the kind of the last packet that the engine sends. */
const LAST_SENT = { publish: ["publish", "publish", "pubrel"], receive: ["", "puback", "pubcomp"] } as const;

/** A stack under callgrind, step by step. */
export class Counted {
  private turn = 0;
  private constructor(
    readonly engine: Engine,
    readonly broker: StepBroker,
    private readonly callgrind: Callgrind,
  ) {}

  /** Boots the stack, and waits until it has subscribed: it says so, or the broker has seen it. */
  static async start(stack: Stack, broker: StepBroker, place: Place, says = true): Promise<Counted> {
    const callgrind = new Callgrind([MARK.symbol]);
    const program = (place === "RAM" ? IN_RAM : "") + stack.program;
    const tool = callgrind.tool(`--toggle-collect=${HANDLER}`);
    const engine = started({ ...stack, program }, place, { kind: "steps" }, tool);
    const counted = new Counted(engine, broker, callgrind);
    if (says) await engine.line(/^up$/, LAST_MS);
    else await broker.until("subscribe", 1);
    engine.type("echo(0)");
    await counted.quiet();
    // Ticks, keep alive and telemetry would come at random.
    await counted.run("clearInterval()");
    return counted;
  }

  /** Runs a line on the console: it is not counted, only what it puts into timers. */
  async run(line: string): Promise<void> {
    this.engine.lines.length = 0;
    this.turn++;
    this.engine.type(`${line};print("turn",${this.turn})`);
    await this.engine.line(new RegExp(`^turn ${this.turn}$`), LAST_MS);
  }

  async quiet(): Promise<void> {
    for (let i = 0; i < TURNS; i++) await this.run("0");
  }

  /** Begins to count again; callgrind writes the count so far to a file. */
  async mark(): Promise<void> {
    await this.run(MARK.script);
  }

  /** One job's messages, after a few that are not counted. */
  async job(job: SpeedJob): Promise<Omit<MessageCost, "instructions">> {
    const atOnce = job.atOnce ?? 1;
    await this.run(`prepare(${job.size},${job.qos},${atOnce})`);
    for (let i = 0; i < WARM_UP; i++) await this.exchange(job, atOnce);
    const before = this.broker.wire;
    await this.mark();
    const rounds = roundsOf(job);
    for (let i = 0; i < rounds; i++) await this.exchange(job, atOnce);
    await this.mark();
    const { wire } = this.broker;
    const all = rounds * atOnce;
    return { out: (wire.out - before.out) / all, in: (wire.in - before.in) / all };
  }

  private async exchange({ way, size, qos }: SpeedJob, atOnce: number): Promise<void> {
    if (way === "nothing") await this.run("setTimeout(none,0)");
    else {
      const kind = LAST_SENT[way][qos]!;
      const sent = this.broker.count(kind);
      if (way === "publish") await this.run(atOnce > 1 ? "setTimeout(sendMany,0)" : "setTimeout(send,0)");
      else for (let i = 0; i < atOnce; i++) this.broker.publish("b/in", "x".repeat(size), qos);
      if (kind) await this.broker.until(kind, sent + atOnce);
      else await this.received(atOnce);
    }
    await this.quiet();
  }

  /** At QoS 0 only the engine knows what has come. */
  private async received(count: number): Promise<void> {
    for (;;) {
      this.engine.lines.length = 0;
      this.engine.type('print("came",came)');
      const came = Number((await this.engine.line(/^came \d+$/, LAST_MS)).split(" ")[1]);
      if (came >= count) break;
    }
    await this.run("came=0");
  }

  /** Ends the engine. Returns the instructions of each section between two marks, the first mark's section left out. */
  async end(): Promise<number[]> {
    this.engine.type("quit()");
    await this.engine.ended();
    const dumps = this.callgrind.counts();
    await this.off();
    if (!dumps.some(Boolean))
      throw new Error(`callgrind found no ${HANDLER} in the engine: build it with its symbols`);
    return dumps;
  }

  async off(): Promise<void> {
    await this.engine.off();
    this.callgrind.off();
  }
}

/** What the harness itself costs. */
const NOTHING: SpeedJob = { way: "nothing", size: 0, qos: 0 };

/** What each job costs a message. Needs valgrind. */
export async function costs(
  stack: (ports: StepBroker["ports"]) => Promise<Stack>,
  place: Place,
  jobs: SpeedJob[],
): Promise<MessageCost[]> {
  const broker = await StepBroker.start();
  const counted = await Counted.start(await stack(broker.ports), broker, place);
  try {
    const wire: Omit<MessageCost, "instructions">[] = [];
    for (const job of [NOTHING, ...jobs]) wire.push(await counted.job(job));
    // Each job has a section of its own, and one between it and the next.
    const [idle, ...sections] = (await counted.end()).filter((_, i) => i % 2 === 0);
    return jobs.map((job, i) => {
      const { way, atOnce = 1 } = job;
      const turns = way === "publish" ? idle! / roundsOf(NOTHING) : 0;
      const rounds = roundsOf(job);
      return {
        ...wire[i + 1]!,
        instructions: Math.round((sections[i]! - rounds * turns) / (rounds * atOnce)),
      };
    });
  } finally {
    await counted.off();
    broker.stop();
  }
}
