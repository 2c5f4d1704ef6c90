// The connection between the client and the model of the broker: bytes on their way up, a board's queue that clogs,
// and a record of the packets of each session. It checks the rules for packets that are sent again.
import assert from "node:assert/strict";
import mqttPacket, { type IPublishPacket, type Packet } from "mqtt-packet";

export class Line {
  /** Bytes that left the board and have not reached the broker. */
  up = "";
  clogged = false;
  /** Bytes in the board's own queue. */
  queue = "";
  /** Whether it is the first connection of a session: no packet on it is a second attempt. */
  fresh = true;
  /** PUBLISH packets of this session: payload -> identifier; and those of this connection. */
  private readonly written = new Map<string, number>();
  private readonly now = new Set<string>();
  /** Identifiers in use, and their purposes. */
  private readonly used = new Map<number, string>();
  /** Messages whose callback was called. */
  readonly told = new Set<string>();
  private reader = this.newReader();

  /** As on the board: returns the number of waiting bytes. */
  write(bytes: string): number {
    this.reader.parse(Buffer.from(bytes, "latin1"));
    if (this.clogged) this.queue += bytes;
    else this.up += bytes;
    return this.queue.length;
  }

  unclog(): void {
    this.clogged = false;
    this.up += this.queue;
    this.queue = "";
  }

  /** The connection is gone. */
  cut(): void {
    this.up = this.queue = "";
    this.clogged = false;
    this.now.clear();
    this.reader = this.newReader();
  }

  /** The broker has accepted the client. */
  accepted(present: boolean): void {
    this.fresh = !present;
    if (present) return;
    this.written.clear();
    this.used.clear();
  }

  /** The client gets the last answer for this identifier, which is free then. */
  answered(id: number): void {
    this.used.delete(id);
  }

  private newReader() {
    const reader = mqttPacket.parser({ protocolVersion: 4 });
    reader.on("packet", (packet: Packet) => this.check(packet));
    reader.on("error", (error: Error) => {
      throw error;
    });
    return reader;
  }

  private check(packet: Packet): void {
    if (packet.cmd === "subscribe") this.use(packet.messageId, JSON.stringify(packet.subscriptions));
    else if (packet.cmd === "unsubscribe") this.use(packet.messageId, JSON.stringify(packet.unsubscriptions));
    else if (packet.cmd === "publish") this.checkPublish(packet);
  }

  private checkPublish({ qos, dup, payload, messageId = 0 }: IPublishPacket): void {
    const text = (payload as Buffer).toString("latin1");
    assert.ok(!this.now.has(text), "no message twice on a connection");
    this.now.add(text);
    if (!qos) return;
    assert.ok(!this.told.has(text), "what is done with is not sent again");
    this.use(messageId, text);
    const before = this.written.get(text);
    if (before !== undefined) {
      assert.equal(messageId, before, "a message sent again keeps its identifier");
      assert.ok(dup, "a message sent again has DUP [MQTT-3.3.1-1]");
    }
    if (this.fresh) assert.ok(!dup, "nothing is sent again in a new session");
    this.written.set(text, messageId);
  }

  /** [MQTT-2.3.1-2] */
  private use(id = 0, what: string): void {
    assert.ok(id > 0, "an identifier is never 0 [MQTT-2.3.1-1]");
    assert.equal(this.used.get(id) ?? what, what, `identifier ${id} is in use`);
    this.used.set(id, what);
  }
}
