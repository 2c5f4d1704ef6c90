// A broker that does one thing at a time, so that a run on the engine is the same each time: it answers every packet at
// once, sends what the bench asks for, and tells the bench when an exchange is over. It speaks MQTT over WebSocket and over
// TCP, and counts bytes on the wire.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { generate, type IPublishPacket, type Packet, type Parser, parser } from "mqtt-packet";
import { WebSocketServer } from "ws";
import type { Ports } from "./stack.ts";

/** Milliseconds after which an exchange counts as failed: valgrind is slow. */
const LAST_MS = 120_000;

interface Connection {
  socket: Socket;
  send(bytes: Buffer): void;
}

/** The answer that MQTT asks for, if any. */
function answerTo(packet: Packet, version: 4 | 5): Packet | undefined {
  const { messageId } = packet;
  switch (packet.cmd) {
    case "connect":
      // With room for topic aliases, as brokers have it.
      return {
        cmd: "connack",
        returnCode: 0,
        reasonCode: 0,
        sessionPresent: false,
        ...(version === 5 ? { properties: { topicAliasMaximum: 10 } } : {}),
      };
    case "subscribe":
      return { cmd: "suback", messageId, granted: packet.subscriptions.map(({ qos }) => qos) } as Packet;
    case "publish":
      if (!packet.qos) return undefined;
      return { cmd: packet.qos === 1 ? "puback" : "pubrec", messageId } as Packet;
    case "pubrec":
      return { cmd: "pubrel", messageId } as Packet;
    case "pubrel":
      return { cmd: "pubcomp", messageId } as Packet;
    case "pingreq":
      return { cmd: "pingresp" };
    default:
      return undefined;
  }
}

export class StepBroker {
  ports: Ports = { tcp: 0, ws: 0 };
  private readonly servers: { close(): unknown }[] = [];
  private readonly parsers: Parser[] = [];
  private connection: Connection | undefined;
  private version: 4 | 5 = 4;
  private lastId = 0;
  private readonly counts = new Map<string, number>();
  private wake: () => void = () => {};

  static async start(): Promise<StepBroker> {
    const broker = new StepBroker();
    const tcp = createServer((socket) => {
      const take = broker.taken({ socket, send: (bytes) => void socket.write(bytes) });
      socket.on("data", take);
    }).listen(0, "127.0.0.1");
    const ws = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
    ws.on("connection", (client, request) => {
      const take = broker.taken({ socket: request.socket, send: (bytes) => client.send(bytes) });
      client.on("message", (bytes: Buffer) => take(bytes));
      client.on("error", () => {});
    });
    broker.servers.push(tcp, ws);
    await Promise.all(
      [tcp, ws].map((server) => new Promise<void>((done) => (server as Server).once("listening", done))),
    );
    broker.ports = { tcp: (tcp.address() as AddressInfo).port, ws: (ws.address() as AddressInfo).port };
    return broker;
  }

  /** A new connection becomes the one that is measured. Returns what takes its bytes. */
  private taken(connection: Connection): (bytes: Buffer) => void {
    this.connection = connection;
    connection.socket.setNoDelay(true).on("error", () => {});
    const reader = parser({ protocolVersion: 4 });
    reader.on("packet", (packet) => {
      if (packet.cmd === "connect") this.version = packet.protocolVersion === 5 ? 5 : 4;
      (reader as Parser & { settings: { protocolVersion: number } }).settings.protocolVersion = this.version;
      const answer = answerTo(packet, this.version);
      if (answer) connection.send(this.encoded(answer));
      this.counts.set(packet.cmd, this.count(packet.cmd) + 1);
      this.wake();
    });
    this.parsers.push(reader);
    return (bytes) => void reader.parse(bytes);
  }

  private encoded(packet: Packet): Buffer {
    // Without a Reason Code, as brokers send success (5: 3.4.2.1).
    const short = /^pub(ack|rec|rel|comp)$/.test(packet.cmd);
    return generate(packet, { protocolVersion: short ? 4 : this.version });
  }

  /** Packets of a kind that have come so far. */
  count(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }

  /** Waits until so many packets of this kind have come. */
  async until(kind: string, count: number): Promise<void> {
    const end = Date.now() + LAST_MS;
    while (this.count(kind) < count) {
      if (Date.now() > end) throw new Error(`${this.count(kind)} ${kind} instead of ${count}`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, 1000);
        this.wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  /** Sends a message to the engine. */
  publish(topic: string, payload: string, qos: 0 | 1 | 2): void {
    const packet: IPublishPacket = { cmd: "publish", topic, payload, qos, dup: false, retain: false };
    if (qos) packet.messageId = ++this.lastId;
    this.connection!.send(this.encoded(packet));
  }

  /** Bytes on the wire so far, from the engine and to it. */
  get wire(): { out: number; in: number } {
    const { bytesRead, bytesWritten } = this.connection!.socket;
    return { out: bytesRead, in: bytesWritten };
  }

  stop(): void {
    this.connection?.socket.destroy();
    for (const server of this.servers) server.close();
  }
}
