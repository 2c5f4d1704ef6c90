// Packets and network chunks are not aligned: every vector that a server sends has the same effect however it is cut,
// and whatever follows it. Half a packet is not an error.
import assert from "node:assert/strict";
import { test } from "node:test";
import { atRandom, byteByByte, cutOnce, inChunks, whole } from "../support/feeds.ts";
import { chance, SEED as seed } from "../support/random.ts";
import { ACCEPTED, connectingPeer, feed, forget, kept, type Peer, readyPeer, same } from "./peer.ts";
import { prepare, RECEIVED, type Vector } from "./vectors.ts";

/** A PUBLISH to put behind others, and its event. */
const NEXT = "\x30\x04\x00\x01nx";
const NEXT_EVENT = 'message "n" "x" 0';

function peerFor(vector: Vector): Peer {
  const peer = readyPeer();
  prepare(peer, vector);
  forget(peer);
  return peer;
}

for (const vector of RECEIVED) {
  const { name, bytes, received } = vector;

  test(`receives ${name}: the same events whole, byte by byte, cut at every place`, () => {
    for (const chunks of [whole(bytes), byteByByte(bytes), ...cutOnce(bytes)]) {
      const peer = peerFor(vector);
      assert.equal(feed(peer, chunks), 0);
      same(peer.events, received);
      assert.equal(kept(peer.client), 0);
    }
  });

  test(`receives ${name}: cut short, the client waits for more`, () => {
    for (let length = 0; length < bytes.length; length++) {
      const peer = peerFor(vector);
      assert.equal(feed(peer, [bytes.slice(0, length)]), 0);
      same(peer.events, []);
      assert.equal(feed(peer, [bytes.slice(length)]), 0);
      same(peer.events, received);
    }
  });

  test(`receives ${name}: the same events with any part of the next packet behind it`, () => {
    for (let length = 1; length < NEXT.length; length++) {
      const peer = peerFor(vector);
      assert.equal(feed(peer, [bytes + NEXT.slice(0, length)]), 0);
      same(peer.events, received);
      assert.equal(feed(peer, [NEXT.slice(length)]), 0);
      same(peer.events, [...received, NEXT_EVENT]);
    }
  });

  test(`receives ${name}: the same events between two others in one chunk`, () => {
    const peer = peerFor(vector);
    assert.equal(feed(peer, [NEXT + bytes + NEXT]), 0);
    same(peer.events, [NEXT_EVENT, ...received, NEXT_EVENT]);
  });
}

/** All vectors in a row, CONNACK first, and their events. */
function everything(feedIt: (peer: Peer, bytes: string) => number): void {
  const peer = connectingPeer();
  // Packets that wait for answers are prepared after CONNACK.
  assert.equal(feed(peer, [ACCEPTED]), 0);
  for (const vector of RECEIVED) prepare(peer, vector);
  forget(peer);
  assert.equal(feedIt(peer, RECEIVED.map((vector) => vector.bytes).join("")), 0);
  same(
    peer.events,
    RECEIVED.flatMap((vector) => vector.received),
  );
  assert.equal(kept(peer.client), 0);
}

test("receives all vectors: the same events in one chunk, byte by byte, and in chunks of every size", () => {
  everything((peer, bytes) => feed(peer, whole(bytes)));
  for (let size = 1; size < 300; size++) everything((peer, bytes) => feed(peer, inChunks(bytes, size)));
});

test("receives all vectors: the same events in random chunks", (t) => {
  t.diagnostic(`FUZZ_SEED=${seed}`);
  const random = chance(seed);
  for (let run = 0; run < 200; run++) everything((peer, bytes) => feed(peer, atRandom(bytes, random)));
});

test("receives CONNACK and packets behind it: the same events in one chunk or in any two", () => {
  for (const chunks of [whole(ACCEPTED + NEXT), ...cutOnce(ACCEPTED + NEXT), byteByByte(ACCEPTED + NEXT)]) {
    const peer = connectingPeer();
    assert.equal(feed(peer, chunks), 0);
    same(peer.events, ["ready 0", NEXT_EVENT]);
  }
});

test("receives an empty chunk: nothing changes", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, ["", NEXT.slice(0, 3), "", NEXT.slice(3), ""]), 0);
  same(peer.events, [NEXT_EVENT]);
});
