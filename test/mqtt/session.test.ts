// A session over several connections (3.1.2.4, 4.4): which packets are sent again, in which order, with which flags.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_INFLIGHT, publish, spec, subscribe, unsubscribe } from "#subject";
import { feed, forget, noted, type Peer, type PeerOptions, readyPeer } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const KEPT = 1;
const LOST = 0;

const id = (n: number) => String.fromCharCode(n >> 8, n & 255);
const puback = (n: number) => `\x40\x02${id(n)}`;
const pubrec = (n: number) => `\x50\x02${id(n)}`;
const pubcomp = (n: number) => `\x70\x02${id(n)}`;

function keptPeer(options: PeerOptions = {}): { peer: Peer; line: SlowLine } {
  const peer = readyPeer(options, { cleanSession: false });
  return { peer, line: new SlowLine(peer) };
}

/** One waiting packet of each kind. The second QoS 2 message has its PUBREC. */
function everything(options: PeerOptions = {}) {
  const { peer, line } = keptPeer(options);
  publish(peer.client, "a", "1", 1, true, noted(peer, "one"));
  publish(peer.client, "a", "2", 2, false, noted(peer, "two"));
  subscribe(peer.client, [{ filter: "f", qos: 1 }], noted(peer, "subscribed"));
  publish(peer.client, "a", "3", 2, false, noted(peer, "released"));
  unsubscribe(peer.client, ["g"], noted(peer, "unsubscribed"));
  publish(peer.client, "a", "4", 1, false, noted(peer, "last"));
  assert.equal(feed(peer, [pubrec(4)]), 0);
  forget(peer);
  return { peer, line };
}

const AGAIN = [
  "publish1 dup 1 a 1",
  "publish2 dup 2 a 2",
  "subscribe 3 f:1",
  "pubrel 4",
  "unsubscribe 5 g",
  "publish1 dup 6 a 4",
];

test("a kept session: all waiting packets go out again in order, with their identifiers", () => {
  const { peer, line } = everything();
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, AGAIN);
  assert.deepEqual(forget(peer), ["ready 1"], "nobody is told anything yet");
  const answers = [
    puback(1),
    pubrec(2),
    pubcomp(2),
    "\x90\x03\0\x03\x01",
    pubcomp(4),
    "\xb0\x02\0\x05",
    puback(6),
  ];
  assert.equal(feed(peer, answers), 0);
  const names = ["one", "two", "subscribed", "released", "unsubscribed", "last"];
  assert.deepEqual(
    peer.events.map((event) => event.split(" ").slice(0, 2).join(" ")),
    names.map((name) => `${name} 0x0`),
  );
});

test("a kept session: after each lost connection the same packets go out again", () => {
  const { line } = everything();
  for (let round = 0; round < 4; round++) {
    line.reconnect(KEPT);
    assert.deepEqual(line.packets, AGAIN);
  }
});

test("a kept session: messages that were acknowledged are not sent again", () => {
  const { peer, line } = everything();
  assert.equal(feed(peer, [puback(6), pubcomp(4), pubrec(2), "\x90\x03\0\x03\x01"]), 0);
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, ["publish1 dup 1 a 1", "pubrel 2", "unsubscribe 5 g"]);
});

test("a kept session: PUBACK completes a message that went out again, a second PUBACK does nothing", () => {
  const { peer, line } = everything();
  line.reconnect(KEPT);
  forget(peer);
  assert.equal(feed(peer, [puback(1), puback(1)]), 0);
  assert.deepEqual(peer.events, ["one 0x0 "]);
});

test("a kept session: messages that were never sent follow those sent again, without DUP", () => {
  const { peer, line } = keptPeer({ maxInflight: 2 });
  for (let n = 1; n <= 4; n++) publish(peer.client, "a", `${n}`, 1, false);
  assert.deepEqual(line.packets, ["publish1 1 a 1", "publish1 2 a 2"]);
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, ["publish1 dup 1 a 1", "publish1 dup 2 a 2"]);
  assert.equal(feed(peer, [puback(1)]), 0);
  assert.equal(line.packets.at(-1), "publish1 3 a 3");
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, ["publish1 dup 2 a 2", "publish1 dup 3 a 3"]);
  assert.equal(feed(peer, [puback(3) + puback(2)]), 0);
  assert.equal(line.packets.at(-1), "publish1 4 a 4");
});

test("messages queued without a connection: sent in order, also at QoS 0, without DUP", () => {
  const { peer, line } = keptPeer();
  line.lose();
  for (let n = 1; n <= 5; n++) {
    assert.equal(publish(peer.client, "a", `${n}`, n % 3, false, noted(peer, `${n}`), 0), spec.QUEUED);
  }
  forget(peer);
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, [
    "publish1 1 a 1",
    "publish2 2 a 2",
    "publish0 a 3",
    "publish1 3 a 4",
    "publish2 4 a 5",
  ]);
  assert.deepEqual(peer.events, ["3 0x0 ", "ready 1"]);
});

test("a lost session: messages are sent again without DUP, those the server owns are complete", () => {
  const { peer, line } = everything();
  line.reconnect(LOST);
  assert.deepEqual(line.packets, [
    "publish1 1 a 1",
    "publish2 2 a 2",
    "subscribe 3 f:1",
    "unsubscribe 5 g",
    "publish1 6 a 4",
  ]);
  assert.deepEqual(peer.events, ["released 0x0 ", "ready 0"]);
  line.reconnect(KEPT);
  assert.deepEqual(
    line.packets,
    AGAIN.filter((packet) => packet !== "pubrel 4"),
    "from then on it is kept",
  );
});

test("a lost session: the callbacks of messages that the server owns are called in order", () => {
  const { peer, line } = keptPeer();
  for (let n = 1; n <= 4; n++) publish(peer.client, "a", "", 2, false, noted(peer, `${n}`));
  assert.equal(feed(peer, [pubrec(4), pubrec(1), pubrec(3)]), 0);
  forget(peer);
  line.reconnect(LOST);
  assert.deepEqual(peer.events, ["1 0x0 ", "3 0x0 ", "4 0x0 ", "ready 0"]);
  assert.deepEqual(line.packets, ["publish2 2 a"]);
});

test("a lost session, lost again before any answer: the same packets go out again", () => {
  const { peer, line } = everything();
  subscribe(peer.client, [{ filter: "h", qos: 0 }]);
  assert.equal(feed(peer, ["\x90\x03\0\x07\0"]), 0);
  for (let round = 0; round < 3; round++) {
    line.reconnect(LOST);
    assert.equal(line.packets[0]?.replace(/ \d+/, ""), "subscribe h:0");
    assert.equal(line.packets.filter((packet) => / h:0/.test(packet)).length, 1);
    assert.equal(line.packets.length, 6);
    assert.ok(!line.packets.join().includes("dup"));
  }
});

test(`a session with more than ${MAX_INFLIGHT} messages: the rest follows as answers come, none twice`, () => {
  const { peer, line } = keptPeer();
  const total = 20;
  for (let n = 1; n <= total; n++) publish(peer.client, "a", `${n}`, 1, false);
  assert.equal(feed(peer, [puback(1)]), 0);
  line.reconnect(KEPT);
  for (let n = 2; n <= total; n++) assert.equal(feed(peer, [puback(n)]), 0);
  const again = Array.from({ length: MAX_INFLIGHT }, (_, i) => `publish1 dup ${i + 2} a ${i + 2}`);
  const first = Array.from({ length: total - 9 }, (_, i) => `publish1 ${i + 10} a ${i + 10}`);
  assert.deepEqual(line.packets, [...again, ...first]);
  assert.deepEqual([peer.client.pending, peer.client.outboxBytes], [[], 0]);
});

/** A PUBLISH of the server at QoS 2. */
const exactly = (n: number, dup = 0) => `${String.fromCharCode(0x34 | dup)}\x05\0\x01b${id(n)}`;
const got = 'message "b" "" 4';

test("received at QoS 2: with a kept session a message is delivered once over reconnects", () => {
  const { peer, line } = keptPeer();
  assert.equal(feed(peer, [exactly(7)]), 0);
  assert.deepEqual([forget(peer), line.packets], [[got], ["pubrec 7"]]);
  for (let round = 0; round < 3; round++) {
    line.reconnect(KEPT);
    assert.equal(feed(peer, [exactly(7, 8)]), 0);
    assert.deepEqual([forget(peer), line.packets], [["ready 1"], ["pubrec 7"]]);
  }
  line.reconnect(KEPT);
  assert.equal(feed(peer, ["\x62\x02\0\x07", exactly(7)]), 0);
  assert.deepEqual(peer.events, ["ready 1", got], "released: the same number is another message");
});

test("received at QoS 2: without the session, a repeated message is a new one", () => {
  const { peer, line } = keptPeer();
  assert.equal(feed(peer, [exactly(7)]), 0);
  line.reconnect(LOST);
  forget(peer);
  assert.deepEqual([peer.client.held, peer.client.heldCount], [{}, 0]);
  assert.equal(feed(peer, [exactly(7)]), 0);
  assert.deepEqual(peer.events, [got]);
});

test("received at QoS 2 without room for the answer: delivered when it comes again", () => {
  const { peer, line } = keptPeer();
  line.slow = true;
  let n = 1;
  let reason = 0;
  for (; !reason && n < 5000; n++) reason = feed(peer, ["\x32\x05\0\x01b\0\x01"]);
  assert.equal(reason, spec.QUOTA_EXCEEDED);
  assert.equal(feed(peer, [exactly(9)]), spec.QUOTA_EXCEEDED);
  assert.equal(peer.client.heldCount, 0);
  forget(peer);
  line.reconnect(KEPT);
  line.open();
  assert.equal(feed(peer, [exactly(9, 8)]), 0);
  assert.deepEqual(peer.events, ["ready 1", 'message "b" "" 12']);
});
