// The other side of a fleet: three consumers that read what the boards publish, and a commander. All are MQTT.js.
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { topicOf } from "./boards/fleet.ts";
import type { Broker } from "./brokers/broker.ts";
import { Tally } from "./tally.ts";

const CONSUMERS = 3;
const FILTER = "fleet/+/up";
const SESSION_S = 7200;
/** Commands that wait for the broker's answer, at most. */
const MOST_OPEN = 500;
const TICK_MS = 100;

export class Desk {
  /** Of consumers that get all messages, one tally each: the three, or one witness beside a group that shares them. */
  readonly tallies: Tally[] = [];
  /** What the group that shares them got together, where the broker has shared subscriptions. */
  readonly group: Tally | undefined;
  /** Messages that came, in all. */
  arrived = 0;
  /** Whether the broker has lost the session of a consumer, since {@link turn}. */
  lostSession = false;
  /** Numbers of the next command, by board, and the first ones of this story. */
  private readonly next = new Map<number, [number, number]>();
  private from = new Map<number, [number, number]>();
  /** Commands that the commander's own client has given up: `<board> <QoS> <number>`. */
  readonly unsent = new Set<string>();
  private readonly ready: number[] = [];
  private readonly clients: MqttClient[] = [];
  private commander!: MqttClient;
  private open = 0;
  private due = 0;
  private at = 0;
  private timer: NodeJS.Timeout | undefined;
  commanding = true;

  private constructor(
    private readonly broker: Broker,
    /** Seconds between two commands to a board, at each QoS. */
    private readonly everyS: number,
  ) {
    if (broker.shared) this.group = new Tally();
  }

  static async start(broker: Broker, everyS: number): Promise<Desk> {
    const desk = new Desk(broker, everyS);
    for (let i = 1; i <= CONSUMERS; i++) {
      if (desk.group) await desk.consume(`consumer-${i}`, `$share/desk/${FILTER}`, desk.group);
      else await desk.witness(`consumer-${i}`);
    }
    if (desk.group) await desk.witness("witness");
    desk.commander = await desk.connect("commander");
    desk.timer = setInterval(() => desk.tick(), TICK_MS);
    return desk;
  }

  /** This board takes commands from now on. */
  add(board: number): void {
    if (!this.next.has(board)) this.ready.push(board);
    this.next.set(board, this.next.get(board) ?? [0, 0]);
  }

  /** Commands that the broker has not acknowledged yet. */
  get waiting(): number {
    return this.open;
  }

  /** Commands to a board since the last {@link turn}, by QoS: the first number, and the one after the last. */
  commands(board: number): { from: [number, number]; to: [number, number] } {
    return { from: this.from.get(board) ?? [0, 0], to: this.next.get(board) ?? [0, 0] };
  }

  /** A new story begins. */
  turn(): void {
    this.from = new Map([...this.next].map(([board, [one, two]]) => [board, [one, two]]));
    this.lostSession = false;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const client of this.clients) client.end(true);
  }

  private async connect(name: string): Promise<MqttClient> {
    const options: IClientOptions = {
      clientId: `desk-${name}`,
      clean: false,
      protocolVersion: this.broker.version,
      ...(this.broker.version === 5 && { properties: { sessionExpiryInterval: SESSION_S } }),
      reconnectPeriod: 1000,
    };
    const client = await mqtt.connectAsync(this.broker.deskUrl, options);
    client.on("error", () => {});
    this.clients.push(client);
    return client;
  }

  private witness(name: string): Promise<void> {
    const tally = new Tally();
    this.tallies.push(tally);
    return this.consume(name, FILTER, tally);
  }

  private async consume(name: string, filter: string, tally: Tally): Promise<void> {
    const client = await this.connect(name);
    client.on("message", (topic, payload) => {
      const [qos, n] = payload.toString().split(" ");
      this.arrived++;
      tally.add(Number(topic.split("/")[1]!.slice(1)), Number(qos), Number(n));
    });
    client.on("connect", ({ sessionPresent }) => {
      if (!sessionPresent) this.lostSession = true;
      // mosquitto 2.0.11 says after its restart that it has kept the session, and sends nothing for its shared subscriptions
      // until they are taken back and made again.
      if (tally === this.group) client.unsubscribe(filter);
      client.subscribe(filter, { qos: 2 });
    });
    await client.subscribeAsync(filter, { qos: 2 });
  }

  private tick(): void {
    this.due = Math.min(this.due + (this.ready.length / this.everyS) * (TICK_MS / 1000), this.ready.length);
    for (; this.due >= 1; this.due--) {
      if (!this.commanding || !this.commander.connected || this.open >= MOST_OPEN) continue;
      this.at = (this.at + 1) % this.ready.length;
      const board = this.ready[this.at]!;
      for (const qos of [1, 2] as const) this.command(board, qos);
    }
  }

  private command(board: number, qos: 1 | 2): void {
    const n = this.next.get(board)![qos - 1]!++;
    this.open++;
    this.commander.publish(`${topicOf(board)}/down`, `${qos} ${n}`, { qos }, (error) => {
      this.open--;
      // MQTT.js gave it up.
      if (error) this.unsent.add(`${board} ${qos} ${n}`);
    });
  }
}
