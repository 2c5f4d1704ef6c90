// Carries out the plan on the proxy, the radio and the broker, and counts the faults.
import { after, type Clock } from "../../board/virtual/clock.ts";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import type { Mosquitto } from "../brokers/mosquitto.ts";
import { type Deck, type End, Plan, type Trouble } from "./plan.ts";
import { ChaosProxy } from "./proxy.ts";

/** A refusal that does not mean a wrong password. */
const REFUSAL = "ASSOC_FAIL";

export interface StormOptions {
  seed: number;
  /** Number of connections with trouble. */
  connections: number;
  deck?: Deck;
  /** The board's time. */
  clock: Clock;
  broker: Mosquitto;
  /** Port behind the proxy: the broker's, or that of a TLS server before it. */
  to: number;
  /** Called before a restart: waits until the messages that the broker has acknowledged have arrived. */
  settled(): Promise<void>;
  /** Called after it: waits until the peer is there again. Until then the proxy refuses connections. */
  restarted(): Promise<void>;
}

export class Storm {
  /** How often each kind of trouble began. */
  readonly faults: Record<string, number> = {};
  /** The board in the storm. */
  board: VirtualBoard | undefined;
  /** The error that ended the storm itself. */
  failure: unknown;
  proxy!: ChaosProxy;
  private readonly plan: Plan;
  private restarting = Promise.resolve();
  private cancelComeBack = () => {};

  private constructor(private readonly options: StormOptions) {
    this.plan = new Plan(options.seed, options.connections, options.deck);
  }

  static async start(options: StormOptions): Promise<Storm> {
    const storm = new Storm(options);
    storm.proxy = await ChaosProxy.start({
      to: options.to,
      clock: options.clock,
      next: () => storm.plan.next(),
      began: (trouble) => storm.began(trouble),
      ended: (end) => storm.ended(end),
    });
    return storm;
  }

  /** Whether there is no more trouble to come. */
  get over(): boolean {
    return this.plan.over && !this.proxy.closed;
  }

  /** Ends the trouble with the present connection. */
  calm(): void {
    this.plan.calm();
  }

  get total(): number {
    return Object.values(this.faults).reduce((sum, n) => sum + n, 0);
  }

  async stop(): Promise<void> {
    this.cancelComeBack();
    this.proxy.stop();
    await this.restarting;
  }

  private began({ manner }: Trouble): void {
    if (manner.kind !== "plain") this.count(manner.kind);
  }

  private ended({ kind, ms }: End): void {
    this.count(kind);
    if (kind === "refusal") this.proxy.refuse(ms);
    else if (kind === "restart") this.restart();
    else this.weather(kind, ms);
  }

  private count(kind: string): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
  }

  private restart(): void {
    const { broker, settled, restarted } = this.options;
    const again = async () => {
      this.proxy.closed = true;
      await settled();
      await broker.restart();
      await restarted();
      this.proxy.closed = false;
    };
    this.restarting = this.restarting.then(again).catch((error) => {
      this.failure = error;
    });
  }

  private weather(kind: End["kind"], ms: number): void {
    const wifi = this.board?.wifi;
    if (!wifi || !["drop", "vanish", "refuse", "mute"].includes(kind)) return;
    if (kind === "vanish") wifi.vanish();
    else {
      if (kind === "refuse") wifi.refuse(REFUSAL);
      if (kind === "mute") wifi.silent = true;
      wifi.drop();
    }
    this.cancelComeBack();
    this.cancelComeBack = after(this.options.clock, ms, () => wifi.comeBack());
  }
}
