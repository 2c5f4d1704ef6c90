// Every packet that an MQTT 5 server sends, with all properties that it may have: the same effect however it is cut and
// whatever follows it. Half a packet is not an error. A packet with a property that it must not have ends the connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chars, connect, publish, spec, subscribe, unsubscribe, v5, varint, withAuth } from "#subject";
import type { Bytes } from "../../src/board.ts";
import { feed, forget, newPeer, noted, OPTIONS, type Peer, same } from "../mqtt/peer.ts";
import { byteByByte, cutOnce, whole } from "../support/feeds.ts";
import { hex, wire } from "../support/wire.ts";
import { connack } from "./peer5.ts";
import { PROPERTIES } from "./property-vectors.ts";

/** All properties that a packet of this type may have, except those that these tests set themselves. */
function properties(packet: number, but: number[] = []): Bytes {
  const seen: number[] = [...but];
  const bytes = PROPERTIES.filter(({ id, packets }) => {
    const wanted = packets.includes(packet) && !seen.includes(id);
    if (wanted) seen.push(id);
    return wanted;
  })
    .map((each) => each.bytes)
    .join("");
  return varint(bytes.length) + bytes;
}

function packet(first: number, rest: Bytes): Bytes {
  return chars(first) + varint(rest.length) + rest;
}

/** Requests that make the client wait for an answer to identifier 1. */
const ASKED: Record<string, (peer: Peer) => unknown> = {
  nothing: () => 0,
  "QoS 1": (peer) => publish(peer.client, "t", "", 1, false, noted(peer, "done")),
  "QoS 2": (peer) => publish(peer.client, "t", "", 2, false, noted(peer, "done")),
  released(peer) {
    ASKED["QoS 2"]!(peer);
    feed(peer, [wire`50 02 0001`]);
  },
  SUBSCRIBE: (peer) => subscribe(peer.client, [{ filter: "t", qos: 1 }], noted(peer, "done")),
  UNSUBSCRIBE: (peer) => unsubscribe(peer.client, ["t"], noted(peer, "done")),
};

/** Authentication Method and Data, and the Topic Alias, have values of their own. */
const AUTH = [21, 22];
const ALIAS = 35;
const METHOD = wire`15 0001 'M' 16 0001 'd'`;

const RECEIVED: [name: string, asked: string, bytes: Bytes, events: string[], reason?: number][] = [
  [
    "PUBLISH at QoS 0",
    "nothing",
    packet(0x30, `${wire`0001 't'` + properties(spec.PUBLISH, [ALIAS])}x`),
    ['message "t" "x" 0'],
  ],
  [
    "PUBLISH at QoS 1",
    "nothing",
    packet(0x32, `${wire`0001 't' 0007` + properties(spec.PUBLISH, [ALIAS])}x`),
    ['message "t" "x" 2', "sent 40020007"],
  ],
  [
    "PUBLISH at QoS 2",
    "nothing",
    packet(0x34, `${wire`0001 't' 0007` + properties(spec.PUBLISH, [ALIAS])}x`),
    ['message "t" "x" 4', "sent 50020007"],
  ],
  ["PUBACK", "QoS 1", packet(0x40, wire`0001 00` + properties(spec.PUBACK)), ["done 0x0 00"]],
  ["PUBREC", "QoS 2", packet(0x50, wire`0001 00` + properties(spec.PUBREC)), ["sent 62020001"]],
  ["PUBREC that refuses", "QoS 2", packet(0x50, wire`0001 97` + properties(spec.PUBREC)), ["done 0x97 "]],
  ["PUBREL", "nothing", packet(0x62, wire`0009 00` + properties(spec.PUBREL)), ["sent 7003000992"]],
  ["PUBCOMP", "released", packet(0x70, wire`0001 00` + properties(spec.PUBCOMP)), ["done 0x0 00"]],
  ["SUBACK", "SUBSCRIBE", packet(0x90, `${wire`0001` + properties(spec.SUBACK)}\x01`), ["done 0x0 01"]],
  ["UNSUBACK", "UNSUBSCRIBE", packet(0xb0, `${wire`0001` + properties(spec.UNSUBACK)}\x11`), ["done 0x0 11"]],
  ["PINGRESP", "nothing", wire`d0 00`, []],
  ["DISCONNECT", "nothing", packet(0xe0, `\x8b${properties(spec.DISCONNECT)}`), [], 0x8b],
  [
    "AUTH",
    "nothing",
    packet(
      0xf0,
      `\x18${varint(METHOD.length + 14)}${METHOD}${wire`1f 0001 'r'`}${wire`26 0002 'k1' 0003 'abc'`}`,
    ),
    [`sent ${hex(wire`f0 0b 18 09 15 0001 'M' 16 0002 'd!'`)}`],
  ],
];

function ready(): Peer {
  const auth = { method: "M", next: (data: Bytes) => (data ? `${data}!` : "") };
  const peer = newPeer({ profile: { ...v5, handlers: withAuth(v5.handlers, auth) } });
  connect(peer.client, OPTIONS);
  feed(peer, [connack({ 21: "M" })]);
  return peer;
}

for (const [name, asked, bytes, events, reason = 0] of RECEIVED) {
  test(`receives ${name} with its properties: the same effect whole, byte by byte, cut at every place, between others`, () => {
    const next = reason ? "" : wire`30 04 0001 'n' 00`;
    for (const chunks of [whole(bytes), byteByByte(bytes), ...cutOnce(bytes), [next + bytes + next]]) {
      const peer = ready();
      ASKED[asked]!(peer);
      forget(peer);
      assert.equal(feed(peer, chunks), reason);
      const around = chunks[0]!.length > bytes.length ? ['message "n" "" 0'] : [];
      same(peer.events, [...around, ...events, ...around]);
    }
  });

  // PINGRESP has no properties, the others have no Server Keep Alive.
  const at = name.startsWith("PUBLISH at QoS 0")
    ? 5
    : name.startsWith("PUBLISH")
      ? 7
      : /^(SUB|UNSUB)/.test(name)
        ? 4
        : name === "DISCONNECT" || name === "AUTH"
          ? 3
          : 5;
  test(`${name} with a property of another packet, or cut off in its properties, is malformed`, () => {
    for (const list of [wire`03 13 0001`, wire`04 13 0001`, wire`05 26 0001 'a'`]) {
      const peer = ready();
      ASKED[asked]!(peer);
      const body =
        name === "PINGRESP"
          ? list
          : bytes.slice(bytes.charCodeAt(1) & 128 ? 3 : 2, bytes.charCodeAt(1) & 128 ? at + 1 : at) + list;
      assert.equal(feed(peer, [packet(bytes.charCodeAt(0), body)]), spec.MALFORMED_PACKET);
    }
  });
}

test("CONNACK with all of its properties is accepted in any pieces", () => {
  const bytes = packet(0x20, `\0\0${properties(spec.CONNACK, AUTH)}`);
  for (const chunks of [whole(bytes), byteByByte(bytes), ...cutOnce(bytes)]) {
    const peer = newPeer({ profile: v5 });
    connect(peer.client, { ...OPTIONS });
    forget(peer);
    assert.equal(feed(peer, chunks), 0);
    same(peer.events, ["ready 0"]);
  }
});
