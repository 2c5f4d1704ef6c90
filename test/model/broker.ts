// A small model of an MQTT 3.1.1 broker with one client: sessions, QoS 0 to 2 both ways, and whether the client keeps
// the rules. A codec of other authors makes and reads its packets.
import assert from "node:assert/strict";
import mqttPacket, { type IPublishPacket, type Packet } from "mqtt-packet";

/** A message of the broker that the client has not acknowledged. */
interface Outgoing {
  id: number;
  qos: 0 | 1 | 2;
  topic: string;
  payload: string;
  /** The client has answered with PUBREC: only PUBREL follows. */
  received: boolean;
}

export class ModelBroker {
  /** Payloads that arrived at the broker's other clients, in order; a QoS 2 message counts with its first PUBLISH. */
  readonly arrived: string[] = [];
  /** Packets on their way to the client. */
  wire: Buffer[] = [];
  filters = new Set<string>();
  /** Whether this connection began a new session. */
  began = false;
  private hasSession = false;
  private out: Outgoing[] = [];
  /** Identifiers that get two answers on this connection. They are not used again, so that the second one is not mistaken. */
  private readonly repeated = new Set<number>();
  /** QoS 2 messages of the client that it has not released with PUBREL. */
  private held = new Set<number>();
  /** Open exchanges that the client began: identifier -> purpose. */
  private exchanges = new Map<number, string>();
  private parser = this.newParser();

  /** The client's connection is lost, with all packets on their way. */
  lose(): void {
    this.wire = [];
    this.began = false;
    this.repeated.clear();
    this.parser = this.newParser();
  }

  /** The broker forgets the client's session. */
  forget(): void {
    this.hasSession = false;
    this.out = [];
    this.held.clear();
    this.exchanges.clear();
    this.filters.clear();
  }

  /** Bytes of the client, in any pieces. */
  take(bytes: string): void {
    this.parser.parse(Buffer.from(bytes, "latin1"));
  }

  /** Messages that the client has not acknowledged. */
  get waiting(): number {
    return this.out.length;
  }

  /** Publishes to the client. */
  publish(topic: string, payload: string, qos: 0 | 1 | 2): void {
    let id = 0;
    // The lowest free identifier: old state of the client must do no harm.
    if (qos) for (id = 1; this.repeated.has(id) || this.out.some((other) => other.id === id); ) id++;
    const message = { id, qos, topic, payload, received: false };
    if (qos) this.out.push(message);
    this.send(message, false);
  }

  /** Sends an unacknowledged message once more. */
  repeat(which: number): void {
    const message = this.out[which % Math.max(1, this.out.length)];
    if (!message || message.received) return;
    this.repeated.add(message.id);
    this.send(message, true);
  }

  private newParser() {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", (packet: Packet) => this.handle(packet));
    parser.on("error", (error: Error) => {
      throw error;
    });
    return parser;
  }

  private answer(packet: Packet): void {
    this.wire.push(mqttPacket.generate(packet));
  }

  private send({ id, qos, topic, payload }: Outgoing, dup: boolean): void {
    const bytes = Buffer.from(payload, "latin1");
    const packet = { cmd: "publish" as const, topic, payload: bytes, qos, dup, retain: false };
    this.answer(qos ? { ...packet, messageId: id } : packet);
  }

  private handle(packet: Packet): void {
    const id = packet.messageId ?? 0;
    if (packet.cmd === "connect") this.accept();
    else if (packet.cmd === "pingreq") this.answer({ cmd: "pingresp" });
    else if (packet.cmd === "publish") this.receive(packet, id);
    else if (packet.cmd === "pubrel") {
      this.held.delete(id);
      this.exchanges.delete(id);
      this.answer({ cmd: "pubcomp", messageId: id });
    } else if (packet.cmd === "subscribe") {
      this.begin(id, JSON.stringify(packet.subscriptions));
      for (const { topic } of packet.subscriptions) this.filters.add(topic);
      this.exchanges.delete(id);
      this.answer({ cmd: "suback", messageId: id, granted: packet.subscriptions.map(({ qos }) => qos) });
    } else if (packet.cmd === "unsubscribe") {
      this.begin(id, JSON.stringify(packet.unsubscriptions));
      for (const filter of packet.unsubscriptions) this.filters.delete(filter);
      this.exchanges.delete(id);
      this.answer({ cmd: "unsuback", messageId: id, granted: [] });
    } else this.acknowledged(packet.cmd, id);
  }

  private accept(): void {
    this.answer({ cmd: "connack", sessionPresent: this.hasSession, returnCode: 0 });
    this.began = !this.hasSession;
    this.hasSession = true;
    for (const message of this.out) {
      if (message.received) this.answer({ cmd: "pubrel", messageId: message.id });
      else this.send(message, true);
    }
  }

  /** An identifier in use must not get another purpose [MQTT-2.3.1-2]. */
  private begin(id: number, what: string): void {
    assert.equal(this.exchanges.get(id) ?? what, what, `identifier ${id} is in use`);
    this.exchanges.set(id, what);
  }

  private receive({ topic, payload, qos, dup }: IPublishPacket, id: number): void {
    const text = (payload as Buffer).toString("latin1");
    if (qos) {
      const known = this.exchanges.has(id);
      this.begin(id, `${qos} ${topic} ${text}`);
      if (known) assert.ok(dup, "a PUBLISH that comes again has DUP [MQTT-3.3.1-1]");
    }
    if (qos !== 2 || !this.held.has(id)) this.arrived.push(text);
    if (qos === 1) {
      this.exchanges.delete(id);
      this.answer({ cmd: "puback", messageId: id });
    } else if (qos === 2) {
      this.held.add(id);
      this.answer({ cmd: "pubrec", messageId: id });
    }
  }

  private acknowledged(cmd: string, id: number): void {
    const message = this.out.find((other) => other.id === id);
    if (cmd === "pubrec") {
      if (message) message.received = true;
      this.answer({ cmd: "pubrel", messageId: id });
    } else if (message && (cmd === "puback" || cmd === "pubcomp"))
      this.out.splice(this.out.indexOf(message), 1);
  }
}
