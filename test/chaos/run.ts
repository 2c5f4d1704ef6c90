// One chaos run: the firmware on a virtual board whose clock runs fast, a storm between it and mosquitto, a peer of
// another make on the other side. Counts, and judges nothing.
import { RealClock } from "../../board/host/clock.ts";
import { VirtualBoard } from "../../board/host/virtual-board.ts";
import { Mosquitto } from "../host/mosquitto.ts";
import { chaosBundle } from "./bundle.ts";
import { Peer } from "./peer.ts";
import type { Deck } from "./plan.ts";
import { Storm } from "./storm.ts";
import { Tally } from "./tally.ts";

export interface ChaosOptions {
  seed: number;
  /** Messages each way at each of QoS 1 and 2. */
  messages: number;
  /** Connections that get into trouble. */
  connections: number;
  deck?: Deck;
  /** Seconds of the board in one of ours: its waits and deadlines are those that it ships with. */
  speed: number;
  /** Whether the broker keeps its sessions over a restart. */
  persistence: boolean;
  /** Longest time that the run may take, in s. */
  patienceS: number;
}

/** Messages that the peer is ahead of the board at most, at each QoS. */
const AHEAD = 30;

/** What the board said that does not go into the log of a failure. */
const REPORT = /^= (got|told|most) /;

export class ChaosRun {
  /** What the board got, and was told of its own messages, by QoS. */
  readonly got = { 1: new Tally(), 2: new Tally() };
  readonly told = { 1: new Tally(), 2: new Tally() };
  /** Lines of the board that are no report, the latest last. */
  readonly log: string[] = [];
  /** The most that the outbox and its kin ever held, see app.ts. */
  most: number[] = [];
  /** Messages that arrived changed, and callbacks with another reason than SUCCESS. */
  bad = 0;
  complete = false;
  /** Connections on which the board reached MQTT. */
  logins = 0;
  readonly began = performance.now();

  private constructor(
    readonly options: ChaosOptions,
    readonly broker: Mosquitto,
    readonly storm: Storm,
    readonly peer: Peer,
  ) {}

  static async start(options: ChaosOptions): Promise<ChaosRun> {
    const { seed, messages, persistence } = options;
    const broker = await Mosquitto.start({ persistence });
    const back = () => until(() => run.peer.connected, 10_000);
    const storm = await Storm.start({ ...options, broker, restarted: back });
    // Slower near the end: the last messages are for the time when the plan is over.
    const may = (qos: 1 | 2, n: number) => n - run.got[qos].size < AHEAD && (n < messages - AHEAD || storm.over);
    const peer = await Peer.start({ port: broker.ports.tcp, topic: "chaos", messages, may });
    const run: ChaosRun = new ChaosRun(options, broker, storm, peer);
    const board = new VirtualBoard({
      code: await chaosBundle(),
      files: { "config.json": JSON.stringify(run.config) },
      clock: new RealClock(options.speed),
      entropy: seed || 1,
      onLine: (line) => run.hear(line),
    });
    storm.board = board;
    board.boot();
    return run;
  }

  get board(): VirtualBoard {
    return this.storm.board!;
  }

  get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** Waits until every message has arrived; rejects with what is missing when it takes too long. */
  async finish(): Promise<void> {
    const { patienceS } = this.options;
    await until(() => this.done || this.storm.failure !== undefined, patienceS * 1000);
    if (this.done) return;
    throw new Error(`${this.storm.failure ?? `not done after ${patienceS} s`}\n${this.report}`);
  }

  async stop(): Promise<void> {
    this.board.off();
    await this.storm.stop();
    await this.peer.stop();
    await this.broker.stop();
  }

  /** Everything that is known, for a message about a failure. */
  get report(): string {
    const counts = ([1, 2] as const).map((qos) => {
      const { size } = this.peer.got[qos];
      return `QoS ${qos}: ${size} up, ${this.told[qos].size} told, ${this.got[qos].size} down`;
    });
    return [`seed ${this.options.seed}`, ...counts, JSON.stringify(this.storm.faults), ...this.log].join("\n");
  }

  private get done(): boolean {
    const { messages } = this.options;
    return this.complete && [1, 2].every((qos) => this.peer.got[qos as 1 | 2].size >= messages);
  }

  private get config() {
    const { messages } = this.options;
    return {
      wifi: { ssid: "storm" },
      mqtt: { url: this.storm.proxy.url, clientId: "board", cleanSession: false },
      app: { topic: "chaos", message: `${messages}` },
      log: 2,
    };
  }

  private hear(line: string): void {
    const [mark, word, qos, n, reason] = line.split(" ");
    if (mark === "=" && word === "got") this.got[qos === "1" ? 1 : 2].add(Number(n));
    else if (mark === "=" && word === "told") {
      this.told[qos === "1" ? 1 : 2].add(Number(n));
      if (reason !== "0") this.bad++;
    } else if (mark === "=" && word === "bad") this.bad++;
    else if (mark === "=" && word === "most") this.most = line.split(" ").slice(2).map(Number);
    else if (mark === "=" && word === "complete") this.complete = true;
    // What was published before would be nobody's.
    else if (mark === "=" && word === "subscribed") this.peer.begin();
    if (/ mqtt CONNECTED /.test(line)) this.logins++;
    this.board.lines.length = 0;
    if (REPORT.test(line) || / GOT \d+ bytes /.test(line)) return;
    this.log.push(line);
    if (this.log.length > LOG_LINES) this.log.shift();
  }
}

/** Lines that the report of a failure has at most. */
const LOG_LINES = 400;

async function until(condition: () => boolean, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!condition() && performance.now() < end) await new Promise((done) => setTimeout(done, 5));
}
