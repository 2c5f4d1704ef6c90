// Packet Identifiers (2.3.1): 1..65535, one range for all requests, none used twice, and what happens when none is left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEEP, LATEST, publish, spec, subscribe, unsubscribe } from "#subject";
import { newPeer, noted, type Peer, snapshot } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const MOST = spec.MAX_IDENTIFIER;
const PLENTY = { outbox: { messages: MOST + 10, bytes: 1e7 } };

/** `indexOf` of a long array that finds without a walk: a search for a free number asks 65,535 times. */
function quickSearch(ids: number[]): (id: number) => number {
  let places = new Map<number, number>();
  let length = -1;
  return (id) => {
    if (length !== ids.length) places = new Map(ids.map((each, at) => [each, at]));
    length = ids.length;
    return places.get(id) ?? -1;
  };
}

/** An outbox in which every identifier is in use. */
function exhausted(): Peer {
  const peer = newPeer(PLENTY);
  const { pending: outbox, ids } = peer.client;
  // Put there directly: publishing 65,535 messages takes the search for a free number a minute.
  ids.indexOf = quickSearch(ids);
  for (let n = 1; n <= MOST; n++) {
    outbox.push({ kind: spec.PUBACK, flags: 2, topic: "t", payload: "" });
    ids.push(n);
  }
  peer.client.outboxBytes = MOST;
  return peer;
}

test("PUBLISH, SUBSCRIBE and UNSUBSCRIBE count up together, QoS 0 has no identifier", () => {
  const peer = newPeer();
  publish(peer.client, "t", "", 1, false);
  publish(peer.client, "t", "", 0, false, undefined, KEEP);
  subscribe(peer.client, [{ filter: "f", qos: 0 }]);
  publish(peer.client, "t", "", 2, false);
  unsubscribe(peer.client, ["f"]);
  const line = new SlowLine(peer);
  line.reconnect(0);
  assert.deepEqual(line.packets, [
    "publish1 1 t",
    "publish0 t",
    "subscribe 2 f:0",
    "publish2 3 t",
    "unsubscribe 4 f",
  ]);
});

test("no identifier left: each call that needs one is refused at once and changes nothing", () => {
  const peer = exhausted();
  const before = snapshot(peer.client);
  const done = noted(peer, "done");
  assert.equal(publish(peer.client, "t", "", 1, false, done), spec.QUOTA_EXCEEDED);
  assert.equal(publish(peer.client, "t", "", 2, false, done, LATEST), spec.QUOTA_EXCEEDED);
  assert.equal(subscribe(peer.client, [{ filter: "f", qos: 0 }], done), spec.QUOTA_EXCEEDED);
  assert.equal(unsubscribe(peer.client, ["f"], done), spec.QUOTA_EXCEEDED);
  assert.equal(snapshot(peer.client), before);
  assert.equal(publish(peer.client, "t", "", 0, false, done, KEEP), spec.QUEUED, "QoS 0 needs none");
  assert.deepEqual(peer.events, []);
});

test("no identifier left: a waiting QoS 0 message is not replaced by one that needs an identifier", () => {
  const peer = exhausted();
  const done = noted(peer, "done");
  publish(peer.client, "u", "", 0, false, done, LATEST);
  const before = snapshot(peer.client);
  assert.equal(publish(peer.client, "u", "new", 1, false, done, LATEST), spec.QUOTA_EXCEEDED);
  assert.equal(snapshot(peer.client), before);
  assert.equal(publish(peer.client, "u", "new", 0, false, done, LATEST), spec.QUEUED);
});

test("one identifier left: it is found from any count", () => {
  for (const [free, count] of [
    [1, MOST],
    [MOST, MOST - 1],
    [MOST, MOST],
    [7, 7],
    [7, 6],
    [7, 40000],
  ] as const) {
    const peer = exhausted();
    peer.client.pending.splice(free - 1, 1);
    peer.client.ids.splice(free - 1, 1);
    peer.client.lastId = count;
    assert.equal(publish(peer.client, "t", "", 1, false), spec.QUEUED);
    assert.equal(peer.client.ids.at(-1), free);
  }
});

test("no identifiers left for the parts of a SUBSCRIBE: it goes in one packet", () => {
  const peer = exhausted();
  peer.client.pending.splice(6, 1);
  peer.client.ids.splice(6, 1);
  const list = Array.from({ length: 9 }, (_, i) => ({ filter: `f${i}`, qos: 0 }));
  assert.equal(subscribe(peer.client, list), spec.QUEUED);
  assert.equal(peer.client.ids.at(-1), 7);
  assert.equal(peer.client.pending.at(-1)!.list!.length, 9);
});
