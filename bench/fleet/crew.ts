// The worker processes of a run: orders to all of them, and what they report together.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Moment, Page } from "./boards/ledger.ts";
import type { Begin, Kind, Order, Report } from "./boards/worker.ts";

export interface CrewOptions {
  kind: Kind;
  boards: number;
  workers: number;
  url: string;
  version: 4 | 5;
  everyS: number;
  /** The program of boards that run the bundle. */
  code?: Record<string, string>;
}

interface Worker {
  child: ChildProcess;
  up: number;
  waiting: number;
  cpuS: number;
  /** MB in use before it had any board, and when its books were handed in last. */
  emptyMb: number;
  mb: number;
  heard(report: Report): void;
}

export class Crew {
  /** Counts by tenths of a second. */
  readonly moments: Moment[] = [];
  /** Called with boards that take commands from now on. */
  onReady: (boards: number[]) => void = () => {};
  private readonly workers: Worker[] = [];

  private constructor(readonly options: CrewOptions) {}

  static async start(options: CrewOptions): Promise<Crew> {
    const crew = new Crew(options);
    const { boards, workers } = options;
    const made = [];
    for (let i = 0; i < workers; i++) {
      const [from, to] = [i, i + 1].map((k) => Math.floor((k * boards) / workers)) as [number, number];
      if (to > from) made.push(crew.fork({ ...options, from, to }));
    }
    await Promise.all(made);
    return crew;
  }

  get up(): number {
    return this.sum((worker) => worker.up);
  }

  /** Messages without an acknowledgement. */
  get waiting(): number {
    return this.sum((worker) => worker.waiting);
  }

  /** MB that all boards take, when their books were handed in last. */
  get mb(): number {
    return this.sum(({ mb, emptyMb }) => mb - emptyMb);
  }

  /** Seconds of CPU so far. */
  get cpuS(): number {
    return this.sum((worker) => worker.cpuS);
  }

  order(order: Order): void {
    for (const { child } of this.workers) if (child.connected) child.send(order);
  }

  /** Switches on all boards, evenly over some seconds. */
  begin(overS: number): void {
    this.order({ do: "start", overS });
  }

  /** The books of all boards; new ones begin. */
  async books(): Promise<Page[]> {
    const all = this.workers.map(
      (worker) =>
        new Promise<Page[]>((done) => {
          const before = worker.heard;
          worker.heard = (report) => {
            if (report.is !== "books") return before(report);
            worker.heard = before;
            worker.mb = report.mb;
            done(report.pages);
          };
        }),
    );
    this.order({ do: "close" });
    return (await Promise.all(all)).flat();
  }

  async stop(): Promise<void> {
    this.order({ do: "stop" });
    await Promise.all(
      this.workers.map(({ child }) => child.exitCode ?? new Promise((done) => child.once("exit", done))),
    );
  }

  private async fork(begin: Begin): Promise<void> {
    // A test's own environment is not for them.
    const { NODE_TEST_CONTEXT: _, NODE_V8_COVERAGE: __, ...env } = process.env;
    const child = fork(join(import.meta.dirname, "boards", "worker.ts"), {
      env,
      execArgv: ["--expose-gc", "--import", "tsx", ...(begin.version === 5 ? ["--conditions=five"] : [])],
    });
    const worker: Worker = {
      ...{ child, up: 0, waiting: 0, mb: 0, cpuS: 0, emptyMb: 0 },
      heard: (report) => {
        if (report.is === "news") this.read(worker, report);
      },
    };
    this.workers.push(worker);
    child.on("message", (report: Report) => worker.heard(report));
    await new Promise<void>((done, failed) => {
      const { heard } = worker;
      child.once("exit", (code) => failed(new Error(`a worker process has ended with ${code}`)));
      worker.heard = (report) => {
        if (report.is !== "begun") return heard(report);
        worker.heard = heard;
        worker.emptyMb = report.mb;
        done();
      };
      child.send({ do: "begin", begin } satisfies Order);
    });
  }

  private read(worker: Worker, { moments, up, ready, waiting, cpuS }: Report & { is: "news" }): void {
    this.moments.push(...moments);
    Object.assign(worker, { up, waiting, cpuS });
    if (ready.length) this.onReady(ready);
  }

  private sum(of: (worker: Worker) => number): number {
    return this.workers.reduce((sum, worker) => sum + of(worker), 0);
  }
}
