// One run: a broker, a fleet, and stories one after the other with the same boards.

import { accountsOf } from "./accounts.ts";
import { BUCKET_MS } from "./boards/ledger.ts";
import type { Broker } from "./brokers/broker.ts";
import { Children } from "./brokers/children.ts";
import { ejabberd } from "./brokers/ejabberd.ts";
import { mosquitto } from "./brokers/mosquitto.ts";
import { rabbitmq } from "./brokers/rabbitmq.ts";
import { build } from "./bundle.ts";
import { Crew } from "./crew.ts";
import { Desk } from "./desk.ts";
import { curveOf, type Result, seriesOf } from "./figures.ts";
import { Front } from "./front.ts";
import type { FleetOptions } from "./options.ts";
import { STORIES, wait } from "./stories.ts";

const MAKERS = { mosquitto, rabbitmq, ejabberd };
/** Boards that are switched on a second, where their start is not the story. */
const STARTS_A_SECOND = 200;
/** The longest waits: until all boards are up, and until every message has its answer and its reader, in s. */
const UP_LIMIT_S = 400;
const SETTLE_LIMIT_S = 240;
/** How long boards publish and take commands after they are all up, in s. Their costs are measured meanwhile. */
const HOLD_S = 20;
/** How long nothing must arrive before everything has. */
const QUIET_S = 5;

export class Run {
  private over = false;

  private constructor(
    private readonly options: FleetOptions,
    private readonly children: Children,
    private readonly broker: Broker,
    private readonly crew: Crew,
    private readonly desk: Desk,
    private readonly front: Front,
    private readonly say: (line: string) => void,
  ) {}

  static async start(options: FleetOptions, say: (line: string) => void): Promise<Run> {
    const children = new Children();
    try {
      say(`starting ${options.broker} in ${children.folder}`);
      const broker = await MAKERS[options.broker](children);
      const { boards, kind, everyS, workers } = options;
      const { url, version } = broker;
      const code = kind === "bundle" ? await build(version, say) : undefined;
      say(`making ${boards} boards (${kind}, MQTT ${version === 5 ? "5" : "3.1.1"}) in ${workers} processes`);
      const crew = await Crew.start({ kind, boards, workers, url, version, everyS, ...(code && { code }) });
      const desk = await Desk.start(broker, everyS);
      crew.onReady = (ready) => {
        for (const board of ready) desk.add(board);
      };
      crew.order({ do: "door", port: broker.port });
      return new Run(options, children, broker, crew, desk, await Front.start(broker.port, version), say);
    } catch (error) {
      await children.stop();
      throw error;
    }
  }

  /** Tells the stories; calls back with the result of each. */
  async tell(told: (result: Result) => void): Promise<void> {
    const { stories, boards, calmS } = this.options;
    if (stories[0] !== "cold") {
      this.crew.begin(boards / STARTS_A_SECOND);
      await this.untilUp(UP_LIMIT_S);
    }
    for (const name of stories) {
      if (name !== "cold") {
        this.say(`${calmS} s of calm before the story ${name}`);
        await wait(calmS);
        await this.settle();
      }
      const result = await this.one(name);
      if (this.over) return;
      told(result);
    }
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.crew.stop();
    await this.desk.stop();
    await this.front.stop();
    await this.children.stop();
  }

  private async one(name: string): Promise<Result> {
    const { broker, crew, desk, front, options } = this;
    const story = STORIES[name]!;
    await crew.books();
    desk.turn();
    this.quiet(false);
    const upBefore = crew.up;
    // The ledgers count by tenths of a second.
    const began = Math.floor(Date.now() / BUCKET_MS) * BUCKET_MS;
    this.say(`${name}: ${story.says}`);
    const ready = await story.run({ broker, crew, front, awayS: options.awayS });
    await this.untilUp(UP_LIMIT_S);
    const over = Date.now() + 1000;
    front.manner = "pass";
    crew.order({ do: "door", port: broker.port });
    const before = { cpuS: crew.cpuS, at: Date.now() };
    await wait(HOLD_S);
    const core = (1e6 * (crew.cpuS - before.cpuS)) / (Date.now() - before.at) / options.boards;
    await this.settle();
    const pages = await crew.books();
    const { boards } = options;
    const count = { moments: crew.moments, began, ready, over, boards, upBefore };
    return {
      ...{ broker: broker.name, story: name, boards, client: options.kind },
      ...{ version: broker.version, everyS: options.everyS },
      series: seriesOf(count),
      curve: curveOf(count),
      mostAttempts: Math.max(...pages.map((page) => page.mostAttempts)),
      accounts: accountsOf(pages, { desk, broker, killed: story.kills === true }),
      ...(broker.balancer && { load: await broker.balancer.load() }),
      cost: { kb: Math.round((crew.mb * 1024) / boards), core: Math.round(core * 100) / 100 },
    };
  }

  private quiet(on: boolean): void {
    this.crew.order({ do: "quiet", on });
    this.desk.commanding = !on;
  }

  private async untilUp(limitS: number): Promise<void> {
    const { boards } = this.options;
    // The workers report once a second.
    await wait(2);
    for (let s = 2; this.crew.up < boards; s++) {
      if (s >= limitS) return this.say(`only ${this.crew.up} of ${boards} boards are up after ${limitS} s`);
      if (s % 20 === 0) this.say(`${this.crew.up} of ${boards} boards are up`);
      await wait(1);
    }
  }

  /** Stops the publishing, and waits until every message has its answer and its reader. */
  private async settle(): Promise<void> {
    const { crew, desk } = this;
    this.quiet(true);
    let seen = -1;
    for (let s = 0, calm = 0; calm < QUIET_S; s++) {
      if (s >= SETTLE_LIMIT_S)
        return this.say(`${crew.waiting} messages and ${desk.waiting} commands have no answer yet`);
      await wait(1);
      calm = crew.waiting + desk.waiting === 0 && desk.arrived === seen ? calm + 1 : 0;
      seen = desk.arrived;
    }
  }
}
