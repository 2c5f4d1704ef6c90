// SUBSCRIBE and UNSUBSCRIBE (3.8 to 3.11): the packets sent, and the result of each filter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { spec, subscribe, unsubscribe } from "#subject";
import { wire } from "../support/wire.ts";
import { feed, forget, noted, readyPeer, same } from "./peer.ts";

test("one filter granted with a lower QoS: the callback gets the granted QoS", () => {
  const peer = readyPeer();
  assert.equal(subscribe(peer.client, [{ filter: "a/#", qos: 2 }], noted(peer, "done")), spec.SUCCESS);
  same(forget(peer), ["sent 820800010003612f2302"]);
  assert.equal(feed(peer, [wire`90 03 0001 01`]), 0);
  same(peer.events, ["done 0x0 01"]);
});

test("several filters: each has its result, a refusal too", () => {
  const peer = readyPeer();
  const subscriptions = ["a", "b", "c"].map((filter, qos) => ({ filter, qos }));
  assert.equal(subscribe(peer.client, subscriptions, noted(peer, "done")), spec.SUCCESS);
  same(forget(peer), ["sent 820e000100016100000162010001" + "6302"]);
  assert.equal(feed(peer, [wire`90 05 0001 00 80 02`]), 0);
  same(peer.events, ["done 0x0 008002"]);
});

test("a hundred filters: one packet, and a result for each", () => {
  const peer = readyPeer();
  const subscriptions = Array.from({ length: 100 }, (_, i) => ({ filter: `sensor/${i}/+`, qos: i % 3 }));
  assert.equal(subscribe(peer.client, subscriptions, noted(peer, "done")), spec.SUCCESS);
  forget(peer);
  const codes = subscriptions.map(({ qos }) => String.fromCharCode(qos)).join("");
  assert.equal(feed(peer, [`\x90\x66\0\x01${codes}`]), 0);
  same(peer.events, [`done 0x0 ${"000102".repeat(33)}00`]);
});

test("a second SUBACK: the callback is called once", () => {
  const peer = readyPeer();
  subscribe(peer.client, [{ filter: "a", qos: 0 }], noted(peer, "done"));
  forget(peer);
  assert.equal(feed(peer, [wire`90 03 0001 00  90 03 0001 00`]), 0);
  same(peer.events, ["done 0x0 00"]);
});

test("UNSUBACK completes an UNSUBSCRIBE", () => {
  const peer = readyPeer();
  assert.equal(unsubscribe(peer.client, ["a", "b/+"], noted(peer, "done")), spec.SUCCESS);
  same(forget(peer), ["sent a20a00010001610003622f2b"]);
  assert.equal(feed(peer, [wire`b0 02 0001`]), 0);
  same(peer.events, ["done 0x0 "]);
  assert.equal(peer.client.pending.length, 0);
});

test("SUBSCRIBE and UNSUBSCRIBE without a callback: both complete", () => {
  const peer = readyPeer();
  subscribe(peer.client, [{ filter: "a", qos: 0 }]);
  unsubscribe(peer.client, ["a"]);
  assert.equal(feed(peer, [wire`b0 02 0002  90 03 0001 00`]), 0);
  assert.equal(peer.client.pending.length, 0);
});

test("a message before SUBACK: it is delivered", () => {
  const peer = readyPeer();
  subscribe(peer.client, [{ filter: "a", qos: 0 }], noted(peer, "done"));
  forget(peer);
  assert.equal(feed(peer, [wire`31 03 0001 'a'  90 03 0001 00`]), 0);
  same(peer.events, ['message "a" "" 1', "done 0x0 00"]);
});
