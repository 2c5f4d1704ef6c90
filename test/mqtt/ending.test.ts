// How a connection ends: DISCONNECT or a lost connection, what happens to all that waits, and that nothing of
// it reaches the next connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CLOSED,
  closed,
  connect,
  disconnect,
  KEEP,
  LATEST,
  publish,
  READY,
  spec,
  subscribe,
  unsubscribe,
} from "#subject";
import {
  ACCEPTED,
  connectingPeer,
  feed,
  forget,
  kept,
  newPeer,
  noted,
  OPTIONS,
  type Peer,
  readyPeer,
  same,
} from "./peer.ts";

/** A client that waits for every kind of answer. */
function waitingPeer(): Peer {
  const peer = readyPeer();
  publish(peer.client, "a", "", 1, false, noted(peer, "one"));
  publish(peer.client, "a", "", 2, false, noted(peer, "two"));
  publish(peer.client, "a", "", 2, false, noted(peer, "released"));
  subscribe(peer.client, [{ filter: "a", qos: 0 }], noted(peer, "subscribed"));
  unsubscribe(peer.client, ["a"], noted(peer, "unsubscribed"));
  publish(peer.client, "a", "", 1, false);
  feed(peer, ["\x50\x02\0\x03"]);
  forget(peer);
  return peer;
}

const NAMES = ["one", "two", "released", "subscribed", "unsubscribed"];

test("a lost connection: messages that wait are kept", () => {
  const peer = waitingPeer();
  const waits = peer.client.pending.length;
  closed(peer.client);
  closed(peer.client);
  same(peer.events, []);
  assert.deepEqual([peer.client.pending.length, peer.client.sent, peer.client.state], [waits, 0, CLOSED]);
});

test("disconnect: DISCONNECT is the last packet, and the callbacks of all that waits get an error", () => {
  const peer = waitingPeer();
  disconnect(peer.client);
  assert.equal(peer.events.shift(), "sent e000");
  assert.deepEqual(peer.events.sort(), NAMES.map((name) => `${name} 0x80 `).sort());
});

test("disconnect before CONNACK, or when closed: no DISCONNECT is sent", () => {
  for (const peer of [connectingPeer(), newPeer()]) {
    disconnect(peer.client);
    disconnect(peer.client);
    same(peer.events, []);
    assert.equal(peer.client.state, CLOSED);
  }
});

test("after the end: each callback was called once, and nothing is kept", () => {
  const peer = waitingPeer();
  disconnect(peer.client);
  forget(peer);
  disconnect(peer.client);
  closed(peer.client);
  same(peer.events, []);
  assert.deepEqual([peer.client.pending, peer.client.ids, peer.client.outboxBytes], [[], [], 0]);
});

test("after the end: bytes are neither kept nor handled", () => {
  const peer = readyPeer();
  disconnect(peer.client);
  forget(peer);
  for (let i = 0; i < 10; i++)
    assert.equal(feed(peer, ["\x30\x03\0\x01a", "\x30", "\x00\xff".repeat(300)]), 0);
  assert.equal(kept(peer.client), 0);
  same(peer.events, []);
  assert.equal(feed(newPeer(), ["\xff\xff\xff\xff\xff"]), 0, "nor before the first CONNECT");
});

test("a new connection: half a packet of the old one is dropped", () => {
  for (const half of ["\x30", "\x30\x80", "\x30\x05\0\x01a", "\x36\0", "\x30\xff\x7f\0\x01"]) {
    const peer = readyPeer();
    feed(peer, [half]);
    closed(peer.client);
    feed(peer, [half]);
    connect(peer.client, OPTIONS);
    forget(peer);
    assert.equal(feed(peer, [ACCEPTED]), 0);
    same(peer.events, ["ready 0"]);
    assert.equal(peer.client.state, READY);
  }
});

test("a new connection: an answer before a message is sent again does not complete it", () => {
  const peer = readyPeer({ maxInflight: 1 });
  publish(peer.client, "a", "", 1, false, noted(peer, "one"));
  publish(peer.client, "a", "", 1, false, noted(peer, "two"));
  closed(peer.client);
  connect(peer.client, OPTIONS);
  forget(peer);
  assert.equal(feed(peer, [`${ACCEPTED}\x40\x02\0\x02`]), 0);
  same(peer.events, ["ready 0", "sent 32050001610001"]);
});

test("a callback publishes while the client ends: the message is refused, so that the end is reached", () => {
  for (const policy of [KEEP, LATEST]) {
    const peer = readyPeer({ maxInflight: 1 });
    const refusals: number[] = [];
    const again = () => {
      refusals.push(
        publish(peer.client, "a", "", 1, false, again, policy),
        subscribe(peer.client, [{ filter: "a", qos: 0 }], again),
        unsubscribe(peer.client, ["a"], again),
      );
    };
    publish(peer.client, "a", "", 1, false, again, policy);
    publish(peer.client, "a", "", 1, false, again, policy);
    forget(peer);
    disconnect(peer.client);
    same(peer.events, ["sent e000"]);
    assert.deepEqual(refusals, Array(6).fill(spec.UNSPECIFIED_ERROR));
    assert.equal(peer.client.pending.length, 0);
  }
});

test("after disconnect: calls are refused until the next connection", () => {
  const peer = readyPeer();
  disconnect(peer.client);
  closed(peer.client);
  assert.equal(publish(peer.client, "a", "", 1, false, noted(peer, "late")), spec.UNSPECIFIED_ERROR);
  assert.equal(publish(peer.client, "a", "", 0, false, noted(peer, "late")), spec.DROPPED);
  connect(peer.client, OPTIONS);
  assert.equal(publish(peer.client, "a", "", 1, false), spec.QUEUED);
  forget(peer);
  assert.equal(feed(peer, [ACCEPTED]), 0);
  same(peer.events, ["ready 0", "sent 32050001610001"]);
});

test("a callback disconnects while the client ends: nothing changes", () => {
  const peer = readyPeer();
  publish(peer.client, "a", "", 1, false, () => disconnect(peer.client));
  publish(peer.client, "a", "", 1, false, noted(peer, "second"));
  forget(peer);
  disconnect(peer.client);
  same(peer.events, ["sent e000", "second 0x80 "]);
});

test("a callback throws while the client ends: the other callbacks are called", () => {
  const peer = readyPeer();
  const fails = () => {
    peer.events.push("fails");
    throw new Error("application");
  };
  publish(peer.client, "a", "", 1, false, fails);
  publish(peer.client, "a", "", 1, false, noted(peer, "second"));
  publish(peer.client, "a", "", 1, false, noted(peer, "third"));
  forget(peer);
  disconnect(peer.client);
  closed(peer.client);
  same(peer.events, ["sent e000", "fails", "second 0x80 ", "third 0x80 "]);
});
