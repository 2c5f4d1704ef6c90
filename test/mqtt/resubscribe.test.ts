// Subscriptions after the server has lost the session: requested again, each once, before anything else.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  closed,
  connect,
  MAX_FILTERS,
  MAX_SUBSCRIPTIONS,
  publish,
  spec,
  subscribe,
  unsubscribe,
} from "#subject";
import {
  feed,
  forget,
  newPeer,
  noted,
  OPTIONS,
  type Peer,
  type PeerOptions,
  pass,
  readyPeer,
} from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const KEPT = 1;
const LOST = 0;

function keptPeer(options: PeerOptions = {}): { peer: Peer; line: SlowLine } {
  const peer = readyPeer(options, { cleanSession: false });
  return { peer, line: new SlowLine(peer) };
}

/** Subscribes, and the server answers with these return codes. */
function subscribed(peer: Peer, text: string, codes?: string): void {
  const list = text.split(" ").map((one) => ({ filter: one.split(":")[0]!, qos: Number(one.split(":")[1]) }));
  assert.equal(subscribe(peer.client, list), spec.SUCCESS);
  const id = peer.client.lastId;
  const answer = codes ?? "\x00".repeat(list.length);
  assert.equal(feed(peer, [`\x90${String.fromCharCode(2 + answer.length, 0, id)}${answer}`]), 0);
}

function unsubscribed(peer: Peer, ...filters: string[]): void {
  assert.equal(unsubscribe(peer.client, filters), spec.SUCCESS);
  assert.equal(feed(peer, [`\xb0\x02\0${String.fromCharCode(peer.client.lastId)}`]), 0);
}

/** The filters in the first packet after a lost session. */
function asked(line: SlowLine): string | undefined {
  line.reconnect(LOST);
  return line.packets[0]?.replace(/^subscribe \d+ /, "");
}

test("a lost session: all granted filters are subscribed to again in one SUBSCRIBE, with the QoS first requested", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:1", "\x00");
  subscribed(peer, "b/+:2 c/#:0", "\x01\x00");
  assert.equal(asked(line), "a:1 b/+:2 c/#:0");
  assert.equal(line.packets.length, 1);
});

test("a lost session: a filter subscribed to twice is sent once, with the last QoS", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:0 b:1");
  subscribed(peer, "a:2");
  subscribed(peer, "c:1 c:2");
  assert.equal(asked(line), "b:1 a:2 c:2");
});

test("a lost session: filters that were refused or unsubscribed are not subscribed to again", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:0 b:1 c:2 d:0", "\x00\x80\x02\x00");
  unsubscribed(peer, "c", "never");
  subscribed(peer, "d:1", "\x80");
  assert.equal(asked(line), "a:0");
  unsubscribed(peer, "a");
  assert.equal(asked(line), undefined);
});

test("a kept session: nothing is subscribed to again", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:0");
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, []);
});

test("a lost session: SUBSCRIBE is sent before waiting messages and those of `ready`", () => {
  const { peer, line } = keptPeer();
  peer.client.ready = () => {
    publish(peer.client, "t", "up", 0, false);
    publish(peer.client, "t", "up", 1, false);
  };
  subscribed(peer, "a:0");
  publish(peer.client, "t", "waits", 1, false);
  line.reconnect(LOST);
  assert.deepEqual(line.packets, [
    "subscribe 3 a:0",
    "publish1 2 t waits",
    "publish0 t up",
    "publish1 4 t up",
  ]);
});

test("the connection is lost while subscriptions are restored: a kept session goes on restoring", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:0");
  line.reconnect(LOST);
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, ["subscribe 2 a:0"]);
  assert.equal(feed(peer, ["\x90\x03\0\x02\0"]), 0);
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, []);
  assert.equal(asked(line), "a:0");
});

test("a lost session: a waiting SUBSCRIBE or UNSUBSCRIBE follows the restored ones and decides", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:0 b:0");
  subscribe(peer.client, [{ filter: "a", qos: 2 }], noted(peer, "subscribed"));
  unsubscribe(peer.client, ["b"], noted(peer, "unsubscribed"));
  line.reconnect(LOST);
  assert.deepEqual(line.packets, ["subscribe 4 a:0 b:0", "subscribe 2 a:2", "unsubscribe 3 b"]);
  forget(peer);
  assert.equal(feed(peer, ["\x90\x04\0\x04\0\0", "\x90\x03\0\x02\x02", "\xb0\x02\0\x03"]), 0);
  assert.deepEqual(peer.events, ["subscribed 0x0 02", "unsubscribed 0x0 "]);
  assert.equal(asked(line), "a:2");
});

test("the caller changes its list after subscribe: the restored filters do not change", () => {
  const { peer, line } = keptPeer();
  const list = [{ filter: "a", qos: 0 }];
  subscribe(peer.client, list, noted(peer, "done"));
  list.push({ filter: "b", qos: 0 });
  assert.equal(feed(peer, ["\x90\x03\0\x01\0"]), 0);
  assert.deepEqual(peer.events, ["done 0x0 00"]);
  assert.equal(asked(line), "a:0");
});

/** Answers each SUBSCRIBE in the list of packets with success. Returns all filters in them. */
function grantAll(peer: Peer, line: SlowLine): string[] {
  const filters: string[] = [];
  for (let words = line.packets.shift()?.split(" "); words; words = line.packets.shift()?.split(" ")) {
    assert.equal(words[0], "subscribe");
    const list = words.slice(2);
    assert.ok(list.length <= MAX_FILTERS, `${list.length} filters in a packet`);
    filters.push(...list);
    assert.equal(feed(peer, [suback(Number(words[1]), "\0".repeat(list.length))]), 0);
  }
  return filters;
}

function suback(id: number, codes: string): string {
  return `\x90${String.fromCharCode(2 + codes.length, id >> 8, id & 255)}${codes}`;
}

test(`${MAX_SUBSCRIPTIONS} filters are accepted and restored, one more is refused`, () => {
  const { peer, line } = keptPeer();
  const list = Array.from({ length: MAX_SUBSCRIPTIONS }, (_, i) => ({ filter: `f/${i}`, qos: i % 3 }));
  assert.equal(subscribe(peer.client, [...list, { filter: "x", qos: 0 }]), spec.QUOTA_EXCEEDED);
  assert.equal(subscribe(peer.client, list.slice(1)), spec.SUCCESS);
  assert.equal(grantAll(peer, line).length, MAX_SUBSCRIPTIONS - 1);
  assert.equal(subscribe(peer.client, [list[0]!, { filter: "x", qos: 0 }]), spec.QUOTA_EXCEEDED);
  assert.equal(subscribe(peer.client, list), spec.SUCCESS, "the same ones again are no more");
  assert.equal(grantAll(peer, line).length, MAX_SUBSCRIPTIONS);
  assert.equal(subscribe(peer.client, [{ filter: "x", qos: 0 }]), spec.QUOTA_EXCEEDED);
  line.reconnect(LOST);
  assert.deepEqual(grantAll(peer, line).sort(), list.map(({ filter, qos }) => `${filter}:${qos}`).sort());
});

test("a lost session: nine single subscriptions are restored in packets of eight at most, before what waits", () => {
  const { peer, line } = keptPeer();
  for (let i = 0; i < 9; i++) subscribed(peer, `f${i}:1`);
  publish(peer.client, "t", "waits", 1, false);
  line.reconnect(LOST);
  assert.deepEqual(line.packets, [
    "subscribe 11 f0:1 f1:1 f2:1 f3:1 f4:1 f5:1 f6:1 f7:1",
    "subscribe 12 f8:1",
    "publish1 10 t waits",
  ]);
});

test("a restored subscription is refused: it is told, asked for again with growing waits, and on each connection", () => {
  const { peer, line } = keptPeer({ level: 1 });
  const failed: string[] = [];
  peer.client.failed = (_, what, reason) => void failed.push(`${what} ${reason}`);
  subscribed(peer, "a:1 b:0");
  line.reconnect(LOST);
  assert.equal(feed(peer, [suback(2, "\x80\0")]), 0);
  assert.match(peer.lines.join(), /the broker refused the subscription to a, asked again in 15 s$/);
  assert.deepEqual(failed, ["the broker refused the subscription to a, asked again in 15 s 128"]);
  line.packets = [];
  for (const [round, seconds] of [15, 30, 60, 120, 240, 480, 960, 960].entries()) {
    pass(peer, seconds - 1);
    assert.deepEqual(line.packets, []);
    pass(peer, 1);
    assert.deepEqual(line.packets, [`subscribe ${3 + round} a:1`]);
    assert.equal(feed(peer, [suback(3 + round, "\x80")]), 0);
    line.packets = [];
  }
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, ["subscribe 11 a:1"], "a kept session: only the refused one");
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, ["subscribe 11 a:1"], "once, though it was not answered");
  assert.equal(feed(peer, [suback(11, "\x80")]), 0);
  pass(peer, 15);
  assert.equal(line.packets.at(-1), "subscribe 12 a:1", "the waits begin again");
  assert.equal(feed(peer, [suback(12, "\x01")]), 0);
  line.packets = [];
  pass(peer, 2000);
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, [], "granted");
  assert.equal(asked(line), "b:0 a:1");
});

test("restored subscriptions are refused in several packets: they are asked for again together, eight a packet", () => {
  const { peer, line } = keptPeer();
  for (let i = 0; i < 9; i++) subscribed(peer, `f${i}:1`);
  line.reconnect(LOST);
  assert.equal(feed(peer, [suback(10, "\x80".repeat(8)), suback(11, "\x80")]), 0);
  line.packets = [];
  pass(peer, 15);
  assert.deepEqual(
    line.packets.map((words) => words.split(" ").length - 2),
    [8, 1],
  );
});

test("a refused subscription is unsubscribed before it is asked for again: it is forgotten", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:1");
  line.reconnect(LOST);
  assert.equal(feed(peer, [suback(2, "\x80")]), 0);
  unsubscribed(peer, "a");
  line.packets = [];
  pass(peer, 20);
  assert.deepEqual(line.packets, []);
});

test("a filter subscribed to before the first connection is sent once", () => {
  const peer = newPeer();
  const line = new SlowLine(peer);
  assert.equal(subscribe(peer.client, [{ filter: "a", qos: 1 }]), spec.QUEUED);
  line.reconnect(LOST);
  assert.deepEqual(line.packets, ["subscribe 1 a:1"]);
});

test("a kept session after a CONNECT without CONNACK: subscriptions are restored, because it may be a new session", () => {
  const { peer, line } = keptPeer();
  subscribed(peer, "a:1");
  assert.equal(publish(peer.client, "t", "m", 1, false), spec.SUCCESS);
  for (let n = 0; n < 2; n++) {
    closed(peer.client);
    connect(peer.client, { ...OPTIONS, cleanSession: false });
    line.reconnect(KEPT);
    assert.match(line.packets[0]!, /^subscribe \d+ a:1$/);
    assert.match(line.packets[1]!, /^publish/);
    assert.equal(line.packets.length, 2, "once, though the first one was not answered");
  }
  line.reconnect(KEPT);
  assert.doesNotMatch(line.packets.slice(1).join(), /subscribe/, "not where the answer came");
});

test("a kept session, some filters refused and others not answered: all of them are in one SUBSCRIBE", () => {
  const { peer, line } = keptPeer({ maxInflight: 1 });
  subscribed(peer, "a:1");
  line.reconnect(LOST);
  assert.equal(feed(peer, [suback(2, "\x80")]), 0);
  subscribed(peer, "b:1 c:1");
  pass(peer, 15);
  assert.equal(line.packets.at(-1), "subscribe 4 a:1");
  peer.client.subscriptions[1]!.refused = 1;
  line.reconnect(KEPT);
  assert.deepEqual(line.packets, ["subscribe 5 a:1 b:1"]);
});
