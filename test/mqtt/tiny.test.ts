// The tiny profile: QoS 0 and 1, no will. QoS 2 is refused in both directions. And both profiles have an explanation of every
// reason that can end a connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, full, publish, spec, subscribe, tiny } from "#subject";
import { byteByByte, whole } from "../support/feeds.ts";
import { hex, wire } from "../support/wire.ts";
import { feed, forget, newPeer, noted, OPTIONS, type Peer, readyPeer, same } from "./peer.ts";
import { prepare, RECEIVED } from "./vectors.ts";

const tinyPeer = (): Peer => readyPeer({ profile: tiny });

test("tiny publishes and subscribes at QoS 0 and 1", () => {
  const peer = tinyPeer();
  for (const qos of [0, 1]) {
    assert.equal(publish(peer.client, "a", "", qos, false, noted(peer, "published")), spec.SUCCESS);
    assert.equal(subscribe(peer.client, [{ filter: "a", qos }], noted(peer, "subscribed")), spec.SUCCESS);
  }
  forget(peer);
  assert.equal(feed(peer, [wire`90 03 0001 00  40 02 0002  90 03 0003 01`]), 0);
  same(peer.events, ["subscribed 0x0 00", "published 0x0 ", "subscribed 0x0 01"]);
});

test("tiny refuses to publish or subscribe at QoS 2", () => {
  const peer = tinyPeer();
  assert.throws(() => publish(peer.client, "a", "", 2, false), /QoS 2/);
  assert.throws(() => subscribe(peer.client, [{ filter: "a", qos: 2 }]), /QoS 2/);
  assert.deepEqual([peer.events, peer.client.pending.length], [[], 0]);
});

for (const [name, bytes, reason] of [
  ["a PUBLISH at QoS 2", wire`34 05 0001 'a' 0001`, spec.QOS_NOT_SUPPORTED],
  ["the beginning of a PUBLISH at QoS 2", wire`34 07 00ff`, spec.QOS_NOT_SUPPORTED],
  ["a duplicate at QoS 2", wire`3c 05 0001 'a' 0001`, spec.QOS_NOT_SUPPORTED],
  [
    "a PUBLISH at QoS 2 over maxPacket, as soon as its length is known",
    wire`34 ffff7f`,
    spec.QOS_NOT_SUPPORTED,
  ],
  ["PUBREC", wire`50 02 0001`, spec.PROTOCOL_ERROR],
  ["PUBREL", wire`62 02 0001`, spec.PROTOCOL_ERROR],
  ["PUBCOMP", wire`70 02 0001`, spec.PROTOCOL_ERROR],
] as const) {
  test(`tiny ends the connection on ${name}`, () => {
    for (const chunks of [whole(bytes), byteByByte(bytes)]) {
      const peer = tinyPeer();
      assert.equal(feed(peer, chunks), reason);
      same(peer.events, []);
    }
  });
}

test("tiny receives every vector up to QoS 1 like the full build", () => {
  for (const vector of RECEIVED) {
    if (vector.qos2) continue;
    const peer = tinyPeer();
    prepare(peer, vector);
    forget(peer);
    assert.equal(feed(peer, byteByByte(vector.bytes)), 0, vector.name);
    same(peer.events, vector.received);
  }
});

test("tiny drops and acknowledges a message over maxPacket", () => {
  const peer = readyPeer({ profile: tiny, maxPacket: 20 });
  assert.equal(feed(peer, byteByByte(wire`32 14 0001 'a' 0007 'fifteen letters'`)), 0);
  same(peer.events, ["sent 40020007"]);
  assert.equal(peer.client.dropped, 1);
});

test("tiny sends no will", () => {
  const peer = newPeer({ profile: tiny });
  const will = { topic: "w", payload: "gone", qos: 1, retain: true };
  connect(peer.client, { ...OPTIONS, will }, tiny.willFields(will));
  assert.equal(peer.events[0], `sent ${hex(wire`10 0f 0004 'MQTT' 04 02 0000 0003 'esp'`)}`);
});

/** Reason Codes that receive and tick return. */
const REASONS = [
  spec.MALFORMED_PACKET,
  spec.PROTOCOL_ERROR,
  spec.UNSUPPORTED_PROTOCOL_VERSION,
  spec.CLIENT_IDENTIFIER_NOT_VALID,
  spec.BAD_USER_NAME_OR_PASSWORD,
  spec.NOT_AUTHORIZED,
  spec.SERVER_UNAVAILABLE,
  spec.KEEP_ALIVE_TIMEOUT,
  spec.RECEIVE_MAXIMUM_EXCEEDED,
  spec.PACKET_TOO_LARGE,
  spec.NO_CONNACK,
];

test("every reason is logged with its number, in the full build also with its meaning", () => {
  for (const reason of REASONS) {
    const number = `0x${reason.toString(16)}`;
    assert.ok(tiny.words(reason).includes(number));
    assert.ok(full.words(reason).includes(number));
    assert.match(full.words(reason), / [a-zA-Z]/);
    assert.doesNotMatch(full.words(reason), /undefined/);
  }
});
