// How a conversation ends: DISCONNECT or a lost connection, what becomes of everything that waited, and that nothing of
// it reaches the next connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSED, closed, connect, disconnect, publish, READY, spec, subscribe, unsubscribe } from "#subject";
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

test("everything that waits is told the reason, once", () => {
  const peer = waitingPeer();
  closed(peer.client, spec.KEEP_ALIVE_TIMEOUT);
  const told = NAMES.map((name) => `${name} 0x8d `);
  assert.deepEqual(forget(peer).sort(), told.sort());
  closed(peer.client, spec.PROTOCOL_ERROR);
  disconnect(peer.client);
  same(peer.events, []);
  assert.deepEqual([peer.client.outs, peer.client.state], [0, CLOSED]);
});

test("DISCONNECT is the last packet, and everything that waits is told that it failed", () => {
  const peer = waitingPeer();
  disconnect(peer.client);
  assert.equal(peer.events.shift(), "sent e000");
  assert.deepEqual(peer.events.sort(), NAMES.map((name) => `${name} 0x80 `).sort());
});

test("before CONNACK there is no DISCONNECT, when closed neither", () => {
  for (const peer of [connectingPeer(), newPeer()]) {
    disconnect(peer.client);
    disconnect(peer.client);
    same(peer.events, []);
    assert.equal(peer.client.state, CLOSED);
  }
});

test("the verbs answer with a reason afterwards", () => {
  const peer = readyPeer();
  disconnect(peer.client);
  forget(peer);
  assert.equal(publish(peer.client, "a", "", 0, false, noted(peer, "done")), spec.UNSPECIFIED_ERROR);
  same(peer.events, []);
});

test("bytes that still come are not kept and not handled", () => {
  const peer = readyPeer();
  disconnect(peer.client);
  forget(peer);
  for (let i = 0; i < 10; i++)
    assert.equal(feed(peer, ["\x30\x03\0\x01a", "\x30", "\x00\xff".repeat(300)]), 0);
  assert.equal(kept(peer.client), 0);
  same(peer.events, []);
  assert.equal(feed(newPeer(), ["\xff\xff\xff\xff\xff"]), 0, "nor before the first CONNECT");
});

test("half a packet of the old connection does not stand in front of the new one", () => {
  for (const half of ["\x30", "\x30\x80", "\x30\x05\0\x01a", "\x36\0", "\x30\xff\x7f\0\x01"]) {
    const peer = readyPeer();
    feed(peer, [half]);
    closed(peer.client, spec.UNSPECIFIED_ERROR);
    feed(peer, [half]);
    connect(peer.client, OPTIONS);
    forget(peer);
    assert.equal(feed(peer, [ACCEPTED]), 0);
    same(peer.events, ["ready 0"]);
    assert.equal(peer.client.state, READY);
  }
});

test("an answer to the old connection means nothing on the new one; identifiers go on counting", () => {
  const peer = waitingPeer();
  closed(peer.client, spec.UNSPECIFIED_ERROR);
  connect(peer.client, OPTIONS);
  feed(peer, [ACCEPTED]);
  forget(peer);
  assert.equal(feed(peer, ["\x40\x02\0\x01"]), 0);
  same(peer.events, []);
  publish(peer.client, "a", "", 1, false);
  same(peer.events, ["sent 32050001610007"]);
});

test("a callback that publishes while everything ends is turned away", () => {
  const peer = readyPeer();
  const results: number[] = [];
  const again = () => void results.push(publish(peer.client, "a", "", 1, false, noted(peer, "again")));
  publish(peer.client, "a", "", 1, false, again);
  publish(peer.client, "a", "", 1, false, again);
  forget(peer);
  closed(peer.client, spec.UNSPECIFIED_ERROR);
  assert.deepEqual(results, [spec.UNSPECIFIED_ERROR, spec.UNSPECIFIED_ERROR]);
  same(peer.events, []);
});

test("a callback that connects again leaves the others their turn", () => {
  const peer = readyPeer();
  publish(peer.client, "a", "", 1, false, () => connect(peer.client, OPTIONS));
  publish(peer.client, "a", "", 1, false, noted(peer, "second"));
  closed(peer.client, spec.UNSPECIFIED_ERROR);
  forget(peer);
  assert.equal(feed(peer, [ACCEPTED]), 0);
  same(peer.events, ["ready 0"]);
  assert.equal(peer.client.outs, 0);
});

test("a callback that throws does not cost the others theirs", () => {
  const peer = readyPeer();
  const fails = () => {
    peer.events.push("fails");
    throw new Error("application");
  };
  publish(peer.client, "a", "", 1, false, fails);
  publish(peer.client, "a", "", 1, false, noted(peer, "second"));
  publish(peer.client, "a", "", 1, false, noted(peer, "third"));
  forget(peer);
  closed(peer.client, spec.UNSPECIFIED_ERROR);
  closed(peer.client, spec.UNSPECIFIED_ERROR);
  same(peer.events, ["fails", "second 0x80 ", "third 0x80 "]);
});
