// Publishing (3.3, 4.3): when a message is complete at each QoS, how many may wait, and which identifiers they have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_INFLIGHT, publish, spec, subscribe, unsubscribe } from "#subject";
import { connectingPeer, feed, forget, newPeer, noted, type Peer, readyPeer, same } from "./peer.ts";

const id = (n: number) => String.fromCharCode(n >> 8, n & 255);
const puback = (n: number) => `\x40\x02${id(n)}`;
const pubrec = (n: number) => `\x50\x02${id(n)}`;
const pubcomp = (n: number) => `\x70\x02${id(n)}`;

test("QoS 0: the callback is called when the message is sent", () => {
  const peer = readyPeer();
  assert.equal(publish(peer.client, "a", "x", 0, true, noted(peer, "done")), spec.SUCCESS);
  same(peer.events, ["sent 310400016178", "done 0x0 "]);
  assert.equal(peer.client.pending.length, 0);
});

test("QoS 1: the callback is called at PUBACK, once", () => {
  const peer = readyPeer();
  assert.equal(publish(peer.client, "a", "x", 1, false, noted(peer, "done")), spec.SUCCESS);
  same(forget(peer), ["sent 3206000161000178"]);
  assert.equal(feed(peer, [puback(1), puback(1)]), 0);
  same(peer.events, ["done 0x0 "]);
  assert.equal(peer.client.pending.length, 0);
});

test("QoS 2: the callback is called at PUBCOMP, once, however often PUBREC comes", () => {
  const peer = readyPeer();
  assert.equal(publish(peer.client, "a", "x", 2, true, noted(peer, "done")), spec.SUCCESS);
  same(forget(peer), ["sent 3506000161000178"]);
  assert.equal(feed(peer, [pubrec(1), pubrec(1)]), 0);
  same(forget(peer), ["sent 62020001", "sent 62020001"]);
  assert.equal(feed(peer, [puback(1)]), 0);
  assert.equal(peer.client.pending.length, 1);
  assert.equal(feed(peer, [pubcomp(1), pubcomp(1), pubrec(1)]), 0);
  same(peer.events, ["done 0x0 ", "sent 62020001"]);
  assert.equal(peer.client.pending.length, 0);
});

test("answers in any order: each callback is called at its own answer", () => {
  const peer = readyPeer();
  for (const name of ["one", "two", "three"]) publish(peer.client, "a", "", 1, false, noted(peer, name));
  forget(peer);
  assert.equal(feed(peer, [puback(3) + puback(1) + puback(2)]), 0);
  same(peer.events, ["three 0x0 ", "one 0x0 ", "two 0x0 "]);
});

test("a message without a callback: its exchange completes", () => {
  const peer = readyPeer();
  publish(peer.client, "a", "", 0, false);
  publish(peer.client, "a", "", 1, false);
  publish(peer.client, "a", "", 2, false);
  assert.equal(feed(peer, [puback(1), pubrec(2), pubcomp(2)]), 0);
  assert.equal(peer.client.pending.length, 0);
});

test("while not connected all messages wait, except at QoS 0: those are dropped and counted", () => {
  for (const peer of [newPeer(), connectingPeer()]) {
    const done = noted(peer, "done");
    assert.equal(publish(peer.client, "a", "", 0, false, done), spec.DROPPED);
    assert.equal(publish(peer.client, "a", "", 1, false, done), spec.QUEUED);
    assert.equal(publish(peer.client, "a", "", 2, false, done), spec.QUEUED);
    assert.equal(subscribe(peer.client, [{ filter: "a", qos: 0 }], done), spec.QUEUED);
    assert.equal(unsubscribe(peer.client, ["a"], done), spec.QUEUED);
    assert.deepEqual([peer.events, peer.client.pending.length, peer.client.lost], [[], 4, 1]);
  }
});

/** The largest number of packets that may wait. */
function crowded(): Peer {
  const peer = readyPeer();
  for (let i = 0; i < MAX_INFLIGHT - 2; i++)
    assert.equal(publish(peer.client, "a", "", 1 + (i % 2), false), 0);
  assert.equal(subscribe(peer.client, [{ filter: "a", qos: 0 }]), 0);
  assert.equal(unsubscribe(peer.client, ["a"]), 0);
  forget(peer);
  return peer;
}

test(`${MAX_INFLIGHT} packets may wait for their answers, further ones are sent as answers come`, () => {
  const peer = crowded();
  const done = noted(peer, "done");
  assert.equal(publish(peer.client, "a", "", 1, false, done), spec.QUEUED);
  assert.equal(publish(peer.client, "a", "", 2, false, done), spec.QUEUED);
  assert.equal(subscribe(peer.client, [{ filter: "a", qos: 0 }], done), spec.QUEUED);
  assert.equal(unsubscribe(peer.client, ["a"], done), spec.QUEUED);
  same(peer.events, []);
  assert.equal(publish(peer.client, "a", "", 0, false, done), spec.SUCCESS, "QoS 0 waits for nothing");
  same(forget(peer), ["sent 3003000161", "done 0x0 "]);
});

test("the end of an exchange makes room for what waits, PUBREC alone does not", () => {
  const peer = crowded();
  assert.equal(publish(peer.client, "a", "", 1, false), spec.QUEUED);
  assert.equal(feed(peer, [pubrec(2)]), 0);
  same(forget(peer), ["sent 62020002"]);
  assert.equal(feed(peer, [pubcomp(2)]), 0);
  same(peer.events, ["sent 32050001610009"]);
});

test("identifiers count up: one that became free is not used next", () => {
  const peer = readyPeer();
  for (let n = 1; n <= 300; n++) {
    assert.equal(publish(peer.client, "a", "", 1, false), 0);
    assert.equal(peer.events.pop(), `sent 3205000161${n.toString(16).padStart(4, "0")}`);
    assert.equal(feed(peer, [puback(n)]), 0);
  }
});

test("after 65535 comes 1, never 0, and one that is still in use is left out", () => {
  const peer = readyPeer();
  publish(peer.client, "a", "", 1, false); // 1
  publish(peer.client, "a", "", 2, false); // 2
  assert.equal(feed(peer, [pubrec(2)]), 0);
  peer.client.lastId = 65533;
  forget(peer);
  for (let n = 0; n < 4; n++) publish(peer.client, "a", "", 1, false);
  assert.deepEqual(
    peer.events.map((event) => event.slice(-4)),
    ["fffe", "ffff", "0003", "0004"],
  );
});

test("the server uses our identifier: both exchanges complete", () => {
  const peer = readyPeer();
  publish(peer.client, "a", "", 2, false, noted(peer, "done"));
  forget(peer);
  assert.equal(feed(peer, ["\x34\x05\0\x01b\0\x01", pubrec(1), "\x62\x02\0\x01", pubcomp(1)]), 0);
  const events = ["sent 50020001", 'message "b" "" 4', "sent 62020001", "sent 70020001", "done 0x0 "];
  same(peer.events, events);
});

test("publish inside a completion callback: the message is sent", () => {
  const peer = readyPeer();
  let left = 3;
  const next = () => {
    if (left-- > 0) publish(peer.client, "a", "", 1, false, next);
  };
  next();
  assert.equal(feed(peer, [puback(1) + puback(2) + puback(3)]), 0);
  assert.equal(peer.events.length, 3);
  assert.equal(peer.client.pending.length, 0);
});

test("a second retained QoS 0 message to the same topic has its RETAIN flag", () => {
  const peer = readyPeer();
  for (const retain of [false, true, false, true]) publish(peer.client, "a", "x", 0, retain);
  same(
    peer.events,
    ["30", "31", "30", "31"].map((first) => `sent ${first}0400016178`),
  );
});
