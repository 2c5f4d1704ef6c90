// SUBSCRIBE and UNSUBSCRIBE (3.8 to 3.11): the packets sent, and the result of each filter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { disconnect, MAX_FILTERS, spec, subscribe, unsubscribe } from "#subject";
import { wire } from "../support/wire.ts";
import { feed, forget, noted, readyPeer, same } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

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

/** The identifiers and the numbers of filters of the SUBSCRIBE and UNSUBSCRIBE packets so far. */
function requests(line: SlowLine): [id: number, filters: number][] {
  return line.packets.splice(0).map((text) => {
    const words = text.split(" ");
    assert.match(words[0]!, /^(un)?subscribe$/);
    return [Number(words[1]), words.length - 2];
  });
}

test(`a hundred filters: at most ${MAX_FILTERS} a packet, and one callback with a result for each`, () => {
  const peer = readyPeer({ maxInflight: 20 });
  const line = new SlowLine(peer);
  const subscriptions = Array.from({ length: 100 }, (_, i) => ({ filter: `sensor/${i}/+`, qos: i % 3 }));
  assert.equal(subscribe(peer.client, subscriptions, noted(peer, "done")), spec.SUCCESS);
  const codes = subscriptions.map(({ qos }) => String.fromCharCode(qos)).join("");
  const sent = requests(line);
  assert.deepEqual(
    sent,
    sent.map((_, i) => [i + 1, i < 12 ? 8 : 4]),
  );
  let at = 0;
  for (const [id, count] of sent) {
    assert.deepEqual(peer.events, []);
    assert.equal(
      feed(peer, [`\x90${String.fromCharCode(2 + count, 0, id)}${codes.slice(at, at + count)}`]),
      0,
    );
    at += count;
  }
  same(peer.events, [`done 0x0 ${"000102".repeat(33)}00`]);
});

test("a hundred filters to unsubscribe: the same, and the callback comes after the last answer", () => {
  const peer = readyPeer({ maxInflight: 20 });
  const line = new SlowLine(peer);
  const filters = Array.from({ length: 20 }, (_, i) => `sensor/${i}`);
  assert.equal(unsubscribe(peer.client, filters, noted(peer, "done")), spec.SUCCESS);
  assert.deepEqual(requests(line), [
    [1, 8],
    [2, 8],
    [3, 4],
  ]);
  assert.equal(feed(peer, [wire`b0 02 0003  b0 02 0001`]), 0);
  same(peer.events, []);
  assert.equal(feed(peer, [wire`b0 02 0002`]), 0);
  same(peer.events, ["done 0x0 "]);
});

test("the client ends while parts of a request are answered: the callback has a code for each filter", () => {
  const list = Array.from({ length: 10 }, (_, i) => ({ filter: `f${i}`, qos: 1 }));
  const peer = readyPeer();
  subscribe(peer.client, list, noted(peer, "half"));
  subscribe(peer.client, list, noted(peer, "none"));
  unsubscribe(
    peer.client,
    list.map(({ filter }) => filter),
    noted(peer, "unsubscribed"),
  );
  assert.equal(feed(peer, [wire`90 0a 0001 0101010101010101  b0 02 0005`]), 0);
  forget(peer);
  disconnect(peer.client);
  same(
    peer.events.filter((event) => !event.startsWith("sent")),
    [`half 0x0 ${"01".repeat(8)}8080`, "none 0x80 ", "unsubscribed 0x80 "],
  );
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
