// A connection that takes bytes when the test says so. It replaces the peer's. Waiting bytes are counted as a board counts them,
// frames included. An independent codec reads the bytes that left and names each packet.
import assert from "node:assert/strict";
import mqttPacket, { type Packet } from "mqtt-packet";
import {
  BEGINNING,
  CONNECTING,
  closed,
  connect,
  ENDING,
  FRAME_OVERHEAD,
  flush,
  PIECE,
  sendWaiting,
  WHOLE,
} from "#subject";
import type { Bytes } from "../../src/board.ts";
import { feed, OPTIONS, type Peer } from "./peer.ts";

export class SlowLine {
  /** Complete packets that have left: `publish1 dup 7 topic payload`, `subscribe 1 a:0 b:2`, `pubrel 7`. */
  packets: string[] = [];
  /** Called for each of them. */
  onPacket: (packet: Packet) => void = () => {};
  /** Bytes in the board's own queue now, and their maximum so far. */
  waiting = 0;
  most = 0;
  /** All bytes that were written on this connection, whether they have left or not. */
  handed = "";
  /** What was written of a message that is not complete. */
  private message = "";
  private frames: { head: number; body: Bytes }[] = [];
  private asked = false;
  private parser = mqttPacket.parser();

  /** @param slow whether bytes wait for {@link take}, else they leave at once */
  constructor(
    private peer: Peer,
    public slow = false,
  ) {
    this.anew();
    peer.client.transmit = (_, bytes, _shown, part) => {
      // RFC 6455 5.4: a message of one frame is whole; no other message begins inside one of several frames.
      assert.equal(part === WHOLE || part === BEGINNING, !this.message, `part ${part}`);
      this.message += bytes;
      if (part === WHOLE || part === ENDING) {
        assertWholePackets(this.message);
        this.message = "";
      }
      assert.ok(
        bytes.length <= PIECE || peer.client.state === CONNECTING,
        `a piece of ${bytes.length} bytes`,
      );
      this.handed += bytes;
      this.frames.push({ head: FRAME_OVERHEAD, body: bytes });
      this.waiting += FRAME_OVERHEAD + bytes.length;
      this.most = Math.max(this.most, this.waiting);
      return this.left();
    };
    peer.client.untransmitted = () => {
      this.asked = true;
      return this.left();
    };
  }

  private left(): number {
    if (!this.slow) this.move(Number.POSITIVE_INFINITY);
    return this.waiting;
  }

  /** So many bytes leave. When the queue is empty the client is called, if it waits for that. */
  take(bytes = Number.POSITIVE_INFINITY): void {
    this.move(bytes);
    if (this.waiting || !this.asked) return;
    this.asked = false;
    // As the link does.
    if (sendWaiting(this.peer.client)) flush(this.peer.client);
  }

  /** All bytes leave, and those that follow. */
  open(): void {
    this.slow = false;
    this.take();
  }

  /** The connection is lost with its waiting bytes. The next one begins, up to CONNACK. */
  reconnect(present: number): void {
    this.lose();
    connect(this.peer.client, { ...OPTIONS, cleanSession: false });
    this.take();
    this.packets = [];
    assert.equal(feed(this.peer, [`\x20\x02${String.fromCharCode(present)}\0`]), 0);
  }

  /** The connection is lost with its waiting bytes. */
  lose(): void {
    closed(this.peer.client);
    this.anew();
  }

  private anew(): void {
    this.frames = [];
    this.handed = this.message = "";
    this.waiting = 0;
    this.asked = false;
    this.parser = mqttPacket.parser();
    this.parser.on("packet", (packet) => {
      this.packets.push(words(packet));
      this.onPacket(packet);
    });
    this.parser.on("error", (error) => assert.fail(error));
  }

  private move(bytes: number): void {
    for (let left = Math.min(bytes, this.waiting); left > 0; ) {
      const frame = this.frames[0]!;
      const head = Math.min(frame.head, left);
      const body = frame.body.slice(0, left - head);
      frame.head -= head;
      frame.body = frame.body.slice(body.length);
      left -= head + body.length;
      this.waiting -= head + body.length;
      if (!frame.head && !frame.body) this.frames.shift();
      this.parser.parse(Buffer.from(body, "latin1"));
    }
  }
}

/** One message of the WebSocket has whole packets: there are servers that want that. */
function assertWholePackets(message: Bytes): void {
  const parser = mqttPacket.parser();
  parser.on("error", (error) => assert.fail(error));
  assert.equal(parser.parse(Buffer.from(message, "latin1")), 0, "a message ends inside a packet");
}

/** A packet of a client as text. */
export function words(packet: Packet): string {
  if (packet.cmd === "publish") {
    const { qos, dup, messageId, topic, payload } = packet;
    const text = payload.length > 20 ? `${payload.length} bytes` : payload.toString("latin1");
    return `publish${qos}${dup ? " dup" : ""}${qos ? ` ${messageId}` : ""} ${topic} ${text}`.trim();
  }
  if (packet.cmd === "subscribe") {
    return [
      "subscribe",
      packet.messageId,
      ...packet.subscriptions.map(({ topic, qos }) => `${topic}:${qos}`),
    ].join(" ");
  }
  if (packet.cmd === "unsubscribe")
    return ["unsubscribe", packet.messageId, ...packet.unsubscriptions].join(" ");
  return "messageId" in packet && packet.messageId ? `${packet.cmd} ${packet.messageId}` : packet.cmd;
}
