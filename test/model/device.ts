// The client under test, the line, the model of the broker, and a record of the application's requests and
// their results. Each method is one event; after each, the bounds are checked.
import assert from "node:assert/strict";
import mqttPacket from "mqtt-packet";
import {
  CLOSED,
  type Client,
  CONNECTING,
  closed,
  connect,
  disconnect,
  flush,
  full,
  MAX_ANSWERS,
  MAX_HELD,
  MIN_UNSENT,
  newClient,
  PIECE,
  publish,
  READY,
  spec,
  subscribe,
  tick,
  unsubscribe,
} from "#subject";
import { receiveAll } from "../support/receive.ts";
import { ModelBroker } from "./broker.ts";
import { Line } from "./line.ts";

const LIMITS = {
  maxPacket: 4096,
  maxInflight: 3,
  maxUnsent: MIN_UNSENT + 300,
  outbox: { messages: 6, bytes: 3000 },
};
const OPTIONS = { clientId: "model", cleanSession: false, keepAlive: 5 };
/** Most unacknowledged messages of the broker at QoS 1 and 2: fewer than the client may hold. */
const MAX_WAITING = 20;
/** First Reason Code that is a refusal. */
const REFUSED = 0x80;

export interface Asked {
  payload: string;
  topic: string;
  qos: number;
  policy: number;
  /** Reasons of all calls of its callback. */
  told: number[];
  /** Number of lost sessions at the request, and at its result. */
  losses: [number, number];
}

export class Device {
  readonly broker = new ModelBroker();
  readonly line = new Line();
  readonly client: Client;
  /** Requests that the client accepted. */
  readonly asked: Asked[] = [];
  /** Callbacks of SUBSCRIBE and UNSUBSCRIBE that must be called. */
  readonly requests: number[][] = [];
  /** Messages that the broker published, and how they arrived. */
  readonly sent: { payload: string; topic: string; qos: number; losses: number }[] = [];
  readonly received: string[] = [];
  /** Filters that should be subscribed to in the end. */
  readonly filters = new Set<string>();
  losses = 0;
  /** New sessions of which the client does not know, because the CONNACK was lost. */
  readonly mistaken = new Set<number>();
  private count = 0;

  constructor() {
    const log = { level: 0, print: () => {}, uptime: () => 0 };
    this.client = newClient({
      log,
      owner: this,
      handlers: full.handlers,
      limits: LIMITS,
      ready: (_, present) => this.line.accepted(present === 1),
      received: (_, __, payload) => void this.received.push(payload),
      wire: this,
      transmit: (_, bytes) => this.write(bytes),
      untransmitted: () => this.write(""),
    });
  }

  /** @param again number of further messages, each published from the callback of the one before */
  publish(topic: string, qos: number, policy: number, size: number, again = 0): void {
    const payload = `${++this.count} `.padEnd(size, ".");
    const asked: Asked = { payload, topic, qos, policy, told: [], losses: [this.losses, 0] };
    // Before the call, because the callback may be called within it.
    this.asked.push(asked);
    const reason = publish(
      this.client,
      topic,
      payload,
      qos,
      false,
      (told) => {
        asked.told.push(told);
        asked.losses[1] = this.losses;
        this.line.told.add(payload);
        if (again) this.publish(topic, qos, policy, size, again - 1);
      },
      policy,
    );
    if (reason < REFUSED) return;
    assert.ok(reason < 0x100 || reason === spec.DROPPED, `refused with ${reason}`);
    if (reason === spec.DROPPED) assert.equal(policy, 2);
    assert.deepEqual(asked.told, [], "what is refused is never told");
    this.asked.splice(this.asked.indexOf(asked), 1);
  }

  subscribe(filter: string, qos: number): void {
    const told: number[] = [];
    const reason = subscribe(this.client, [{ filter, qos }], (reason) => void told.push(reason));
    if (reason >= REFUSED) return;
    this.requests.push(told);
    this.filters.add(filter);
  }

  unsubscribe(filter: string): void {
    const told: number[] = [];
    const reason = unsubscribe(this.client, [filter], (reason) => void told.push(reason));
    if (reason >= REFUSED) return;
    this.requests.push(told);
    this.filters.delete(filter);
  }

  brokerPublishes(topic: string, qos: 0 | 1 | 2, size: number): void {
    if (this.broker.waiting >= MAX_WAITING || this.client.state !== READY) return;
    const payload = `b${++this.count} `.padEnd(size, ".");
    this.sent.push({ payload, topic, qos, losses: this.losses });
    this.broker.publish(topic, payload, qos);
  }

  brokerRepeats(which: number): void {
    if (this.client.state === READY) this.broker.repeat(which);
  }

  /** So many bytes reach the broker. */
  up(bytes: number): void {
    const part = this.line.up.slice(0, bytes);
    this.line.up = this.line.up.slice(bytes);
    this.broker.take(part);
  }

  /** So many packets of the broker reach the client, as one chunk or in pieces of `size` bytes. */
  down(packets: number, size: number): void {
    const bytes = this.broker.wire.splice(0, packets);
    for (const packet of bytes) this.noteAnswer(packet);
    const all = Buffer.concat(bytes).toString("latin1");
    for (let at = 0; at < all.length && this.client.state !== CLOSED; at += size) {
      this.judge(receiveAll(this.client, all.slice(at, at + size)));
    }
  }

  /** The connection is lost in the middle of the next packet. */
  lose(bytes: number): void {
    if (this.client.state === CLOSED) return;
    const packet = this.broker.wire[0]?.toString("latin1") ?? "";
    const reason = receiveAll(this.client, packet.slice(0, Math.min(bytes, packet.length - 1)));
    assert.equal(reason, spec.SUCCESS);
    this.fall();
  }

  /** Connects, if it is not connected; the session is kept or lost by the broker. */
  connect(keep: boolean): void {
    if (this.client.state !== CLOSED) return;
    if (!keep) {
      this.broker.forget();
      this.losses++;
    }
    connect(this.client, OPTIONS);
  }

  seconds(n: number): void {
    for (let i = 0; i < n && this.client.state !== CLOSED; i++) {
      const reason = tick(this.client);
      if (reason) this.fall();
    }
  }

  /** Identifiers have wrapped around to the oldest one in use, as after many messages. */
  round(): void {
    const oldest = this.client.ids.find((id) => id);
    if (oldest) this.client.lastId = oldest - 1;
  }

  clog(): void {
    if (this.client.state === READY) this.line.clogged = true;
  }

  unclog(): void {
    this.line.unclog();
    flush(this.client);
  }

  stop(): void {
    disconnect(this.client);
    this.cut();
  }

  /** Completes everything on a good line. */
  settle(): void {
    this.unclog();
    this.connect(true);
    for (let idle = 0; idle < 2; ) {
      const busy = this.line.up.length + this.broker.wire.length;
      this.up(1e6);
      this.down(1e6, 1e6);
      idle = busy ? 0 : idle + 1;
    }
  }

  bounded(): void {
    const { pending: outbox, sent, outboxBytes: bytes, unsent, queue, held, heldCount, ids } = this.client;
    // The renewal of the subscriptions is one entry more than the requests.
    assert.ok(outbox.length <= LIMITS.outbox.messages + 1, `${outbox.length} in the outbox`);
    assert.ok(bytes <= LIMITS.outbox.bytes + 200, `${bytes} bytes in the outbox`);
    assert.ok(sent <= LIMITS.maxInflight && sent <= outbox.length, `${sent} sent`);
    assert.ok(unsent <= LIMITS.maxUnsent, `${unsent} bytes unsent`);
    assert.ok(queue.length <= MAX_ANSWERS + PIECE, `${queue.length} bytes of answers`);
    assert.ok(heldCount <= MAX_HELD);
    assert.equal(heldCount, Object.keys(held).length);
    assert.equal(ids.length, outbox.length);
    const used = ids.filter((id) => id);
    assert.equal(new Set(used).size, used.length, "no identifier twice");
  }

  private write(bytes: string): number {
    return bytes ? this.line.write(bytes) : this.line.queue.length;
  }

  private noteAnswer(bytes: Buffer): void {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on("packet", ({ cmd, messageId = 0 }) => {
      if (["puback", "pubcomp", "suback", "unsuback"].includes(cmd)) this.line.answered(messageId);
    });
    parser.parse(bytes);
  }

  /** The broker makes no mistakes. Only a clogged line may exhaust the space for answers. */
  private judge(reason: number): void {
    if (reason === spec.SUCCESS) return;
    assert.ok(reason === spec.QUOTA_EXCEEDED && this.line.clogged, `fell with ${reason}`);
    this.fall();
  }

  private fall(): void {
    if (this.client.state === CONNECTING && this.broker.began) this.mistaken.add(this.losses);
    closed(this.client);
    this.cut();
  }

  private cut(): void {
    this.line.cut();
    this.broker.lose();
  }
}
