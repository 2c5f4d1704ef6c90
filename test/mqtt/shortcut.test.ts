// A server that lowers or raises the QoS of our message in its answer, as RabbitMQ before 3.13 does: the exchange completes, and
// nothing stays in flight.
import assert from "node:assert/strict";
import { test } from "node:test";
import { publish } from "#subject";
import { wire } from "../support/wire.ts";
import { feed, forget, noted, readyPeer, same } from "./peer.ts";

test("PUBACK for a PUBLISH at QoS 2: it is the last answer, said once", () => {
  const peer = readyPeer({ level: 2 });
  for (let n = 1; n <= 20; n++) {
    publish(peer.client, "t", "", 2, false, noted(peer, "done"));
    forget(peer);
    assert.equal(feed(peer, [`\x40\x02\0${String.fromCharCode(n)}`]), 0);
    same(peer.events, ["done 0x0 "]);
    if (n === 1) assert.match(peer.lines.join(), /2 mqtt warning: the broker answers QoS 2 with PUBACK/);
    else assert.deepEqual(peer.lines, []);
  }
  assert.equal(peer.client.pending.length, 0);
  assert.equal(peer.client.outboxBytes, 0);
});

test("PUBREC for a PUBLISH at QoS 1: it is released, and complete with PUBCOMP", () => {
  const peer = readyPeer({ level: 2 });
  publish(peer.client, "t", "x", 1, false, noted(peer, "done"));
  forget(peer);
  assert.equal(feed(peer, [wire`50 02 0001`]), 0);
  same(forget(peer), ["sent 62020001"]);
  assert.equal(feed(peer, [wire`70 02 0001`]), 0);
  same(peer.events, ["done 0x0 "]);
  assert.equal(peer.client.outboxBytes, 0);
});

test("PUBACK after PUBREC: the exchange still waits for PUBCOMP", () => {
  const peer = readyPeer();
  publish(peer.client, "t", "", 2, false, noted(peer, "done"));
  forget(peer);
  assert.equal(feed(peer, [wire`50 02 0001  40 02 0001`]), 0);
  same(forget(peer), ["sent 62020001"]);
  assert.equal(feed(peer, [wire`70 02 0001`]), 0);
  same(peer.events, ["done 0x0 "]);
});
