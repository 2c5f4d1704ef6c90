// One chaos run: the firmware on a virtual board, a storm between it and mosquitto, a peer of other authors on the
// other side. It counts; the tests judge.
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Crank } from "../../testing/crank.ts";
import { Mosquitto } from "../brokers/mosquitto.ts";
import { PSK, pskServer } from "../brokers/psk.ts";
import { Front } from "../brokers/tls.ts";
import { appBundle, type Build } from "../support/app-bundle.ts";
import { until } from "../support/until.ts";
import { Peer } from "./peer.ts";
import type { Deck } from "./plan.ts";
import { Storm } from "./storm.ts";
import { Tally } from "./tally.ts";

export interface ChaosOptions extends Build {
  seed: number;
  /** Messages from the board and to it, at each of QoS 1 and 2. */
  up: number;
  down: number;
  /** Connections that get into trouble. */
  connections: number;
  deck?: Deck;
  /** The most ms of the board in one of the PC. The board's waits and deadlines are those that it ships with. */
  speed: number;
  /** Whether the board and the broker talk over TLS with a pre-shared key; the trouble is outside of it. */
  psk?: boolean;
  /** Whether the broker keeps its sessions over a restart. */
  persistence: boolean;
  /** The longest that the run may take, in s of the board. */
  limitS: number;
}

/** Messages that the peer is ahead of the board at most, at each QoS. */
const AHEAD = 30;

/** Lines of the board that are left out of the log of a failure. */
const REPORT = /^= (got|told|most|quiet)/;

export class ChaosRun {
  /** Messages that the board received, and callbacks for its own messages, by QoS. */
  readonly got = { 1: new Tally(), 2: new Tally() };
  readonly told = { 1: new Tally(), 2: new Tally() };
  /** Other lines of the board, the latest last. */
  readonly log: string[] = [];
  /** The largest sizes of the outbox and other lists, see app.ts. */
  most: number[] = [];
  /** Lines about messages that arrived changed, and callbacks with another reason than SUCCESS. */
  readonly bad: string[] = [];
  complete = false;
  /** Whether everything was answered on this connection. */
  private quiet = false;
  /** Connections on which the board reached MQTT, and those on which the broker had forgotten its session. */
  logins = 0;
  anew = 0;
  readonly began = performance.now();

  private constructor(
    readonly options: ChaosOptions,
    readonly broker: Mosquitto,
    readonly storm: Storm,
    readonly peer: Peer,
    private readonly crank: Crank,
    private readonly ends: (() => unknown)[],
  ) {}

  static async start(options: ChaosOptions): Promise<ChaosRun> {
    const { seed, up, down, persistence } = options;
    const broker = await Mosquitto.start({ persistence });
    const crank = new Crank(() => run.peer.beat(), options.speed);
    const ends: (() => unknown)[] = [];
    const t = { after: (end: () => unknown) => void ends.push(end) };
    const to = options.psk
      ? (await Front.start(t as never, broker.ports.ws, pskServer())).port
      : broker.ports.ws;
    const storm = await Storm.start({
      ...options,
      broker,
      to,
      clock: crank.clock,
      settled: () => (persistence ? Promise.resolve() : run.settled()),
      // Until the peer has subscribed again, the broker would acknowledge messages that nobody receives.
      restarted: () => run.peer.subscribe(),
    });
    const may = (qos: 1 | 2, n: number) => run.may(qos, n);
    const peer = await Peer.start({ port: broker.ports.tcp, topic: "chaos", messages: down, may });
    const run: ChaosRun = new ChaosRun(options, broker, storm, peer, crank, ends);
    const board = new VirtualBoard({
      code: await appBundle({ file: "test/chaos/app.ts", name: "chaos" }, options),
      files: { "config.json": JSON.stringify(configOf(storm.proxy.url, `${up} ${down}`, options.psk)) },
      clock: crank.clock,
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

  get boardSeconds(): number {
    return this.crank.clock.now() / 1000;
  }

  get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** Lets the board's time pass until every message has arrived and the board is idle. */
  async finish(): Promise<void> {
    const over = () => this.done || this.broken || this.storm.failure !== undefined;
    await this.crank.until(over, "the last message", () => this.report, this.options.limitS * 1000);
    if (this.storm.failure !== undefined) throw new Error(`${this.storm.failure}\n${this.report}`);
    if (this.broken) throw new Error(`a message came twice at QoS 2, or changed\n${this.report}`);
    await this.crank.until(
      () => this.board.idle,
      "the board to be idle",
      () => this.report,
    );
  }

  async stop(): Promise<void> {
    this.board.off();
    await this.storm.stop();
    for (const end of this.ends) await end();
    await this.peer.stop();
    await this.broker.stop();
  }

  /** All counts and the last lines, for the message of a failure. */
  get report(): string {
    const { options } = this;
    const passed = `${this.boardSeconds.toFixed(0)} s of the board, ${this.anew} sessions forgotten`;
    const counts = ([1, 2] as const).map((qos) => {
      const { size } = this.peer.got[qos];
      const absent = [...this.told[qos].missing(options.up), ...this.peer.got[qos].missing(options.up)];
      const numbers = absent.slice(0, NUMBERS).join(" ");
      return `QoS ${qos}: ${size} up, ${this.told[qos].size} told, ${this.got[qos].size} down; not told, not up: ${numbers}`;
    });
    return [`seed ${options.seed}`, passed, ...counts, JSON.stringify(this.storm.faults), ...this.log].join(
      "\n",
    );
  }

  /** Whether a promise is broken already, so that the run need not go on. */
  private get broken(): boolean {
    const { got, bad } = this.peer;
    return this.bad.length + bad.length + got[2].repeats + this.got[2].repeats > 0;
  }

  private get done(): boolean {
    // The board cannot know which messages a broker has forgotten.
    const arrived =
      !this.options.persistence || this.peer.got[1].size + this.peer.got[2].size >= 2 * this.options.up;
    return this.complete && arrived;
  }

  /** Whether the peer may publish message `n` now. */
  private may(qos: 1 | 2, n: number): boolean {
    const { storm, options } = this;
    if (n - this.got[qos].size >= AHEAD) return false;
    // The last messages wait until the plan is over and the board has subscribed again.
    if (n < options.down - AHEAD) return true;
    return storm.over && (options.persistence || this.quiet);
  }

  /** Cuts the board off, and waits until the peer has all QoS 1 messages that the broker has acknowledged. */
  private async settled(): Promise<void> {
    this.storm.proxy.cut();
    const arrived = () => this.told[1].size <= this.peer.got[1].size;
    await until(arrived, "what the broker has acknowledged", () => this.report);
  }

  private hear(line: string): void {
    const [mark, word, qos, n, reason] = line.split(" ");
    if (mark === "=" && word === "got") this.got[qos === "1" ? 1 : 2].add(Number(n));
    else if (mark === "=" && word === "told") {
      this.told[qos === "1" ? 1 : 2].add(Number(n));
      if (reason !== "0") this.bad.push(line);
    } else if (mark === "=" && word === "bad") this.bad.push(line);
    else if (mark === "=" && word === "most") this.most = line.split(" ").slice(2).map(Number);
    else if (mark === "=" && word === "anew") this.anew++;
    else if (mark === "=" && word === "quiet") this.quiet = true;
    else if (mark === "=" && word === "complete") this.complete = true;
    // Earlier messages would have no subscriber.
    else if (mark === "=" && word === "subscribed") this.peer.begin();
    if (/ mqtt CONNECTED /.test(line)) this.logins++;
    if (/ link DOWN/.test(line)) this.quiet = false;
    this.board.lines.length = 0;
    if (REPORT.test(line) || / GOT \d+ bytes /.test(line)) return;
    this.log.push(line);
    if (this.log.length > LOG_LINES) this.log.shift();
  }
}

function configOf(url: string, message: string, psk = false) {
  return {
    wifi: { ssid: "storm" },
    mqtt: {
      ...(psk ? { url: url.replace("ws:", "wss:"), tls: { psk: PSK } } : { url }),
      clientId: "board",
      cleanSession: false,
    },
    app: { topic: "chaos", message },
    log: 2,
  };
}

/** Numbers of absent messages that the report of a failure has at most, at each QoS. */
const NUMBERS = 20;
/** Lines that it has at most. */
const LOG_LINES = 60;
