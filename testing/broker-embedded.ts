// The broker in this process: MQTT 3.1.1. Virtual boards reach it without TCP, everything else over TCP or WebSocket.
import type { Duplex } from "node:stream";
import type { Packet } from "mqtt-packet";
import { NearSocket } from "../board/virtual/near.ts";
import type { Destination, Failure, Link } from "../board/virtual/tcp.ts";
import { EmbeddedBroker, type Happening } from "../tools/demo/broker.ts";
import { type Answer, type Answered, Answers, Between } from "./answers.ts";
import { quiet } from "./crank.ts";
import type { BrokerOptions } from "./kit.ts";
import { type Caller, REFUSED, TestBroker } from "./test-broker.ts";

/** A virtual board's connection, and when the board was last heard, in ms of its time. */
interface Heard {
  board: Caller;
  at: number;
  /** 0 = it may be silent for ever. */
  keepAliveS: number;
}

export class EmbeddedTestBroker extends TestBroker {
  override readonly kind = "embedded";
  override readonly stepMs = Number.POSITIVE_INFINITY;
  private broker!: EmbeddedBroker;
  private readonly answers = new Answers();
  private readonly boards = new Map<Duplex, Heard>();
  private readonly clients = new Set<Between>();
  /** Boards by their Client Identifiers. */
  private readonly owners = new Map<string, object>();
  private refusals: { status: number; times: number }[] = [];
  /** Counts what moved. */
  private traffic = 0;

  static async start({ user, password }: BrokerOptions): Promise<EmbeddedTestBroker> {
    const it = new EmbeddedTestBroker();
    it.broker = await EmbeddedBroker.start({
      user,
      password,
      tcpPort: 0,
      between: (stream, socket) => it.stand(stream, socket),
      refuses: () => it.refusal(),
    });
    it.broker.unref();
    it.broker.onHappening = (happening) => it.note(happening);
    return it;
  }

  override get url(): string {
    return this.broker.url;
  }

  override get tcpPort(): number {
    return this.broker.tcpPort!;
  }

  override take(_to: Destination, board: Caller): Link | Failure {
    if (!this.broker.on) return REFUSED;
    const socket = new NearSocket(board.online, () => this.traffic++);
    this.boards.set(socket, { board, at: board.now(), keepAliveS: 0 });
    socket.once("close", () => {
      this.traffic++;
      this.boards.delete(socket);
    });
    setImmediate(() => this.broker.accept(socket));
    return socket.linkTo(() => {
      this.traffic++;
      board.onActivity();
    });
  }

  override pace(): Promise<void> {
    return quiet(() => this.traffic);
  }

  /** Ends the connections of boards that have been silent for 1.5 times their keep alive [MQTT-3.1.2-24]. */
  override tick(): void {
    for (const [socket, { board, at, keepAliveS }] of this.boards)
      if (keepAliveS && board.now() - at > keepAliveS * 1500) socket.destroy();
  }

  override publish(
    topic: string,
    payload: string | Uint8Array,
    { qos = 0, retain = false }: { qos?: 0 | 1 | 2; retain?: boolean } = {},
  ): Promise<void> {
    const bytes = typeof payload === "string" ? Buffer.from(payload) : Buffer.from(payload);
    return this.broker.publish(topic, bytes, qos, retain);
  }

  override goAway(): Promise<void> {
    return this.broker.goAway();
  }

  override comeBack(): Promise<void> {
    return this.broker.comeBack();
  }

  override cut(): void {
    this.broker.cut();
  }

  override answer(packet: Answered, answer: Answer, times?: number): void {
    this.answers.add(packet, answer, times);
  }

  override refuse(status: number, times = 1): void {
    this.refusals.push({ status, times });
  }

  override say(bytes: Uint8Array): void {
    for (const client of this.clients) client.say(bytes);
  }

  protected override end(): Promise<void> {
    return this.broker.stop();
  }

  private stand(stream: Duplex, socket: Duplex): Duplex {
    const client = new Between(stream, this.answers, (packet) => this.heard(packet, socket));
    this.clients.add(client);
    client.once("close", () => this.clients.delete(client));
    return client;
  }

  private heard(packet: Packet, socket: Duplex): void {
    const one = this.boards.get(socket);
    if (!one) return;
    one.at = one.board.now();
    if (packet.cmd !== "connect") return;
    one.keepAliveS = packet.keepalive ?? 0;
    // The board's time counts, not the PC's.
    packet.keepalive = 0;
    this.owners.set(packet.clientId, one.board.owner);
  }

  private refusal(): number | undefined {
    const rule = this.refusals.find(({ times }) => times > 0);
    if (rule) rule.times--;
    return rule?.status;
  }

  private note(happening: Happening): void {
    this.traffic++;
    if (happening.what === "connected" || happening.what === "left") {
      const event = happening.what === "left" ? "disconnected" : "connected";
      this.logins.push({ event, owner: this.owners.get(happening.client) });
    } else if (happening.what === "published") {
      const { topic, payload, qos, retain } = happening;
      const bytes = Buffer.from(payload, "latin1");
      this.messages.push({ topic, payload: bytes.toString(), bytes, qos, retain });
    }
  }
}
