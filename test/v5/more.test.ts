// Functions that an application can import in addition: properties for messages and subscriptions, requests and
// responses, enhanced authentication.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Auth,
  closed,
  connect,
  flush,
  MAX_CALLS,
  MAX_UNSENT,
  NO_RESPONSE,
  newCalls,
  publish,
  publishWith,
  reauthenticate,
  request,
  respond,
  responded,
  secondOfCalls,
  spec,
  spec5,
  subscribeWith,
  unsubscribe,
  unsubscribeWith,
  v5,
  withAuth,
} from "#subject";
import type { Options5 } from "../../src/mqtt/v5/options.ts";
import type { Properties } from "../../src/mqtt/v5/properties.ts";
import { feed, forget, newPeer, noted, OPTIONS, readyPeer, same } from "../mqtt/peer.ts";
import { hex, wire } from "../support/wire.ts";
import { connack, connecting5, ready5 } from "./peer5.ts";

test("a message with properties: sent with them, on 3.1.1 without", () => {
  const list = { [spec5.CONTENT_TYPE]: "t", [spec5.USER_PROPERTY]: ["a", "1", "a", "2"] };
  const peer = ready5();
  assert.equal(publishWith(peer.client, "t", "x", list, 0, false), 0);
  same(peer.events, [
    `sent ${hex(wire`30 17 0001 't' 12 03 0001 't' 26 0001 'a' 0001 '1' 26 0001 'a' 0001 '2' 'x'`)}`,
  ]);
  const older = readyPeer({ profile: v5 }, { version: 4 } as Partial<Options5>);
  publishWith(older.client, "t", "x", list, 0, false);
  same(older.events, [`sent ${hex(wire`30 04 0001 't' 'x'`)}`]);
});

test("properties of a waiting message: they count in the outbox and are sent again with it", () => {
  const peer = connecting5();
  publishWith(peer.client, "t", "x", { [spec5.MESSAGE_EXPIRY_INTERVAL]: 60 }, 1, false, noted(peer, "sent"));
  assert.equal(peer.client.outboxBytes, 8);
  feed(peer, [connack()]);
  assert.equal(peer.events.at(-1), `sent ${hex(wire`32 0c 0001 't' 0001 05 02 0000003c 'x'`)}`);
});

for (const [name, list] of [
  ["not of a PUBLISH", { [spec5.SESSION_EXPIRY_INTERVAL]: 1 }],
  ["an alias", { [spec5.TOPIC_ALIAS]: 1 }],
  ["a Subscription Identifier", { [spec5.SUBSCRIPTION_IDENTIFIER]: 1 }],
  ["Payload Format Indicator 2", { [spec5.PAYLOAD_FORMAT_INDICATOR]: 2 }],
  ["a negative number", { [spec5.MESSAGE_EXPIRY_INTERVAL]: -1 }],
  ["a number over 4 bytes", { [spec5.MESSAGE_EXPIRY_INTERVAL]: 2 ** 32 }],
  ["a fraction", { [spec5.MESSAGE_EXPIRY_INTERVAL]: 1.5 }],
  ["text that is not UTF-8", { [spec5.CONTENT_TYPE]: "\xff" }],
  ["a user property without a value", { [spec5.USER_PROPERTY]: ["a"] }],
  ["a Response Topic with a wildcard", { [spec5.RESPONSE_TOPIC]: "a/#" }],
] as [string, Properties][]) {
  test(`a bad property throws before anything is sent: ${name}`, () => {
    const peer = ready5();
    assert.throws(() => publishWith(peer.client, "t", "", list, 1, false), /MQTT: /);
    same(peer.events, []);
    assert.equal(peer.client.pending.length, 0);
  });
}

test("subscription options and identifier: sent, and sent again when the session is lost", () => {
  const peer = ready5();
  const options = 2 + spec5.NO_LOCAL + spec5.RETAIN_AS_PUBLISHED + spec5.RETAIN_NEVER;
  subscribeWith(peer.client, [{ filter: "a", qos: options }], { [spec5.SUBSCRIPTION_IDENTIFIER]: 200 });
  subscribeWith(peer.client, [{ filter: "b", qos: 1 + spec5.RETAIN_IF_NEW }], {});
  unsubscribe(peer.client, ["nothing"]);
  const first = wire`82 09 0001 03 0b c801 0001 'a' 2e`.slice(4);
  same(forget(peer), [
    `sent ${hex(wire`82 0a 0001 03 0b c801 0001 'a' 2e`)}`,
    `sent ${hex(wire`82 07 0002 00 0001 'b' 11`)}`,
    `sent ${hex(wire`a2 0c 0003 00 0007 'nothing'`)}`,
  ]);
  feed(peer, [wire`90 04 0001 00 02  90 04 0002 00 01`]);
  closed(peer.client);
  connect(peer.client, OPTIONS);
  forget(peer);
  feed(peer, [connack()]);
  const sent = peer.events.filter((event) => event.startsWith("sent 82")).join(" ");
  assert.ok(sent.includes(hex(first)), sent);
  assert.ok(sent.includes(hex(wire`00 0001 'b' 11`)), sent);
});

test("subscription options on 3.1.1: left out", () => {
  const peer = newPeer({ profile: v5 });
  subscribeWith(peer.client, [{ filter: "a", qos: 1 + spec5.NO_LOCAL }], {});
  connect(peer.client, { ...OPTIONS, version: 4 } as Options5);
  forget(peer);
  feed(peer, ["\x20\x02\0\0"]);
  same(peer.events, ["ready 0", `sent ${hex(wire`82 06 0001 0001 'a' 01`)}`]);
});

test("subscription options in a kept session: not sent again, and dropped when the version becomes 3.1.1", () => {
  const peer = ready5({}, {}, { cleanSession: false });
  subscribeWith(peer.client, [{ filter: "a", qos: 1 + spec5.NO_LOCAL }], {});
  feed(peer, [wire`90 04 0001 00 01`]);
  closed(peer.client);
  connect(peer.client, { ...OPTIONS, cleanSession: false });
  forget(peer);
  feed(peer, [connack({}, 1)]);
  same(peer.events, ["ready 1"]);
  publishWith(peer.client, "t", "", {}, 1, false);
  closed(peer.client);
  peer.client.versions!.version = 4;
  connect(peer.client, { ...OPTIONS, cleanSession: false });
  feed(peer, ["\x20\x02\x01\0"]);
  assert.deepEqual(
    peer.client.subscriptions.map(({ qos }) => qos),
    [1],
  );
});

test("subscription options that the standard forbids: the call throws", () => {
  const peer = ready5();
  for (const [filter, qos] of [
    ["a", 3],
    ["a", 48],
    ["$share/g/a", spec5.NO_LOCAL],
  ] as const)
    assert.throws(() => subscribeWith(peer.client, [{ filter, qos }], {}), /MQTT: /);
});

test("a request gets only the response with its Correlation Data on its Response Topic", () => {
  const peer = ready5();
  const calls = newCalls(peer.client, "me/answers");
  forget(peer);
  const heard: unknown[] = [];
  const done = (reason: number, payload: string) => void heard.push([reason, payload]);
  assert.equal(request(calls, "ask", "1?", done, 5), 0);
  assert.match(peer.events[0]!, new RegExp(hex(wire`08 000a 'me/answers' 09 0002 0001`)));
  const answer = { [spec5.CORRELATION_DATA]: "\0\x01" };
  assert.equal(responded(calls, "me/answers", "?", undefined), false);
  assert.equal(responded(calls, "me/answers", "?", { [spec5.CORRELATION_DATA]: "\0\x02" }), false);
  assert.equal(responded(calls, "elsewhere", "1!", answer), false);
  assert.equal(responded(calls, "me/answers", "1!", answer), true);
  assert.equal(responded(calls, "me/answers", "1!", answer), false, "again");
  assert.deepEqual(heard, [[0, "1!"]]);
});

test("a request without a response ends at its timeout, a refused one at once, and at most eight wait", () => {
  const peer = ready5();
  const calls = newCalls(peer.client, "me");
  feed(peer, [wire`90 04 0001 00 01`]);
  const heard: number[] = [];
  const done = (reason: number) => void heard.push(reason);
  for (let i = 0; i < MAX_CALLS; i++) assert.ok(request(calls, "ask", "", done, 2) < 128);
  assert.equal(request(calls, "ask", "", done, 2), spec.QUOTA_EXCEEDED);
  feed(peer, [wire`40 03 0002 87  40 02 0003`]);
  assert.deepEqual(heard, [0x87]);
  secondOfCalls(calls);
  assert.equal(heard.length, 1);
  secondOfCalls(calls);
  assert.deepEqual(heard, [0x87, ...Array(7).fill(NO_RESPONSE)]);
  assert.throws(() => request(calls, "ask", "", done, 0), /timeoutS/);
  peer.client.byteLimit = 1;
  assert.equal(request(calls, "ask", "long", done, 2), spec.PACKET_TOO_LARGE);
  assert.equal(calls.waiting.length, 0);
});

test("respond sends to the request's Response Topic, with its Correlation Data", () => {
  const peer = ready5();
  assert.equal(
    respond(peer.client, { [spec5.RESPONSE_TOPIC]: "r", [spec5.CORRELATION_DATA]: "n" }, "!", 0),
    0,
  );
  assert.equal(respond(peer.client, { [spec5.RESPONSE_TOPIC]: "r" }, "!", 0), 0);
  assert.equal(respond(peer.client, {}, "!", 0), NO_RESPONSE);
  same(peer.events, [
    `sent ${hex(wire`30 09 0001 'r' 04 09 0001 'n' '!'`)}`,
    `sent ${hex(wire`30 05 0001 'r' 00 '!'`)}`,
  ]);
});

/** A method that begins with "1?", answers the server's data plus "!", and does not trust "bad". */
const method: Auth = { method: "M", next: (data) => (data === "bad" ? undefined : data ? `${data}!` : "1?") };
const said = (code: string, data: string, name = "M") =>
  wire`f0 0a` +
  String.fromCharCode(Number.parseInt(code, 16)) +
  wire`08 15 0001` +
  name +
  wire`16 0001` +
  data;

function authenticating(level = 0) {
  const peer = newPeer({ profile: { ...v5, handlers: withAuth(v5.handlers, method) }, level });
  connect(peer.client, OPTIONS);
  return peer;
}

test("AUTH: the method's data go in CONNECT and AUTH until CONNACK, and again after reauthenticate", () => {
  const peer = authenticating();
  assert.match(forget(peer)[0]!, new RegExp(hex(wire`15 0001 'M' 16 0002 '1?'`)));
  assert.equal(feed(peer, [said("18", "a")]), 0);
  same(forget(peer), [`sent ${hex(wire`f0 0b 18 09 15 0001 'M' 16 0002 'a!'`)}`]);
  assert.equal(feed(peer, [connack({ 21: "M", 22: "end" })]), 0);
  same(forget(peer), ["ready 0"]);
  reauthenticate(peer.client);
  assert.equal(feed(peer, [said("18", "b") + said("00", "c")]), 0);
  same(forget(peer), [
    `sent ${hex(wire`f0 0b 19 09 15 0001 'M' 16 0002 '1?'`)}`,
    `sent ${hex(wire`f0 0b 18 09 15 0001 'M' 16 0002 'b!'`)}`,
  ]);
});

test("AUTH: its data are not in the log", () => {
  const peer = authenticating(4);
  assert.ok(!peer.shown.join("").includes("1?"));
  feed(peer, [said("18", "a")]);
  assert.ok(!peer.shown.join("").includes("a!"));
});

test("AUTH inside a large PUBLISH waits for its end, and its data are not in the log", () => {
  const peer = authenticating(4);
  assert.equal(feed(peer, [connack({ 21: "M", 22: "end" })]), 0);
  let written = "";
  peer.shown = [];
  peer.client.transmit = (_, bytes, shown) => {
    written += bytes;
    peer.shown.push(shown);
    assert.equal(shown.length, bytes.length);
    return peer.unsent;
  };
  peer.unsent = MAX_UNSENT;
  publish(peer.client, "t", "x".repeat(5000), 1, false);
  reauthenticate(peer.client);
  assert.equal(feed(peer, [said("18", "b")]), 0);
  peer.unsent = 0;
  flush(peer.client);
  const behind = written.split("x".repeat(5000))[1]!;
  assert.equal(
    hex(behind),
    hex(wire`f0 0b 19 09 15 0001 'M' 16 0002 '1?' f0 0b 18 09 15 0001 'M' 16 0002 'b!'`),
  );
  assert.doesNotMatch(peer.shown.join(""), /1\?|b!/);
  publish(peer.client, "t", "shown again", 1, false);
  assert.match(peer.shown.join(""), /shown again/);
});

test("AUTH: method and server without data, the client is ready", () => {
  const silent: Auth = { method: "M", next: () => "" };
  const peer = newPeer({ profile: { ...v5, handlers: withAuth(v5.handlers, silent) } });
  connect(peer.client, OPTIONS);
  forget(peer);
  assert.equal(feed(peer, [wire`f0 06 18 04 15 0001 'M'` + connack({ 21: "M" })]), 0);
  same(peer.events, [`sent ${hex(wire`f0 09 18 07 15 0001 'M' 16 0000`)}`, "ready 0"]);
});

for (const [name, bytes, reason] of [
  ["a server that is not trusted", wire`f0 0c 18 0a 15 0001 'M' 16 0003 'bad'`, spec.NOT_AUTHORIZED],
  ["a CONNACK that is not trusted", connack({ 21: "M", 22: "bad" }), spec.NOT_AUTHORIZED],
  ["a CONNACK without the method", connack(), spec.PROTOCOL_ERROR],
  ["AUTH with another method", said("18", "a", "X"), spec.PROTOCOL_ERROR],
  ["success before CONNACK", said("00", "a"), spec.PROTOCOL_ERROR],
  ["a code that only a client may send", said("19", "a"), spec.PROTOCOL_ERROR],
  ["a malformed AUTH", wire`f0 03 18 01 15`, spec.MALFORMED_PACKET],
] as const) {
  test(`AUTH: ${name} ends the connection`, () => assert.equal(feed(authenticating(), [bytes]), reason));
}

test("AUTH: a method that throws is logged, and the connection goes on", () => {
  const broken: Auth = {
    method: "M",
    next(data) {
      if (data === "a") throw new Error("no such token");
      return "!";
    },
  };
  const peer = newPeer({ profile: { ...v5, handlers: withAuth(v5.handlers, broken) }, level: 1 });
  connect(peer.client, OPTIONS);
  forget(peer);
  assert.equal(feed(peer, [said("18", "a") + connack({ 21: "M", 22: "end" })]), 0);
  assert.match(peer.lines.join(), /1 app Error: no such token/);
  same(peer.events, ["ready 0"]);
});

test("AUTH: reauthenticate without a connection or a method is refused", () => {
  assert.throws(() => reauthenticate(authenticating().client), /no MQTT 5 connection/);
  assert.throws(() => reauthenticate(ready5().client), /no MQTT 5 connection/);
});

test("UNSUBSCRIBE with user properties: they are on the wire, and not on a connection of 3.1.1", () => {
  const list = { [spec5.USER_PROPERTY]: ["k", "v"] };
  const peer = ready5();
  assert.equal(unsubscribeWith(peer.client, ["f"], list, noted(peer, "f")), 0);
  same(forget(peer), [`sent ${hex(wire`a2 0d 0001 07 26 0001 'k' 0001 'v' 0001 'f'`)}`]);
  feed(peer, [wire`b0 04 0001 00 00`]);
  same(forget(peer), ["f 0x0 00"]);
  const older = readyPeer();
  unsubscribeWith(older.client, ["f"], list);
  same(forget(older), [`sent ${hex(wire`a2 05 0001 0001 'f'`)}`]);
  assert.throws(() => unsubscribeWith(peer.client, ["f"], { [spec5.CONTENT_TYPE]: "a" }), /bad properties/);
});

test("UNSUBSCRIBE over the server's Maximum Packet Size: refused at once, and after a reconnect by its callback", () => {
  const list = { [spec5.USER_PROPERTY]: ["k", "v".repeat(20)] };
  const peer = ready5({ [spec5.MAXIMUM_PACKET_SIZE]: 20 });
  assert.equal(unsubscribeWith(peer.client, ["f"], list), 0x95);
  assert.equal(unsubscribe(peer.client, ["f"]), 0);
  const waits = connecting5();
  unsubscribeWith(waits.client, ["f"], list, noted(waits, "f"));
  forget(waits);
  feed(waits, [connack({ [spec5.MAXIMUM_PACKET_SIZE]: 20 })]);
  same(waits.events, ["f 0x95 ", "ready 0"]);
});
