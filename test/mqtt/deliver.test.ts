// Receiving messages (3.3, 4.3): acknowledged as their QoS requires, and at QoS 2 delivered exactly once in a connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, connect, MAX_HELD, spec } from "#subject";
import { wire } from "../support/wire.ts";
import { ACCEPTED, feed, forget, OPTIONS, readyPeer, same } from "./peer.ts";

const QOS2 = wire`34 06 0001 'a' 0007 'x'`;
const AGAIN = wire`3c 06 0001 'a' 0007 'x'`;
const PUBREL = wire`62 02 0007`;
const DELIVERED = 'message "a" "x" 4';

test("QoS 1: a message is acknowledged and delivered each time it comes", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, [wire`32 06 0001 'a' 0007 'x'  3a 06 0001 'a' 0007 'x'`]), 0);
  const ack = "sent 40020007";
  same(peer.events, [ack, 'message "a" "x" 2', ack, 'message "a" "x" 10']);
});

test("QoS 2: PUBLISH is answered with PUBREC and delivered, PUBREL with PUBCOMP", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, [QOS2]), 0);
  same(forget(peer), ["sent 50020007", DELIVERED]);
  assert.equal(peer.client.heldCount, 1);
  assert.equal(feed(peer, [PUBREL]), 0);
  same(forget(peer), ["sent 70020007"]);
  assert.equal(peer.client.heldCount, 0);
});

test("QoS 2: duplicates are answered and not delivered, with or without DUP", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, [QOS2, AGAIN, QOS2, AGAIN]), 0);
  const rec = "sent 50020007";
  same(forget(peer), [rec, DELIVERED, rec, rec, rec]);
  assert.equal(feed(peer, [PUBREL, PUBREL]), 0);
  same(forget(peer), ["sent 70020007", "sent 70020007"]);
  assert.equal(peer.client.heldCount, 0);
});

test("QoS 2: after PUBREL the identifier stands for a new message", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, [QOS2 + PUBREL + QOS2]), 0);
  same(peer.events, ["sent 50020007", DELIVERED, "sent 70020007", "sent 50020007", DELIVERED]);
});

test("QoS 2: a message with DUP that was never seen is delivered", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, [AGAIN]), 0);
  same(peer.events, ["sent 50020007", 'message "a" "x" 12']);
});

test("QoS 1: a message with the identifier of a QoS 2 message is delivered", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, [QOS2, wire`32 06 0001 'a' 0007 'y'`]), 0);
  same(peer.events, ["sent 50020007", DELIVERED, "sent 40020007", 'message "a" "y" 2']);
  assert.equal(peer.client.heldCount, 1);
});

test(`QoS 2: ${MAX_HELD} messages may wait for PUBREL, one more ends the connection`, () => {
  const peer = readyPeer();
  const publish = (id: number) => `\x34\x05\0\x01a${String.fromCharCode(id >> 8, id & 255)}`;
  for (let id = 1000; id < 1000 + MAX_HELD; id++) assert.equal(feed(peer, [publish(id), publish(id)]), 0);
  assert.equal(peer.client.heldCount, MAX_HELD);
  forget(peer);
  assert.equal(feed(peer, [publish(1)]), spec.RECEIVE_MAXIMUM_EXCEEDED);
  same(peer.events, [], "neither answered nor delivered");
});

test("QoS 2: after a PUBREL one more message may wait", () => {
  const peer = readyPeer();
  for (let id = 1; id <= MAX_HELD; id++) feed(peer, [`\x34\x05\0\x01a\0${String.fromCharCode(id)}`]);
  assert.equal(feed(peer, ["\x62\x02\0\x05", "\x34\x05\0\x01a\xff\xff"]), 0);
  assert.equal(peer.client.heldCount, MAX_HELD);
});

test("QoS 2: a new connection without a session, held identifiers are forgotten", () => {
  const peer = readyPeer();
  feed(peer, [QOS2]);
  closed(peer.client);
  connect(peer.client, OPTIONS);
  feed(peer, [ACCEPTED]);
  forget(peer);
  assert.equal(feed(peer, [AGAIN]), 0);
  same(peer.events, ["sent 50020007", 'message "a" "x" 12']);
});
