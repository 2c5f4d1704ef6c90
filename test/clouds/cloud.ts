// A cloud, or a broker behind a proxy, as its vendor describes it: in this process, with the boards' time. It answers every packet
// of MQTT correctly, except where its habits say otherwise. Virtual boards reach it without TCP, a real engine by TCP. There is no
// TLS in between: docs/brokers.md says what does not come as far as this.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TestContext } from "node:test";
import mqttPacket, { type IConnectPacket, type Packet } from "mqtt-packet";
import { type WebSocket, WebSocketServer } from "ws";
import { NearSocket } from "../../board/virtual/near.ts";
import type { Destination, Failure, Link } from "../../board/virtual/tcp.ts";
import { quiet } from "../../testing/crank.ts";
import { type Caller, running, TestBroker } from "../../testing/test-broker.ts";
import { busiestMinute } from "../support/busiest-minute.ts";
import { CLOSE, correctAnswer } from "../support/scripted.ts";

/** In place of an answer: CLOSE ends TCP, a number is the code of WebSocket's CLOSE, other text is bytes; undefined: the right answer. */
export type Answer = string | number | undefined;

export interface Habits {
  /** The HTTP response in place of a connection; undefined accepts it. */
  upgrade?(request: IncomingMessage, attempt: number): string | undefined;
  /** The subprotocol of the reply, "" for none. */
  subprotocol?: string;
  /** Changes the lines of the reply that accepts a connection. */
  headers?(lines: string[]): void;
  packet?(packet: Packet, connection: number, cloud: Cloud): Answer;
  /** Seconds without a byte from the broker after which the proxy in front ends the connection. */
  idleS?: number;
  version?: 4 | 5;
}

interface Connection {
  socket: WebSocket;
  stream: Duplex;
  board: Caller | undefined;
  /** The board's time at which the last bytes went to it, in ms. */
  at: number;
}

export class Cloud extends TestBroker {
  override readonly kind = "embedded";
  override readonly stepMs = Number.POSITIVE_INFINITY;
  /** What came: upgrade requests, and packets of MQTT with the board's time in ms. */
  readonly requests: IncomingMessage[] = [];
  readonly packets: (Packet & { at: number })[] = [];
  /** The board's times of all attempts, in ms. */
  readonly attempts: number[] = [];
  connections = 0;
  private traffic = 0;
  private readonly http = createServer((_, response) => response.writeHead(426).end());
  private readonly websockets: WebSocketServer;
  private readonly open = new Set<Connection>();
  private readonly boards = new Map<Duplex, Caller>();
  private readonly clients = new Map<string, WebSocket>();

  private constructor(private readonly habits: Habits) {
    super();
    const { subprotocol = "mqtt" } = habits;
    this.websockets = new WebSocketServer({ noServer: true, handleProtocols: () => subprotocol || false });
    this.websockets.on("headers", (lines) => habits.headers?.(lines));
    this.http.on("upgrade", (request, stream, head) => this.upgrade(request, stream, head));
  }

  /** Starts it until the test ends. Boards without `hosts` find it. */
  static async start(t: TestContext, habits: Habits = {}): Promise<Cloud> {
    const cloud = new Cloud(habits);
    cloud.http.listen(0, "127.0.0.1").unref();
    await once(cloud.http, "listening");
    running.push(cloud);
    t.after(() => cloud.stop());
    return cloud;
  }

  override get url(): string {
    return `ws://127.0.0.1:${this.tcpPort}/mqtt`;
  }

  override get tcpPort(): number {
    return (this.http.address() as AddressInfo).port;
  }

  /** The packets of one kind. */
  of<Kind extends Packet["cmd"]>(cmd: Kind): Extract<Packet & { at: number }, { cmd: Kind }>[] {
    return this.packets.filter((packet) => packet.cmd === cmd) as never;
  }

  /** The most attempts that fell into a minute of the board's time. */
  get busiestMinute(): number {
    return busiestMinute(this.attempts);
  }

  override take(_to: Destination, board: Caller): Link | Failure {
    const stream = new NearSocket(board.online, () => this.traffic++);
    this.boards.set(stream, board);
    setImmediate(() => this.http.emit("connection", stream));
    return stream.linkTo(() => {
      this.traffic++;
      board.onActivity();
    });
  }

  override pace(): Promise<void> {
    return quiet(() => this.traffic);
  }

  override tick(): void {
    const { idleS } = this.habits;
    for (const { stream, board, at } of this.open)
      if (idleS && board && board.now() - at > idleS * 1000) stream.destroy();
  }

  /** Sends bytes to all boards. */
  override say(bytes: Uint8Array): void {
    for (const one of this.open) this.send(one, bytes);
  }

  override async publish(topic: string, payload: string | Uint8Array): Promise<void> {
    this.say(
      mqttPacket.generate({
        cmd: "publish",
        topic,
        payload: Buffer.from(payload),
        qos: 0,
        dup: false,
        retain: false,
      }),
    );
  }

  /** Ends all connections: by WebSocket's CLOSE with this code, or without a word. */
  override cut(code?: number, reason?: string): void {
    for (const { socket } of this.open)
      if (code) socket.close(code, reason);
      else socket.terminate();
  }

  override async goAway(): Promise<void> {
    throw new Error("a cloud has habits for that");
  }
  override comeBack = this.goAway;
  override answer = this.goAway;
  override refuse = this.goAway;

  protected override async end(): Promise<void> {
    this.cut();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }

  private upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.traffic++;
    const board = this.boards.get(stream);
    this.requests.push(request);
    this.attempts.push(board?.now() ?? Date.now());
    const refusal = this.habits.upgrade?.(request, this.requests.length);
    if (refusal !== undefined) stream.end(refusal);
    else
      this.websockets.handleUpgrade(request, stream, head, (socket) =>
        this.accept({ socket, stream, board, at: board?.now() ?? 0 }),
      );
  }

  private accept(one: Connection): void {
    const number = ++this.connections;
    const parser = mqttPacket.parser({ protocolVersion: this.habits.version ?? 4 });
    this.open.add(one);
    one.socket.on("error", () => {});
    one.socket.on("close", () => {
      this.traffic++;
      this.open.delete(one);
    });
    one.socket.on("message", (bytes: Buffer) => {
      this.traffic++;
      parser.parse(bytes);
    });
    parser.on("packet", (packet) => this.hear(one, packet, number));
    parser.on("error", () => one.socket.terminate());
  }

  private hear(one: Connection, packet: Packet, number: number): void {
    const { socket, board } = one;
    if (socket.readyState !== socket.OPEN) return;
    this.packets.push(Object.assign(packet, { at: board?.now() ?? Date.now() }));
    const answer =
      this.habits.packet?.(packet, number, this) ?? correctAnswer(packet, this.habits.version ?? 4);
    if (answer === CLOSE) socket.terminate();
    else if (typeof answer === "number") socket.close(answer);
    else this.go(one, packet, answer);
  }

  private go(one: Connection, packet: Packet, answer: string): void {
    if (packet.cmd === "connect") this.logIn(one, packet);
    if (packet.cmd === "publish") this.note(packet);
    if (answer) this.send(one, Buffer.from(answer, "latin1"));
    if (packet.cmd === "disconnect") one.socket.close();
  }

  /** A second client with an identifier ends the first [MQTT-3.1.4-2]. */
  private logIn({ socket, board }: Connection, { clientId }: IConnectPacket): void {
    this.clients.get(clientId)?.terminate();
    this.clients.set(clientId, socket);
    this.logins.push({ event: "connected", owner: board?.owner });
  }

  private note({ topic, payload, qos, retain }: Extract<Packet, { cmd: "publish" }>): void {
    const bytes = Buffer.from(payload);
    this.messages.push({ topic, payload: bytes.toString(), bytes, qos, retain });
  }

  private send(one: Connection, bytes: Uint8Array): void {
    one.at = one.board?.now() ?? 0;
    one.socket.send(bytes);
  }
}
