// A connection in MQTT 5: CONNECT and CONNACK, messages, answers, DISCONNECT, each fed whole and in pieces.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  allowed5,
  chars,
  closed,
  connect,
  encodeWill,
  KEEP,
  properties,
  publish,
  spec,
  spec5,
  subscribe,
  tick,
  unsubscribe,
  v5,
  withAuth,
} from "#subject";
import type { Options5 } from "../../src/mqtt/v5/options.ts";
import type { Properties } from "../../src/mqtt/v5/properties.ts";
import { feed, forget, newPeer, noted, OPTIONS, type Peer, readyPeer, same } from "../mqtt/peer.ts";
import { byteByByte, cutOnce, whole } from "../support/feeds.ts";
import { hex, wire } from "../support/wire.ts";
import { connack, connecting5, ready5 } from "./peer5.ts";

function connectOf(options: Partial<Options5>): string {
  const peer = newPeer({ profile: v5 });
  connect(peer.client, { ...OPTIONS, ...options } as Options5, encodeWill(options.will));
  return peer.events[0]!.slice(5);
}

test("CONNECT: without configuration it has version 5 and the default properties", () => {
  const packet = wire`10 1b 0004 'MQTT' 05 02 0000  0b 21 0040 22 0008 27 00001000  0003 'esp'`;
  assert.equal(connectOf({}), hex(packet));
});

test("CONNECT: a password without a user name is sent (5: 3.1.2.9), in 3.1.1 it is refused", () => {
  const packet = wire`10 1f 0004 'MQTT' 05 42 0000  0b 21 0040 22 0008 27 00001000  0003 'esp' 0002 'pw'`;
  assert.equal(connectOf({ password: "pw" }), hex(packet));
  assert.throws(() => connectOf({ password: "pw", version: 4 }), /a password needs a user name/);
});

test("CONNECT: a kept session never expires, and configured properties are sent", () => {
  const named = { receiveMaximum: 1, topicAliasMaximum: 0, requestProblem: 0, requestResponse: 1 };
  assert.equal(
    connectOf({ cleanSession: false, properties: named }),
    hex(wire`10 24 0004 'MQTT' 05 00 0000
      14 11 ffffffff 17 00 19 01 21 0001 22 0000 27 00001000  0003 'esp'`),
  );
  assert.match(connectOf({ properties: { sessionExpiry: 60 } }), /110000003c/);
});

test("CONNECT: with will and login, the will's properties stand before its topic", () => {
  const will = {
    ...{ topic: "w", payload: "gone", qos: 1, retain: true },
    properties: { delay: 5, expiry: 60, contentType: "t", responseTopic: "r", correlationData: "c", text: 1 },
  };
  assert.equal(
    connectOf({ user: "u", password: "p", will }),
    hex(wire`10 43 0004 'MQTT' 05 ee 0000  0b 21 0040 22 0008 27 00001000  0003 'esp'
      18  02 0000003c  01 01  03 0001 't'  08 0001 'r'  09 0001 'c'  18 00000005
      0001 'w' 0004 'gone'  0001 'u' 0001 'p'`),
  );
});

test("CONNACK: accepted in any pieces, the client is ready", () => {
  for (const chunks of [whole(connack()), byteByByte(connack()), ...cutOnce(connack())]) {
    const peer = connecting5();
    assert.equal(feed(peer, chunks), 0);
    same(peer.events, ["ready 0"]);
  }
});

for (const [name, bytes, reason] of [
  ["refused: not authorized", connack({ 31: "no", 28: "else:1" }, 0, 0x87), 0x87],
  ["refused: another server", connack({ 28: "else:1" }, 0, 0x9c), 0x9c],
  ["refused, and yet a session", connack({}, 1, 0x87), 0x82],
  ["a session for one who wanted none", connack({}, 1), 0x82],
  ["a server of 3.1.1", "\x20\x02\0\x01", 0x84],
  ["a server of 3.1.1: identifier", "\x20\x02\0\x02", 0x85],
  ["a server of 3.1.1: unavailable", "\x20\x02\0\x03", 0x88],
  ["a server of 3.1.1: password", "\x20\x02\0\x04", 0x86],
  ["a server of 3.1.1: not authorized", "\x20\x02\0\x05", 0x87],
  ["a server of 3.1.1: a code that it does not have", "\x20\x02\0\x06", 0x81],
  ["a code of MQTT 5 without the length of properties", "\x20\x02\0\x8a", 0x8a],
  ["a code that is none", connack({}, 0, 1), 0x81],
  ["flags that are reserved", connack({}, 2), 0x81],
  ["no properties", "\x20\x02\0\0", 0x81],
  ["a property twice", wire`20 09 00 00 06 24 00 24 00 24 00`, 0x82],
  ["a property of another packet", wire`20 05 00 00 02 01 00`, 0x81],
  ["bytes behind the properties", wire`20 04 00 00 00 00`, 0x81],
  ["a method that nobody asked for", connack({ 21: "m" }), 0x82],
] as const) {
  test(`CONNACK: ${name}`, () => {
    for (const chunks of [whole(bytes), byteByByte(bytes), ...cutOnce(bytes)]) {
      const peer = connecting5();
      assert.equal(feed(peer, chunks), reason);
      same(peer.events, []);
    }
  });
}

test("CONNACK: a code that the version does not have is in the log", () => {
  for (const [version, bytes, said] of [
    [5, connack({}, 0, 0x7f), /CONNACK has Reason Code 127, which MQTT 5 does not have/],
    [5, "\x20\x02\0\x07", /CONNACK has return code 7: MQTT 3\.1\.1 has 0 to 5/],
    [4, "\x20\x02\0\x87", /CONNACK has return code 135: MQTT 3\.1\.1 has 0 to 5/],
  ] as const) {
    const peer = connecting5({ level: 1 }, { version });
    assert.equal(feed(peer, [bytes]), spec.MALFORMED_PACKET);
    assert.match(peer.lines.join(), said);
  }
});

test("CONNACK: Server Keep Alive and Assigned Client Identifier replace the configured ones", () => {
  const peer = newPeer({ profile: v5 });
  const options = { ...OPTIONS, clientId: "", keepAlive: 60 };
  connect(peer.client, options);
  feed(peer, [connack({ [spec5.SERVER_KEEP_ALIVE]: 2, [spec5.ASSIGNED_CLIENT_IDENTIFIER]: "given" })]);
  forget(peer);
  tick(peer.client);
  tick(peer.client);
  same(peer.events, ["sent c000"]);
  closed(peer.client);
  connect(peer.client, options);
  assert.match(peer.events.at(-1)!, new RegExp(hex("\0\x05given")));
});

test("CONNACK: Receive Maximum bounds the messages in flight, and does not bound the next connection", () => {
  const peer = ready5({ [spec5.RECEIVE_MAXIMUM]: 1 });
  assert.equal(peer.client.inflightLimit, 8, "what is configured stays");
  for (const name of ["a", "b"]) publish(peer.client, name, "", 1, false, noted(peer, name));
  same(forget(peer), [`sent ${hex(wire`32 06 0001 'a' 0001 00`)}`]);
  feed(peer, [wire`40 02 0001`]);
  same(forget(peer), ["a 0x0 00", `sent ${hex(wire`32 06 0001 'b' 0002 00`)}`]);
  closed(peer.client);
  connect(peer.client, OPTIONS);
  feed(peer, [connack({ [spec5.RECEIVE_MAXIMUM]: 100 })]);
  assert.equal(peer.client.sendQuota, 8);
});

/** Features that a server lacks, the calls that are then refused at once, and the code. */
const LACKS: [server: Properties, ask: (peer: Peer) => number, reason: number][] = [
  [{ 36: 0 }, (peer) => publish(peer.client, "a", "", 1, false), spec.QOS_NOT_SUPPORTED],
  [{ 36: 1 }, (peer) => publish(peer.client, "a", "", 2, false), spec.QOS_NOT_SUPPORTED],
  [{ 37: 0 }, (peer) => publish(peer.client, "a", "", 0, true), spec5.RETAIN_NOT_SUPPORTED],
  [{ 39: 20 }, (peer) => publish(peer.client, "a", "x".repeat(15), 0, false), spec.PACKET_TOO_LARGE],
  [{ 39: 20 }, (peer) => publish(peer.client, "a", "x".repeat(13), 1, false), spec.PACKET_TOO_LARGE],
  [{ 39: 10 }, (peer) => subscribe(peer.client, [{ filter: "abcd", qos: 0 }]), spec.PACKET_TOO_LARGE],
  [{ 40: 0 }, (peer) => subscribe(peer.client, [{ filter: "a/#", qos: 0 }]), 0xa2],
  [{ 41: 0 }, (peer) => subscribe(peer.client, [{ filter: "a", qos: 0 }], undefined, "\x02\x0b\x01"), 0xa1],
  [{ 42: 0 }, (peer) => subscribe(peer.client, [{ filter: "$share/g/a", qos: 0 }]), 0x9e],
];

for (const [server, ask, reason] of LACKS) {
  test(`a server lacks a feature (${JSON.stringify(server)}): the call is refused at once with 0x${reason.toString(16)}`, () => {
    const peer = ready5(server);
    assert.equal(ask(peer), reason);
    same(peer.events, []);
    assert.equal(peer.client.pending.length, 0);
    const other = ready5();
    assert.equal(ask(other), 0);
  });
}

for (const [server, flags, allowed] of [
  [{}, 0b101, 0b101],
  [{ [spec5.MAXIMUM_QOS]: 1 }, 0b101, 0b011],
  [{ [spec5.MAXIMUM_QOS]: 0 }, 0b011, 0b001],
  [{ [spec5.MAXIMUM_QOS]: 1 }, 0b001, 0b001],
  [{ [spec5.RETAIN_AVAILABLE]: 0 }, 0b011, 0b010],
  [{ [spec5.RETAIN_AVAILABLE]: 1 }, 0b011, 0b011],
] as const) {
  test(`QoS and RETAIN ${flags.toString(2)} at a server with ${JSON.stringify(server)}: ${allowed.toString(2)} are allowed`, () => {
    assert.equal(allowed5(ready5(server).client, flags), allowed);
    assert.equal(allowed5(readyPeer().client, flags), flags, "3.1.1 has no such limits");
  });
}

test("a packet of exactly the server's Maximum Packet Size is sent", () => {
  const peer = ready5({ [spec5.MAXIMUM_PACKET_SIZE]: 20 });
  assert.equal(publish(peer.client, "a", "x".repeat(14), 0, false), 0);
  assert.equal(publish(peer.client, "a", "x".repeat(12), 1, false), 0);
  assert.equal(peer.events[0]!.length, 5 + 40);
  assert.equal(subscribe(peer.client, [{ filter: "abc", qos: 0 }]), 0);
  assert.equal(unsubscribe(peer.client, ["abc"]), 0);
});

test("a message queued before CONNACK: it is refused when CONNACK shows that the server lacks its QoS", () => {
  const peer = newPeer({ profile: v5 });
  connect(peer.client, OPTIONS);
  publish(peer.client, "a", "", 2, false, noted(peer, "a"));
  publish(peer.client, "b", "", 1, false, noted(peer, "b"));
  forget(peer);
  feed(peer, [connack({ [spec5.MAXIMUM_QOS]: 1 })]);
  same(peer.events, ["a 0x9b ", "ready 0", `sent ${hex(wire`32 06 0001 'b' 0002 00`)}`]);
});

test("the application disconnects in the callback of a refusal: `ready` is not called", () => {
  const peer = newPeer({ profile: v5 });
  connect(peer.client, OPTIONS);
  publish(peer.client, "a", "", 2, false, () => void closed(peer.client));
  forget(peer);
  feed(peer, [connack({ [spec5.MAXIMUM_QOS]: 1 })]);
  same(peer.events, []);
});

test("3.1.1: repeated and long messages are delivered, logged and sent each time", () => {
  const peer = readyPeer({ level: 1 });
  let calls = 0;
  peer.client.received = () => {
    calls++;
    throw new Error("mine");
  };
  for (let i = 0; i < 3; i++) assert.equal(feed(peer, [wire`30 04 0001 't' 'x'`]), 0);
  assert.equal(calls, 3);
  assert.equal(peer.lines.filter((line) => line.endsWith("mine")).length, 3);
  for (const payload of ["x", "y".repeat(200), "z".repeat(200)]) publish(peer.client, "t", payload, 0, false);
  assert.deepEqual(
    peer.events.map((event) => event.length),
    [5 + 12, 5 + 412, 5 + 412],
  );
});

test("a topic gets an alias with its first message, later messages have the alias alone", () => {
  const peer = ready5({ [spec5.TOPIC_ALIAS_MAXIMUM]: 1 });
  publish(peer.client, "topic", "1", 0, false);
  publish(peer.client, "topic", "2", 1, false);
  publish(peer.client, "other", "3", 0, false);
  publish(peer.client, "ab", "4", 0, false);
  same(forget(peer), [
    `sent ${hex(wire`30 0c 0005 'topic' 03 23 0001 '1'`)}`,
    `sent ${hex(wire`32 09 0000 0001 03 23 0001 '2'`)}`,
    `sent ${hex(wire`30 09 0005 'other' 00 '3'`)}`,
    `sent ${hex(wire`30 06 0002 'ab' 00 '4'`)}`,
  ]);
  // Aliases belong to a connection. The next one starts without any.
  closed(peer.client);
  connect(peer.client, OPTIONS);
  feed(peer, [connack({ [spec5.TOPIC_ALIAS_MAXIMUM]: 1 })]);
  assert.equal(peer.events.at(-1), `sent ${hex(wire`32 0e 0005 'topic' 0001 03 23 0001 '2'`)}`);
});

test("a message that could not be sent: its alias is not used", () => {
  const peer = ready5({ [spec5.TOPIC_ALIAS_MAXIMUM]: 9 });
  peer.unsent = peer.client.unsent = 4000;
  publish(peer.client, "first", "x".repeat(2000), 0, false, undefined, KEEP);
  publish(peer.client, "topic", "1", 1, false);
  same(
    forget(peer).filter((event) => event !== "sent "),
    [],
  );
  peer.unsent = peer.client.unsent = 0;
  tick(peer.client);
  feed(peer, [wire`d0 00`]);
  const sent = forget(peer).join("");
  assert.match(sent, new RegExp(hex(wire`0005 'first' 03 23 0001`)));
  assert.match(sent, new RegExp(hex(wire`0005 'topic' 0001 03 23 0002`)));
});

test("a message with properties: they stand before its payload, the alias among them", () => {
  const peer = ready5({ [spec5.TOPIC_ALIAS_MAXIMUM]: 1, [spec5.MAXIMUM_PACKET_SIZE]: 300 });
  const more = properties.encodeProperties({ [spec5.USER_PROPERTY]: ["n", "v".repeat(130)] });
  assert.equal(publish(peer.client, "topic", "x", 0, false, undefined, KEEP, more), 0);
  const list = `${hex(wire`03 23 0001`).slice(2)}${hex(more.slice(2))}`;
  assert.ok(forget(peer)[0]!.includes(`8b01${list}`));
  // If the alias would make the packet too large, it is left out.
  const tight = ready5({ [spec5.TOPIC_ALIAS_MAXIMUM]: 1, [spec5.MAXIMUM_PACKET_SIZE]: 20 });
  publish(tight.client, "topic", "12345678", 0, false);
  same(tight.events, [`sent ${hex(wire`30 10 0005 'topic' 00 '12345678'`)}`]);
});

test("a received PUBLISH: its properties reach the application, an alias stands for its topic", () => {
  const seen: unknown[] = [];
  const peer = ready5();
  peer.client.received = (_, topic, payload, flags, list) => void seen.push([topic, payload, flags, list]);
  const bytes = wire`
    30 15 0001 't' 10 23 0001 0b 05 0b 06 26 0001 'k' 0001 'v' 01 01 'x'
    32 08 0000 0009 03 23 0001
    34 09 0001 'q' 000a 00 '123'`;
  for (const chunks of [whole(bytes), byteByByte(bytes), ...cutOnce(bytes)]) {
    seen.length = 0;
    assert.equal(feed(peer, chunks), 0);
    assert.deepEqual(seen[0], ["t", "x", 0, { 1: 1, 11: [5, 6], 35: 1, 38: ["k", "v"] }]);
    assert.deepEqual(seen[1], ["t", "", 2, { 35: 1 }]);
    same(forget(peer), ["sent 40020009", "sent 5002000a"]);
    assert.equal(feed(peer, [wire`62 02 000a`]), 0);
    same(forget(peer), ["sent 7002000a"]);
  }
});

for (const [name, bytes, reason] of [
  ["an alias over our Topic Alias Maximum", wire`30 07 0001 't' 03 23 0009`, spec5.TOPIC_ALIAS_INVALID],
  ["an unknown alias", wire`30 06 0000 03 23 0001`, spec.PROTOCOL_ERROR],
  ["neither topic nor alias", wire`30 03 0000 00`, spec.PROTOCOL_ERROR],
  ["a topic with a wildcard", wire`30 04 0001 '#' 00`, spec.MALFORMED_PACKET],
  ["identifier 0", wire`32 06 0001 't' 0000 00`, spec.MALFORMED_PACKET],
  ["a PUBLISH that ends before its properties", wire`30 03 0001 't'`, spec.MALFORMED_PACKET],
  ["a PUBLISH that ends inside its topic", wire`30 03 0005 't'`, spec.MALFORMED_PACKET],
  ["a packet over our Maximum Packet Size", wire`30 ffff7f`, spec.PACKET_TOO_LARGE],
  ["AUTH without an authentication method", wire`f0 00`, spec.PROTOCOL_ERROR],
  ["DISCONNECT without a reason", wire`e0 00`, spec.UNSPECIFIED_ERROR],
  ["DISCONNECT: normal", wire`e0 01 00`, spec.UNSPECIFIED_ERROR],
  ["DISCONNECT: session taken over", wire`e0 02 8e 00`, 0x8e],
  ["DISCONNECT: malformed", wire`e0 04 8e 02 01 01`, spec.MALFORMED_PACKET],
  ["PUBACK with bytes behind it", wire`40 05 0001 00 00 00`, spec.MALFORMED_PACKET],
  ["PUBACK with an undefined code", wire`40 03 0001 02`, spec.MALFORMED_PACKET],
  ["PUBACK without an identifier", wire`40 02 0000`, spec.MALFORMED_PACKET],
  ["PUBACK that is cut off", wire`40 01 00`, spec.MALFORMED_PACKET],
  ["SUBACK without codes", wire`90 03 0001 00`, spec.MALFORMED_PACKET],
  ["SUBACK with QoS 3", wire`90 04 0001 00 03`, spec.MALFORMED_PACKET],
] as const) {
  test(`ends the connection: ${name}`, () => {
    for (const chunks of [whole(bytes), byteByByte(bytes)]) {
      const peer = ready5();
      assert.equal(feed(peer, chunks), reason);
      same(peer.events, []);
    }
  });
}

test("the topics of a server's aliases exceed maxPacket: the connection ends", () => {
  const peer = ready5({}, { maxPacket: 128 });
  const long = (alias: string, length: number) => {
    const rest = chars(0, length) + "x".repeat(length) + wire`03 23 00` + chars(+alias);
    return chars(0x30, rest.length) + rest;
  };
  for (const alias of ["1", "1", "2"]) assert.equal(feed(peer, [long(alias, 60)]), 0);
  assert.equal(feed(peer, [long("3", 20)]), spec.QUOTA_EXCEEDED);
});

test("more QoS 2 messages than our Receive Maximum: the connection ends", () => {
  const peer = ready5({}, {}, { properties: { receiveMaximum: 1 } });
  assert.equal(feed(peer, [wire`34 06 0001 't' 0001 00`]), 0);
  assert.equal(feed(peer, [wire`3c 06 0001 't' 0001 00`]), 0, "the same again");
  assert.equal(feed(peer, [wire`34 06 0001 't' 0002 00`]), spec.RECEIVE_MAXIMUM_EXCEEDED);
});

test("an error in PUBACK or PUBREC: the callback gets the Reason Code, the identifier is free", () => {
  const peer = ready5();
  publish(peer.client, "a", "", 1, false, noted(peer, "a"));
  publish(peer.client, "b", "", 2, false, noted(peer, "b"));
  forget(peer);
  assert.equal(feed(peer, [wire`40 09 0001 97 05 1f 0002 'no'  50 03 0002 87`]), 0);
  same(forget(peer), ["a 0x97 ", "b 0x87 "]);
  assert.deepEqual([peer.client.pending.length, peer.client.sent], [0, 0]);
  assert.equal(feed(peer, [wire`40 03 0001 97`]), 0, "again: nobody waits for it");
});

test("QoS 2: the exchange completes, and an unknown identifier is answered with 0x92", () => {
  const peer = ready5();
  publish(peer.client, "b", "", 2, false, noted(peer, "b"));
  forget(peer);
  assert.equal(feed(peer, [wire`50 03 0001 10  70 02 0001  50 02 0007  62 02 0008`]), 0);
  same(peer.events, ["b 0x0 00", "sent 62020001", "sent 6203000792", "sent 7003000892"]);
  publish(peer.client, "c", "", 2, false, noted(peer, "c"));
  forget(peer);
  assert.equal(feed(peer, [wire`50 02 0002  70 03 0002 92`]), 0);
  same(peer.events, ["c 0x0 92", "sent 62020002"]); // the server had the message
});

test("a Reason Code between 1 and 127 reaches the callback", () => {
  const peer = ready5();
  publish(peer.client, "a", "", 1, false, noted(peer, "a"));
  forget(peer);
  feed(peer, [wire`40 03 0001 10`]);
  same(peer.events, ["a 0x0 10"]);
});

test("SUBACK and UNSUBACK: the callback gets a code for each filter", () => {
  const peer = ready5();
  const list = ["a", "b"].map((filter) => ({ filter, qos: 1 }));
  subscribe(peer.client, list, noted(peer, "subscribed"));
  unsubscribe(peer.client, ["a", "x"], noted(peer, "unsubscribed"));
  subscribe(peer.client, list.slice(1));
  forget(peer);
  assert.equal(feed(peer, [wire`90 05 0001 00 01 87`]), 0);
  assert.deepEqual(
    peer.client.subscriptions.map(({ filter }) => filter),
    ["a"],
  );
  assert.equal(feed(peer, [wire`b0 05 0002 00 00 11  90 04 0003 00 8f`]), 0);
  same(peer.events, ["subscribed 0x0 0187", "unsubscribed 0x0 0011"]);
  assert.deepEqual(peer.client.subscriptions, []);
  assert.equal(feed(peer, [wire`b0 04 0002 00 00`]), 0, "again: nobody waits for it");
  subscribe(peer.client, list);
  unsubscribe(peer.client, ["a", "x"]);
  assert.equal(feed(peer, [wire`90 04 0004 00 01`]), spec.PROTOCOL_ERROR, "too few");
  assert.equal(feed(peer, [wire`b0 04 0005 00 00`]), spec.PROTOCOL_ERROR, "too few");
});

test("Reason String and Server Reference are logged", () => {
  const peer = ready5({}, { level: 2 });
  feed(peer, [wire`e0 10 9d 0e 1f 0004 'full' 1c 0004 'b:12'`]);
  assert.ok(peer.lines.some((line) => line.endsWith("the broker says: full, see b:12")));
});

test("CONNECT of more than 127 bytes: its length has two bytes", () => {
  const packet = connectOf({ clientId: "x".repeat(200) });
  assert.ok(
    packet.startsWith(hex(wire`10 e001 0004 'MQTT' 05 02 0000  0b 21 0040 22 0008 27 00001000  00c8`)),
  );
});

test("no room for an acknowledgement: the connection ends", () => {
  const peer = ready5();
  peer.unsent = peer.client.unsent = 100000;
  let reason = 0;
  for (let i = 1; !reason && i < 1000; i++) reason = feed(peer, [wire`32 06 0001 't' 0001 00`]);
  assert.equal(reason, spec.QUOTA_EXCEEDED);
});

test("a released QoS 2 message and an UNSUBSCRIBE stay when the next server lacks QoS 2 and wildcards", () => {
  const peer = ready5({}, {}, { cleanSession: false });
  publish(peer.client, "a", "", 2, false);
  feed(peer, [wire`50 02 0001`]);
  unsubscribe(peer.client, ["a/#"]);
  closed(peer.client);
  connect(peer.client, { ...OPTIONS, cleanSession: false });
  forget(peer);
  feed(peer, [connack({ [spec5.MAXIMUM_QOS]: 0, [spec5.WILDCARD_SUBSCRIPTION_AVAILABLE]: 0 }, 1)]);
  assert.equal(peer.client.pending.length, 2);
});

test("version 4 in a build with MQTT 5: it speaks 3.1.1, and acknowledges an oversized message", () => {
  const peer = newPeer({ profile: v5, maxPacket: 20 });
  connect(peer.client, { ...OPTIONS, version: 4 } as Options5);
  assert.match(peer.events[0]!, /^sent 10..00044d51545404/);
  feed(peer, ["\x20\x02\0\0"]);
  forget(peer);
  assert.equal(feed(peer, [wire`32 14 0001 'a' 0007 'fifteen letters'`]), 0);
  publish(peer.client, "a", "", 1, false);
  same(peer.events, ["sent 40020007", `sent ${hex(wire`32 05 0001 'a' 0001`)}`]);
});

test("a lost session: a released message is complete, other waiting messages are sent again", () => {
  const peer = ready5({}, {}, { cleanSession: false });
  publish(peer.client, "a", "x", 2, false, noted(peer, "released"));
  publish(peer.client, "a", "y", 1, false, noted(peer, "waits"));
  assert.equal(feed(peer, [wire`50 02 0001`]), 0);
  closed(peer.client);
  connect(peer.client, { ...OPTIONS, cleanSession: false });
  forget(peer);
  assert.equal(feed(peer, [connack()]), 0);
  assert.ok(peer.events.includes("released 0x0 "));
  assert.ok(
    peer.events.some((event) => /^sent 32.*79$/.test(event)),
    "no DUP",
  );
  assert.equal(peer.client.pending.length, 1);
});

test("3.1.1: DISCONNECT or AUTH of the server ends the connection", () => {
  for (const [bytes, kinds] of [
    [wire`e0 00`, v5.handlers],
    [wire`f0 00`, withAuth(v5.handlers, { method: "M", next: () => "" })],
  ] as const) {
    const peer = readyPeer({ profile: { ...v5, handlers: kinds } }, { version: 4 } as Partial<Options5>);
    assert.equal(feed(peer, [bytes]), spec.PROTOCOL_ERROR);
  }
});

test("3.1.1: a SUBACK may refuse with a code of MQTT 5, as ejabberd does; a PUBACK with any code is malformed", () => {
  for (const [bytes, reason] of [
    [wire`90 03 0001 87`, spec.SUCCESS],
    [wire`90 03 0001 7f`, spec.MALFORMED_PACKET],
    [wire`90 02 0001`, spec.MALFORMED_PACKET],
    [wire`40 03 0001 00`, spec.MALFORMED_PACKET],
    [wire`90 03 0001 80`, spec.SUCCESS],
  ] as const) {
    const peer = readyPeer({ profile: v5 }, { version: 4 } as Partial<Options5>);
    subscribe(peer.client, [{ filter: "a", qos: 1 }], () => {});
    assert.equal(feed(peer, [bytes]), reason);
  }
});

for (const [qos, answer] of [[], ["sent 40020007"], ["sent 50020007"]].entries()) {
  test(`QoS ${qos}: a message over our Maximum Packet Size ends the first connection; sent again, it is acknowledged and dropped`, () => {
    const peer = ready5({}, { maxPacket: 128, level: 1 }, { cleanSession: false });
    const body = wire`0001 'a'` + (qos ? wire`0007` : "") + wire`00` + "x".repeat(130);
    const large = chars(0x30 | (qos << 1), (body.length & 127) | 128, body.length >> 7) + body;
    assert.equal(feed(peer, [large]), spec.PACKET_TOO_LARGE);
    for (const chunks of [whole(large), byteByByte(large)]) {
      closed(peer.client);
      connect(peer.client, { ...OPTIONS, version: 5, cleanSession: false } as Options5);
      assert.match(forget(peer)[0]!, /220000/, "a message that is not read may define no alias");
      assert.equal(feed(peer, [connack({}, 1), ...chunks, wire`30 04 0001 'b' 00`]), 0);
      assert.match(peer.lines.join(), /dropped .*maxPacket\) to a$/);
      same(forget(peer), ["ready 1", ...answer, 'message "b" "" 0']);
      if (qos === 2) assert.equal(feed(peer, [wire`62 02 0007`]), 0);
      forget(peer);
    }
  });
}

for (const [qos, answer] of [
  [1, "40"],
  [2, "50"],
] as const)
  test(`QoS ${qos}: a message without a callback that the server refuses is named in the log, a topic once on a connection`, () => {
    const peer = ready5({}, { level: 1, outbox: { messages: 9, bytes: 200_000 } });
    const long = "l".repeat(65_000);
    const refuse = (id: number) =>
      feed(peer, [Buffer.from(answer, "hex").toString("latin1") + wire`03 00` + chars(id) + wire`87`]);
    for (const [n, topic] of ["a", "a", long, "b"].entries()) {
      assert.ok(publish(peer.client, topic, "", qos, false) <= spec.QUEUED);
      assert.equal(refuse(n + 1), 0);
    }
    assert.deepEqual(
      peer.lines.map((line) => line.split(" mqtt ")[1]),
      ["a", `${"l".repeat(64)}...`, "b"].map(
        (topic) => `the broker refused the message to ${topic}, reason 0x87`,
      ),
    );
    publish(peer.client, "c", "", qos, false, noted(peer, "done"));
    forget(peer);
    assert.equal(refuse(5), 0);
    same(forget(peer), ["done 0x87 "]);
    assert.deepEqual(peer.lines, [], "the callback has it");
  });
