// SUBSCRIBE and UNSUBSCRIBE in MQTT 5: several packets where the server takes no larger one, and what it cannot take is told
// while the rest goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CALM_S,
  closed,
  connect,
  publish,
  SUSPECT_ENDS,
  spec,
  spec5,
  subscribe,
  subscribeWith,
  tick,
  unsubscribe,
} from "#subject";
import type { Properties } from "../../src/mqtt/v5/properties.ts";
import { feed, forget, noted, OPTIONS, type Peer, same } from "../mqtt/peer.ts";
import { connack, ready5 } from "./peer5.ts";

const KEPT = { cleanSession: false };

/** A SUBSCRIBE or UNSUBSCRIBE that was sent: its identifier, its bytes, its filters. */
interface Sent {
  id: number;
  size: number;
  filters: string[];
}

/** The requests among the events so far. */
function requests(peer: Peer): Sent[] {
  return forget(peer)
    .filter((event) => /^sent (82|a2)/.test(event))
    .map((event) => {
      const bytes = Buffer.from(event.slice(5), "hex");
      const head = bytes[1]! & 128 ? 3 : 2;
      const filters: string[] = [];
      for (let at = head + 3 + bytes[head + 2]!; at < bytes.length; ) {
        const end = at + 2 + bytes.readUInt16BE(at);
        filters.push(bytes.toString("latin1", at + 2, end));
        at = end + (bytes[0] === 0x82 ? 1 : 0);
      }
      return { id: bytes.readUInt16BE(head), size: bytes.length, filters };
    });
}

function grant(peer: Peer, { id, filters }: Sent): void {
  const rest = `${String.fromCharCode(id >> 8, id & 255)}\0${"\x01".repeat(filters.length)}`;
  assert.equal(feed(peer, [`\x90${String.fromCharCode(rest.length)}${rest}`]), 0);
}

/** The next connection, up to CONNACK with these properties. */
function again(peer: Peer, server: Properties): void {
  closed(peer.client);
  connect(peer.client, { ...OPTIONS, ...KEPT });
  forget(peer);
  assert.equal(feed(peer, [connack(server)]), 0);
}

test("ten filters of 60 bytes and a server that takes 256 bytes: all are restored, in packets that it takes", () => {
  const server = { [spec5.MAXIMUM_PACKET_SIZE]: 256 };
  const peer = ready5(server, {}, KEPT);
  const filters = Array.from({ length: 10 }, (_, i) => `${i}`.padEnd(60, "-"));
  for (const filter of filters) subscribe(peer.client, [{ filter, qos: 1 }]);
  const single = requests(peer);
  for (const sent of single) grant(peer, sent);
  for (const sent of requests(peer)) grant(peer, sent);
  again(peer, server);
  const restored = requests(peer);
  assert.deepEqual(
    restored.flatMap((sent) => sent.filters),
    filters,
  );
  assert.ok(restored.every(({ size }) => size <= 256));
  assert.equal(restored.length, 4, "three filters a packet");
});

test("the next server takes smaller packets: waiting requests are divided, what fits in none is told and stays wanted", () => {
  const peer = ready5({}, { level: 1 }, KEPT);
  const failed: string[] = [];
  peer.client.failed = (_, what) => void failed.push(what);
  subscribe(peer.client, [{ filter: "x".repeat(50), qos: 1 }]);
  for (const sent of requests(peer)) grant(peer, sent);
  const list = ["a", "b", "c"].map((name) => ({ filter: name.repeat(12), qos: 1 }));
  subscribe(peer.client, [...list, { filter: "y".repeat(50), qos: 1 }], noted(peer, "subscribed"));
  unsubscribe(peer.client, ["u".repeat(30), "v"], noted(peer, "unsubscribed"));
  publish(peer.client, "t", "p".repeat(50), 1, false);
  again(peer, { [spec5.MAXIMUM_PACKET_SIZE]: 30 });
  const refused = "refused with 0x95";
  assert.equal(
    peer.lines.filter((line) => line.endsWith(refused)).length,
    4,
    "those with a callback as well",
  );
  const told = peer.events.filter((event) => !event.startsWith("sent"));
  assert.deepEqual(told, ["ready 0"], "the parts that can go have no answer yet");
  const went = requests(peer);
  assert.deepEqual(
    went.map((sent) => sent.filters),
    [...list.map(({ filter }) => [filter]), ["v"]],
  );
  assert.deepEqual(failed, [`SUBSCRIBE to ${"x".repeat(50)}: ${refused}`, `PUBLISH to t: ${refused}`]);
  for (const sent of went.slice(0, 3)) grant(peer, sent);
  assert.equal(feed(peer, [`\xb0\x04\0${String.fromCharCode(went[3]!.id)}\0\0`]), 0);
  same(forget(peer), ["subscribed 0x0 01010195", "unsubscribed 0x95 00"]);
  again(peer, {});
  assert.ok(requests(peer)[0]!.filters.includes("x".repeat(50)), "asked for where it fits");
});

test("a server without wildcards: a filter that has one is told, the others are subscribed to", () => {
  const peer = ready5({ [spec5.WILDCARD_SUBSCRIPTION_AVAILABLE]: 0 });
  const list = ["a", "b/#", "c/+", "d"].map((filter) => ({ filter, qos: 1 }));
  assert.equal(subscribe(peer.client, list, noted(peer, "done")), spec.SUCCESS);
  const sent = requests(peer);
  assert.deepEqual(
    sent.map(({ filters }) => filters),
    [["a"], ["d"]],
  );
  for (const one of sent) grant(peer, one);
  same(peer.events, ["done 0x0 01a2a201"]);
});

test("a server can take none of several filters: the callback gets the reason", () => {
  const peer = ready5({ [spec5.WILDCARD_SUBSCRIPTION_AVAILABLE]: 0 });
  const list = ["a/#", "b/#"].map((filter) => ({ filter, qos: 1 }));
  subscribe(peer.client, list, noted(peer, "done"));
  same(peer.events, ["done 0xa2 "]);
  assert.equal(peer.client.pending.length, 0);
});

test("an UNSUBSCRIBE larger than the server takes is refused at once", () => {
  const peer = ready5({ [spec5.MAXIMUM_PACKET_SIZE]: 20 });
  assert.equal(unsubscribe(peer.client, ["x".repeat(20)]), spec.PACKET_TOO_LARGE);
  same(peer.events, []);
});

test("subscriptions with different properties are restored in packets of their own, the same ones together", () => {
  const peer = ready5({}, {}, KEPT);
  const identified = (n: number) => ({ [spec5.SUBSCRIPTION_IDENTIFIER]: n });
  subscribeWith(peer.client, [{ filter: "a", qos: 1 }], identified(1));
  subscribe(peer.client, [{ filter: "b", qos: 1 }]);
  subscribeWith(peer.client, [{ filter: "c", qos: 1 }], {});
  subscribeWith(
    peer.client,
    ["d", "e"].map((filter) => ({ filter, qos: 1 })),
    identified(2),
  );
  for (const sent of requests(peer)) grant(peer, sent);
  again(peer, {});
  assert.deepEqual(
    requests(peer).map(({ filters }) => filters),
    [["a"], ["b", "c"], ["d", "e"]],
  );
});

test("the server refuses a message in its PUBACK: where no callback tells it, it is logged and told", () => {
  const peer = ready5({}, { level: 1 });
  const failed: string[] = [];
  peer.client.failed = (_, what, reason) => void failed.push(`${what} ${reason}`);
  publish(peer.client, "mine", "", 1, false, noted(peer, "mine"));
  publish(peer.client, "other", "", 1, false);
  forget(peer);
  assert.equal(feed(peer, ["\x40\x03\0\x01\x87\x40\x03\0\x02\x87"]), 0);
  same(peer.events, ["mine 0x87 "]);
  assert.deepEqual(failed, ["the broker refused the message to other, reason 0x87 135"]);
  assert.equal(peer.lines.filter((line) => line.endsWith(", reason 0x87")).length, 1);
});

test("while something is suspected, a server refuses the first restored filter: the others are asked for, one by one", () => {
  const peer = ready5({}, {}, KEPT);
  for (const filter of ["a/#", "b", "c"]) subscribe(peer.client, [{ filter, qos: 1 }]);
  for (const sent of requests(peer)) grant(peer, sent);
  peer.client.ends = SUSPECT_ENDS;
  again(peer, { [spec5.WILDCARD_SUBSCRIPTION_AVAILABLE]: 0 });
  for (let n = 0; n < CALM_S; n++) tick(peer.client);
  for (const filter of ["b", "c"]) {
    const [sent, ...more] = requests(peer);
    assert.deepEqual([sent!.filters, more], [[filter], []]);
    grant(peer, sent!);
  }
  assert.equal(peer.client.ends, 0);
});
