// The outbox: what it accepts and refuses, exactly at its limits; what each policy does; and that `done` is called once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DROP, disconnect, KEEP, LATEST, publish, spec, subscribe, unsubscribe } from "#subject";
import { feed, forget, newPeer, noted, type Peer, readyPeer, snapshot } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const { SUCCESS, QUEUED, QUOTA_EXCEEDED, PACKET_TOO_LARGE, DROPPED, REPLACED } = spec;

/** Not connected: everything waits. */
function waitingPeer(messages: number, bytes: number): Peer {
  return newPeer({ outbox: { messages, bytes } });
}

/** Publishes, at QoS 1 by default. The text is both the payload and the name of the callback. */
function put(peer: Peer, text: string, policy?: number, qos = 1, topic = "t"): number {
  return publish(peer.client, topic, text, qos, false, noted(peer, text), policy);
}

/** The payloads in the outbox, in order. */
const payloads = (peer: Peer) => peer.client.pending.map((entry) => entry.payload);

/** All that is sent on a connection with room for everything. */
function sentOf(peer: Peer, present = 0): string[] {
  const line = new SlowLine(peer);
  line.reconnect(present);
  return line.packets;
}

/** Whether the call is refused with this reason and leaves the record as it was. */
function refused(peer: Peer, reason: number, call: () => number): void {
  const before = snapshot(peer.client);
  assert.equal(call(), reason);
  assert.equal(snapshot(peer.client), before);
}

test("the outbox accepts as many messages as configured, of any kind, and refuses one more", () => {
  const peer = waitingPeer(4, 1000);
  const done = noted(peer, "done");
  assert.equal(put(peer, "one"), QUEUED);
  assert.equal(put(peer, "zero", KEEP, 0), QUEUED);
  assert.equal(subscribe(peer.client, [{ filter: "f", qos: 0 }], done), QUEUED);
  assert.equal(unsubscribe(peer.client, ["f"], done), QUEUED);
  for (const qos of [0, 1, 2]) refused(peer, QUOTA_EXCEEDED, () => put(peer, "x", KEEP, qos));
  refused(peer, QUOTA_EXCEEDED, () => put(peer, "x", LATEST));
  refused(peer, QUOTA_EXCEEDED, () => subscribe(peer.client, [{ filter: "f", qos: 0 }], done));
  refused(peer, QUOTA_EXCEEDED, () => unsubscribe(peer.client, ["f"], done));
  assert.deepEqual(peer.events, [], "who is refused is not told as well");
});

test("a full outbox: after the first answer it accepts one message", () => {
  const peer = readyPeer({ outbox: { messages: 2, bytes: 1000 } });
  assert.deepEqual([put(peer, "1"), put(peer, "2")], [SUCCESS, SUCCESS]);
  refused(peer, QUOTA_EXCEEDED, () => put(peer, "3"));
  assert.equal(feed(peer, ["\x40\x02\0\x01"]), 0);
  assert.equal(put(peer, "3"), SUCCESS);
});

test("the outbox accepts exactly as many bytes of topics and payloads as configured", () => {
  const peer = waitingPeer(100, 20);
  assert.equal(put(peer, "123456789"), QUEUED);
  refused(peer, QUOTA_EXCEEDED, () => put(peer, "1234567890"));
  assert.equal(put(peer, "12345", KEEP, 1, "topic"), QUEUED);
  assert.equal(peer.client.outboxBytes, 20);
  refused(peer, QUOTA_EXCEEDED, () => put(peer, ""));
  refused(peer, QUOTA_EXCEEDED, () => subscribe(peer.client, [{ filter: "f", qos: 0 }]));
});

test("a message larger than the outbox is refused as too large, with any policy, full or empty", () => {
  for (const text of ["", "full"]) {
    const peer = waitingPeer(2, 12);
    if (text) for (const more of ["1", "2"]) put(peer, more, LATEST, 1, more);
    for (const qos of [0, 1, 2]) {
      refused(peer, PACKET_TOO_LARGE, () => put(peer, "x".repeat(12), KEEP, qos));
      refused(peer, PACKET_TOO_LARGE, () => put(peer, "x".repeat(12), LATEST, qos, "1"));
    }
    refused(peer, PACKET_TOO_LARGE, () => subscribe(peer.client, [{ filter: "a/long/filter", qos: 0 }]));
    refused(peer, PACKET_TOO_LARGE, () => unsubscribe(peer.client, ["a/long/filter"]));
  }
  assert.equal(put(waitingPeer(2, 12), "x".repeat(11)), QUEUED);
});

test("an answer frees the bytes of its message, at QoS 2 PUBREC those of the payload", () => {
  const peer = readyPeer({ outbox: { messages: 10, bytes: 21 } });
  put(peer, "123456789", KEEP, 2);
  put(peer, "123456789", KEEP, 2);
  assert.equal(peer.client.outboxBytes, 20);
  refused(peer, QUOTA_EXCEEDED, () => put(peer, "1"));
  assert.equal(feed(peer, ["\x50\x02\0\x01"]), 0);
  assert.equal(peer.client.outboxBytes, 11);
  assert.equal(put(peer, "12345678"), SUCCESS);
  assert.equal(feed(peer, ["\x70\x02\0\x01", "\x50\x02\0\x02\x70\x02\0\x02", "\x40\x02\0\x03"]), 0);
  assert.deepEqual([peer.client.outboxBytes, peer.client.pending.length], [0, 0]);
});

test("LATEST replaces an older message that waits: the callback of that one is called, the order stays", () => {
  const peer = waitingPeer(10, 1000);
  put(peer, "before");
  assert.equal(put(peer, "old", LATEST), QUEUED);
  put(peer, "other", LATEST, 1, "u");
  put(peer, "behind");
  const id = peer.client.lastId;
  assert.equal(put(peer, "new", LATEST), QUEUED);
  assert.deepEqual(payloads(peer), ["before", "new", "other", "behind"]);
  assert.deepEqual(forget(peer), [`old 0x${REPLACED.toString(16)} `]);
  assert.equal(peer.client.lastId, id, "no identifier is wasted");
  assert.deepEqual(sentOf(peer), [
    "publish1 1 t before",
    "publish1 2 t new",
    "publish1 3 u other",
    "publish1 4 t behind",
  ]);
  assert.equal(feed(peer, ["\x40\x02\0\x02"]), 0);
  assert.deepEqual(forget(peer), ["ready 0", "new 0x0 "]);
});

test("LATEST never replaces a message of another policy, and no such message replaces it", () => {
  const peer = waitingPeer(10, 1000);
  put(peer, "kept", KEEP);
  put(peer, "first", LATEST);
  put(peer, "kept too", KEEP);
  put(peer, "second", LATEST);
  assert.deepEqual(payloads(peer), ["kept", "second", "kept too"]);
});

test("LATEST never replaces a message that was sent, on this connection or an earlier one", () => {
  const peer = readyPeer({ maxInflight: 1 }, { cleanSession: false });
  const line = new SlowLine(peer);
  put(peer, "sent", LATEST);
  put(peer, "1", LATEST);
  assert.deepEqual(payloads(peer), ["sent", "1"]);
  line.lose();
  put(peer, "2", LATEST);
  assert.deepEqual(payloads(peer), ["sent", "2"]);
  line.reconnect(1);
  put(peer, "3", LATEST);
  assert.deepEqual(line.packets, ["publish1 dup 1 t sent"], "the same message as before under its number");
  assert.equal(feed(peer, ["\x40\x02\0\x01"]), 0);
  assert.equal(line.packets.at(-1), "publish1 2 t 3");
  const replaced = ["1 0x101 ", "2 0x101 "];
  assert.deepEqual(
    peer.events.filter((event) => event.includes("0x101")),
    replaced,
  );
});

test("LATEST with another QoS: it has an identifier where it needs one", () => {
  const peer = waitingPeer(10, 1000);
  put(peer, "zero", LATEST, 0);
  put(peer, "behind", KEEP, 1, "u");
  put(peer, "one", LATEST, 1);
  assert.deepEqual(peer.client.ids, [2, 1]);
  put(peer, "two", LATEST, 2);
  assert.deepEqual(peer.client.ids, [2, 1]);
  put(peer, "zero again", LATEST, 0);
  assert.deepEqual(peer.client.ids, [0, 1]);
  assert.deepEqual(sentOf(peer), ["publish0 t zero again", "publish1 1 u behind"]);
  assert.deepEqual(peer.events, ["zero 0x101 ", "one 0x101 ", "two 0x101 ", "zero again 0x0 ", "ready 0"]);
});

test("LATEST in a full outbox: a message that is not larger replaces the old one, a larger one does not", () => {
  const peer = waitingPeer(2, 20);
  put(peer, "1234567", LATEST);
  put(peer, "12345678901", KEEP);
  refused(peer, QUOTA_EXCEEDED, () => put(peer, "12345678", LATEST));
  assert.equal(put(peer, "7654321", LATEST), QUEUED);
  assert.equal(put(peer, "", LATEST), QUEUED);
  assert.equal(peer.client.outboxBytes, 13);
});

test("LATEST in an outbox that restored subscriptions overfill: a smaller message replaces the old one", () => {
  const peer = readyPeer({ outbox: { messages: 9, bytes: 64 } }, { cleanSession: false });
  const line = new SlowLine(peer);
  for (let n = 1; n <= 4; n++) {
    assert.equal(subscribe(peer.client, [{ filter: `${n}${"f".repeat(20)}`, qos: 0 }]), SUCCESS);
    assert.equal(feed(peer, [`\x90\x03\0${String.fromCharCode(n)}\0`]), 0);
  }
  line.slow = true;
  put(peer, "1234567", LATEST);
  line.lose();
  put(peer, "new", LATEST, 1, "u");
  line.reconnect(0);
  assert.ok(peer.client.outboxBytes > 64);
  peer.client.inflightLimit = 1;
  line.lose();
  line.reconnect(0);
  refused(peer, QUOTA_EXCEEDED, () => put(peer, "news", LATEST, 1, "u"));
  assert.equal(put(peer, "no", LATEST, 1, "u"), QUEUED);
});

test("DROP, and QoS 0 by default: a message that cannot be sent at once is dropped and counted", () => {
  const peer = readyPeer({ maxInflight: 1 });
  assert.equal(put(peer, "one", DROP), SUCCESS);
  assert.equal(put(peer, "two", DROP), DROPPED, "one waits for its answer");
  assert.equal(put(peer, "three", DROP, 2), DROPPED);
  assert.equal(put(peer, "zero", DROP, 0), SUCCESS, "QoS 0 waits for none");
  assert.equal(put(peer, "zero", undefined, 0), SUCCESS);
  assert.deepEqual([peer.client.lost, payloads(peer)], [2, ["one"]]);
  put(peer, "waits");
  assert.equal(feed(peer, ["\x40\x02\0\x01"]), 0);
  assert.equal(put(peer, "four", DROP), DROPPED);
  assert.equal(feed(peer, ["\x40\x02\0\x02"]), 0);
  assert.equal(put(peer, "five", DROP), SUCCESS);
  assert.equal(peer.client.lost, 3);
});

test("DROP: a message that was sent is sent again like any other", () => {
  const peer = readyPeer({}, { cleanSession: false });
  put(peer, "sent", DROP);
  assert.deepEqual(sentOf(peer, 1), ["publish1 dup 1 t sent"]);
});

test("a call that throws: the record stays as it was", () => {
  for (const peer of [newPeer(), readyPeer()]) {
    const before = snapshot(peer.client);
    for (const policy of [KEEP, LATEST, DROP]) {
      assert.throws(() => put(peer, "x", policy, 3), /bad QoS 3/);
      assert.throws(() => put(peer, "x", policy, 1, "a/+"), /bad topic name/);
    }
    assert.throws(() => subscribe(peer.client, [{ filter: "a#", qos: 0 }]), /bad topic filter/);
    assert.throws(() => subscribe(peer.client, [{ filter: "a", qos: 3 }]), /bad QoS/);
    assert.throws(() => subscribe(peer.client, []), /no topic filter/);
    assert.throws(() => unsubscribe(peer.client, []), /no topic filter/);
    assert.equal(snapshot(peer.client), before);
  }
});

test("a callback is called once for each message that was taken, and never for one that was refused", () => {
  const peer = readyPeer({ maxInflight: 2, outbox: { messages: 6, bytes: 100 } }, { cleanSession: false });
  const line = new SlowLine(peer);
  const taken: string[] = [];
  const refusals: string[] = [];
  const offer = (text: string, policy: number, qos: number) => {
    const reason = put(peer, text, policy, qos);
    (reason < 0x80 ? taken : refusals).push(text);
  };
  offer("acknowledged", KEEP, 1);
  offer("released", KEEP, 2);
  offer("replaced", LATEST, 1);
  offer("replaces", LATEST, 2);
  offer("waits", KEEP, 1);
  offer("zero", KEEP, 0);
  offer("dropped", DROP, 1);
  assert.equal(feed(peer, ["\x40\x02\0\x01", "\x50\x02\0\x02"]), 0);
  line.reconnect(0);
  for (let n = 0; n < 9; n++) offer(`more ${n}`, KEEP, 1);
  assert.equal(feed(peer, ["\x50\x02\0\x03\x70\x02\0\x03"]), 0);
  disconnect(peer.client);
  offer("late", KEEP, 1);
  const told = peer.events
    .filter((event) => !event.startsWith("ready"))
    .map((event) => event.replace(/ 0x.*/, ""));
  assert.deepEqual(told.sort(), taken.sort());
  assert.ok(refusals.includes("dropped") && refusals.includes("late") && refusals.includes("more 8"));
});
