// Packets that a server must not send, rule by rule, and the Reason Code that ends the connection. And packets that look
// wrong but are not. Every row is fed whole and byte by byte.
import assert from "node:assert/strict";
import { test } from "node:test";
import { publish, spec, subscribe, unsubscribe } from "#subject";
import { byteByByte, whole } from "../support/feeds.ts";
import { wire } from "../support/wire.ts";
import { connectingPeer, feed, forget, noted, type Peer, readyPeer, same } from "./peer.ts";

const { MALFORMED_PACKET, PROTOCOL_ERROR, PACKET_TOO_LARGE } = spec;

type Row = [name: string, bytes: string, reason: number];

/** Packets that a ready client refuses. */
const READY: Row[] = [
  ["type 0", wire`00 00`, MALFORMED_PACKET],
  ["type 0 with flags and a body", wire`0f 02 0001`, MALFORMED_PACKET],
  ["type 15", wire`f0 00`, MALFORMED_PACKET],
  ["type 15 with flags", wire`ff 02 0001`, MALFORMED_PACKET],
  ["CONNECT", wire`10 0c 0004 'MQTT' 04 02 0000 0000`, PROTOCOL_ERROR],
  ["a second CONNACK", wire`20 02 00 00`, PROTOCOL_ERROR],
  ["a second CONNACK that refuses", wire`20 02 00 05`, PROTOCOL_ERROR],
  ["SUBSCRIBE", wire`82 06 0001 0001 'a' 00`, PROTOCOL_ERROR],
  ["UNSUBSCRIBE", wire`a2 05 0001 0001 'a'`, PROTOCOL_ERROR],
  ["PINGREQ", wire`c0 00`, PROTOCOL_ERROR],
  ["DISCONNECT", wire`e0 00`, PROTOCOL_ERROR],
  // PUBLISH
  ["QoS 3", wire`36 06 0001 'a' 0001 'x'`, MALFORMED_PACKET],
  ["QoS 3 with DUP and RETAIN", wire`3f 06 0001 'a' 0001 'x'`, MALFORMED_PACKET],
  ["DUP with QoS 0", wire`38 04 0001 'a' 'x'`, MALFORMED_PACKET],
  ["DUP with QoS 0 and RETAIN", wire`39 04 0001 'a' 'x'`, MALFORMED_PACKET],
  ["PUBLISH, QoS 1, identifier 0", wire`32 05 0001 'a' 0000`, MALFORMED_PACKET],
  ["PUBLISH, QoS 2, identifier 0", wire`34 05 0001 'a' 0000`, MALFORMED_PACKET],
  ["PUBLISH with an empty topic", wire`30 03 0000 'x'`, MALFORMED_PACKET],
  ["PUBLISH, QoS 1, with an empty topic", wire`32 04 0000 0001`, MALFORMED_PACKET],
  ["PUBLISH to +", wire`30 03 0001 '+'`, MALFORMED_PACKET],
  ["PUBLISH to #", wire`30 03 0001 '#'`, MALFORMED_PACKET],
  ["PUBLISH to a/+/b", wire`32 09 0005 'a/+/b' 0001`, MALFORMED_PACKET],
  ["PUBLISH to a/#", wire`34 07 0003 'a/#' 0001`, MALFORMED_PACKET],
  ["PUBLISH to a+", wire`30 04 0002 'a+'`, MALFORMED_PACKET],
  ["PUBLISH to a topic with U+0000", wire`30 05 0003 'a' 00 'b'`, MALFORMED_PACKET],
  ["PUBLISH to a topic with a surrogate", wire`30 05 0003 eda080`, MALFORMED_PACKET],
  ["PUBLISH of length 0", wire`30 00`, MALFORMED_PACKET],
  ["PUBLISH with half a topic length", wire`30 01 00`, MALFORMED_PACKET],
  ["PUBLISH with a topic longer than the packet", wire`30 03 0002 'a'`, MALFORMED_PACKET],
  ["PUBLISH with a topic much longer than the packet", wire`30 03 ffff 'a'`, MALFORMED_PACKET],
  ["PUBLISH, QoS 1, without identifier", wire`32 03 0001 'a'`, MALFORMED_PACKET],
  ["PUBLISH, QoS 1, with half an identifier", wire`32 04 0001 'a' 01`, MALFORMED_PACKET],
  ["PUBLISH, QoS 2, with half an identifier", wire`34 04 0001 'a' 01`, MALFORMED_PACKET],
  // SUBACK
  ["SUBACK of length 0", wire`90 00`, MALFORMED_PACKET],
  ["SUBACK with half an identifier", wire`90 01 01`, MALFORMED_PACKET],
  ["SUBACK without return codes", wire`90 02 0003`, MALFORMED_PACKET],
  ["SUBACK, identifier 0", wire`90 03 0000 00`, MALFORMED_PACKET],
  ["SUBACK with return code 3", wire`90 03 0003 03`, MALFORMED_PACKET],
  ["SUBACK with return code 7f", wire`90 03 0003 7f`, MALFORMED_PACKET],
  ["SUBACK with return code 3 for an unknown identifier", wire`90 03 0777 03`, MALFORMED_PACKET],
  ["SUBACK with a code too few", wire`90 03 0003 00`, PROTOCOL_ERROR],
  ["SUBACK with a code too many", wire`90 05 0003 00 01 02`, PROTOCOL_ERROR],
  // PINGRESP
  ["PINGRESP with a body", wire`d0 01 00`, MALFORMED_PACKET],
  // Too large without being a PUBLISH
  ["PUBACK over maxPacket", wire`40 fe7f`, PACKET_TOO_LARGE],
  ["SUBACK over maxPacket", wire`90 ffffff7f`, PACKET_TOO_LARGE],
  ["PINGRESP over maxPacket", wire`d0 fe1f`, PACKET_TOO_LARGE],
];

/** Flags that a type must not have; PUBREL has 0010. */
const TYPES: [name: string, type: number, flags: number, body: string][] = [
  ["PUBACK", 4, 0, "\0\x01"],
  ["PUBREC", 5, 0, "\0\x02"],
  ["PUBREL", 6, 2, "\0\x01"],
  ["PUBCOMP", 7, 0, "\0\x02"],
  ["SUBACK", 9, 0, "\0\x03\0\0"],
  ["UNSUBACK", 11, 0, "\0\x04"],
  ["PINGRESP", 13, 0, ""],
];
for (const [name, type, right, body] of TYPES) {
  for (let flags = 0; flags < 16; flags++) {
    const bytes = String.fromCharCode((type << 4) | flags, body.length) + body;
    if (flags !== right) READY.push([`${name} with flags ${flags}`, bytes, MALFORMED_PACKET]);
  }
  if (body.length !== 2) continue;
  for (const wrong of ["", "\x01", "\0\0", "\0\x01\0", "\0\x01\0\0"]) {
    const bytes = String.fromCharCode((type << 4) | right, wrong.length) + wrong;
    READY.push([`${name}, ${wrong.length} bytes ${JSON.stringify(wrong)}`, bytes, MALFORMED_PACKET]);
  }
}

/** A ready client that waits for one answer of every kind. */
function waitingPeer(): Peer {
  const peer = readyPeer({ level: 3 });
  publish(peer.client, "t", "", 1, false, noted(peer, "published")); // 1
  publish(peer.client, "t", "", 2, false, noted(peer, "published")); // 2
  const subscriptions = [1, 2].map((qos) => ({ filter: "f", qos }));
  subscribe(peer.client, subscriptions, noted(peer, "subscribed")); // 3
  unsubscribe(peer.client, ["f"], noted(peer, "unsubscribed")); // 4
  forget(peer);
  return peer;
}

for (const [name, bytes, reason] of READY) {
  test(`ends the connection: ${name}`, () => {
    for (const chunks of [whole(bytes), byteByByte(bytes), whole(`${bytes}\x30\x03\0\x01a`)]) {
      const peer = waitingPeer();
      assert.equal(feed(peer, chunks), reason);
      same(peer.events, [], "nothing is sent, delivered or completed");
      assert.ok(peer.lines.length < 2, "one line at most says so");
    }
  });
}

test("a malformed packet in a chunk: packets before it count, packets after it do not", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, [wire`30 04 0001 'a1'  36 00  30 04 0001 'a2'`]), MALFORMED_PACKET);
  same(peer.events, ['message "a" "1" 0']);
});

test("any packet before CONNACK ends the connection", () => {
  for (let first = 0; first < 256; first++) {
    const type = first >> 4;
    if (type === 2) continue;
    for (const bytes of [String.fromCharCode(first, 0), String.fromCharCode(first, 2, 0, 1)]) {
      const peer = connectingPeer();
      assert.equal(feed(peer, [bytes]), type % 15 ? PROTOCOL_ERROR : MALFORMED_PACKET, `first byte ${first}`);
      same(peer.events, []);
    }
  }
});

/** Answers that match no request: no error, one line in the log, and the packet that is sent back. */
const UNKNOWN: [name: string, bytes: string, events: string[]][] = [
  ["PUBACK for an unknown identifier", wire`40 02 0777`, []],
  [
    "PUBREC for an unknown identifier is answered, so that the server forgets it",
    wire`50 02 0777`,
    ["sent 62020777"],
  ],
  ["PUBCOMP for an unknown identifier", wire`70 02 0777`, []],
  ["SUBACK for an unknown identifier", wire`90 03 0777 00`, []],
  ["UNSUBACK for an unknown identifier", wire`b0 02 0777`, []],
  ["PUBCOMP before PUBREC", wire`70 02 0002`, []],
  ["PUBACK for a SUBSCRIBE", wire`40 02 0003`, []],
  ["SUBACK for an UNSUBSCRIBE", wire`90 03 0004 00`, []],
  ["UNSUBACK for a SUBSCRIBE", wire`b0 02 0003`, []],
];
for (const [name, bytes, events] of UNKNOWN) {
  test(`no error: ${name}`, () => {
    const peer = waitingPeer();
    assert.equal(feed(peer, [bytes]), 0);
    same(peer.events, events);
    assert.equal(peer.lines.length, 1);
    assert.match(peer.lines[0]!, / mqtt .*\b(1911|1|2|3|4)\b/);
    assert.equal(peer.client.pending.length, 4, "everything still waits");
  });
}

test("no error: SUBACK with a refusal of MQTT 5, as ejabberd sends it, is a refusal", () => {
  for (const code of ["\x81", "\x8f", "\xff"]) {
    const peer = waitingPeer();
    assert.equal(feed(peer, [`${wire`90 04 0003 00`}${code}`]), 0);
    same(peer.events, [`subscribed 0x0 00${code.charCodeAt(0).toString(16)}`]);
  }
});

test("no error: PUBREL for an unknown identifier gets PUBCOMP", () => {
  const peer = waitingPeer();
  assert.equal(feed(peer, [wire`62 02 0777`]), 0);
  same(peer.events, ["sent 70020777"]);
});

test("no error: a PINGRESP without a PINGREQ", () => {
  const peer = waitingPeer();
  assert.equal(feed(peer, [wire`d0 00 d0 00`]), 0);
  same(peer.events, []);
});
