// Random messages, connections and sessions that are lost or clogged at random: each message arrives as often as its QoS
// promises, in order, and its callback is called once. Inputs are made by fast-check; FUZZ_SEED repeats a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Packet } from "mqtt-packet";
import { type Client, KEEP, MAX_UNSENT, MIN_UNSENT, publish, READY, spec, subscribe } from "#subject";
import { SEED as seed } from "../support/random.ts";
import { receiveAll } from "../support/receive.ts";
import { newPeer } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

/** A broker that answers when the test says so, and checks that the client keeps the rules. */
class Broker {
  /** The texts that it received; a QoS 2 message counts only once. */
  arrived: string[] = [];
  filters: string[] = [];
  private answers: string[] = [];
  /** Its session: QoS 2 identifiers that are not released, and the message of each identifier in use. */
  private held = new Set<number>();
  private texts = new Map<number, string>();

  constructor(private client: Client) {}

  connection(kept: boolean): void {
    this.answers = [];
    if (kept) return;
    this.held.clear();
    this.texts.clear();
    this.filters = [];
  }

  /** Sends so many answers in one chunk. */
  answer(n: number): void {
    const chunk = this.answers.splice(0, n).join("");
    if (this.client.state === READY) assert.equal(receiveAll(this.client, chunk), 0);
    for (const id of this.texts.keys()) if (!this.client.ids.includes(id)) this.texts.delete(id);
  }

  take(packet: Packet): void {
    const id = packet.messageId ?? 0;
    const number = String.fromCharCode(id >> 8, id & 255);
    if (packet.cmd === "publish") {
      const text = packet.payload.toString("latin1").replace(/=+$/, "");
      const known = this.texts.get(id);
      if (known !== undefined)
        assert.deepEqual([packet.dup, text], [true, known], `identifier ${id} is in use`);
      if (packet.qos) this.texts.set(id, text);
      if (!this.held.has(id)) this.arrived.push(text);
      if (packet.qos === 2) this.held.add(id);
      if (packet.qos) this.answers.push(`${packet.qos === 2 ? "\x50" : "\x40"}\x02${number}`);
    } else if (packet.cmd === "pubrel") {
      this.held.delete(id);
      this.answers.push(`\x70\x02${number}`);
    } else if (packet.cmd === "subscribe") {
      for (const { topic } of packet.subscriptions)
        if (!this.filters.includes(topic)) this.filters.push(topic);
      this.answers.push(
        `\x90${String.fromCharCode(2 + packet.subscriptions.length)}${number}${"\0".repeat(packet.subscriptions.length)}`,
      );
    } else assert.equal(packet.cmd, "connect");
  }
}

type Step = { do: "publish" | "subscribe" | "lose" | "forgotten" | "take" | "answer"; n: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("publish" as const), n: fc.nat(5999) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("subscribe" as const), n: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("lose" as const), n: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forgotten" as const), n: fc.nat(3) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("take" as const), n: fc.nat(2500) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("answer" as const), n: fc.nat(4) }) },
);

/** Invariants between any two calls. */
function checkRecord(client: Client): void {
  const ids = client.ids.filter((id) => id);
  assert.equal(new Set(ids).size, ids.length, "an identifier twice");
  assert.equal(client.ids.length, client.pending.length);
  assert.ok(client.sent <= client.pending.length && client.sent <= client.inflightLimit);
  assert.equal(
    client.outboxBytes,
    client.pending.reduce((sum, { topic, payload }) => sum + topic.length + payload.length, 0),
  );
}

function run(steps: Step[], maxInflight: number, maxUnsent: number, kept: boolean): void {
  const limits = { maxInflight, maxUnsent, outbox: { messages: 20, bytes: 20_000 } };
  const { client } = newPeer(limits);
  const peer = { client } as never;
  const line = new SlowLine(peer, true);
  const broker = new Broker(client);
  line.onPacket = (packet) => broker.take(packet);
  const qosOf = new Map<string, number>();
  const told: string[] = [];
  const connection = (present: boolean) => {
    line.lose();
    broker.connection(present);
    line.reconnect(present ? 1 : 0);
  };
  connection(false);
  for (const [index, { do: what, n }] of steps.entries()) {
    if (what === "take") line.take(n);
    else if (what === "answer") broker.answer(n);
    else if (what === "lose" && n) connection(true);
    else if (what === "lose") line.lose();
    else if (what === "forgotten") connection(kept);
    else if (what === "subscribe") subscribe(client, [{ filter: `f${n}`, qos: 0 }]);
    else {
      const text = `${index}`;
      const done = (reason: number) => void told.push(`${text} ${reason}`);
      const reason = publish(client, "t", text.padEnd(n % 50 ? n % 100 : n, "="), n % 3, false, done, KEEP);
      if (reason < spec.UNSPECIFIED_ERROR) qosOf.set(text, n % 3);
      else assert.equal(reason, spec.QUOTA_EXCEEDED);
    }
    checkRecord(client);
    assert.ok(line.most <= maxUnsent, `${line.most} bytes waited`);
  }
  connection(true);
  line.open();
  for (let n = 0; client.pending.length || client.tail || client.queue; n++) {
    assert.ok(n < 1000, "it never ends");
    broker.answer(5);
  }
  const taken = [...qosOf.keys()];
  const number = (a: string, b: string) => Number(a) - Number(b);
  assert.deepEqual(
    told.sort((a, b) => number(a.split(" ")[0]!, b.split(" ")[0]!)),
    taken.map((text) => `${text} 0`),
  );
  const firsts = [...new Set(broker.arrived)];
  assert.deepEqual(firsts, [...firsts].sort(number), "in the order in which they were published");
  for (const [text, qos] of qosOf) {
    const times = broker.arrived.filter((one) => one === text).length;
    if (qos) assert.ok(times > 0, `${text} at QoS ${qos} got lost`);
    if (!qos || (qos === 2 && kept)) assert.ok(times < 2, `${text} at QoS ${qos} arrived ${times} times`);
  }
  assert.deepEqual(broker.filters.sort(), client.subscriptions.map(({ filter }) => filter).sort());
}

for (const kept of [true, false]) {
  test(`connections lost at any point, ${kept ? "all sessions kept" : "some sessions lost"}: every QoS promise is kept`, (t) => {
    t.diagnostic(`FUZZ_SEED=${seed}`);
    const property = fc.property(
      fc.array(step, { minLength: 5, maxLength: 120 }),
      fc.constantFrom(1, 2, 8),
      fc.constantFrom(MIN_UNSENT, MAX_UNSENT),
      (steps, maxInflight, maxUnsent) => run(steps, maxInflight, maxUnsent, kept),
    );
    fc.assert(property, { seed: seed | 0, numRuns: 400 });
  });
}
