// Hostile packets: random bytes and vectors end in SUCCESS or a reason, never in an exception. Memory stays within
// maxPacket and a chunk. The chunks make no difference to the result.
import assert from "node:assert/strict";
import {
  closed,
  full,
  MAX_ANSWERS,
  MAX_INFLIGHT,
  publish,
  spec,
  spec5,
  subscribe,
  tiny,
  unsubscribe,
} from "#subject";
import { ACCEPTED, apart, connectingPeer, feed, forget, kept, noted, type Peer } from "../mqtt/peer.ts";
import { RECEIVED } from "../mqtt/vectors.ts";
import { byteByByte, whole } from "../support/feeds.ts";
import type { Random } from "../support/random.ts";
import { connack, connecting5 } from "../v5/peer5.ts";
import { PROPERTIES } from "../v5/property-vectors.ts";
import type { Target } from "./fuzzer.ts";

/** Reasons that end a connection. */
const OUTCOMES = new Set<number>([
  spec.SUCCESS,
  spec.MALFORMED_PACKET,
  spec.PROTOCOL_ERROR,
  spec.UNSUPPORTED_PROTOCOL_VERSION,
  spec.CLIENT_IDENTIFIER_NOT_VALID,
  spec.BAD_USER_NAME_OR_PASSWORD,
  spec.NOT_AUTHORIZED,
  spec.SERVER_UNAVAILABLE,
  spec.RECEIVE_MAXIMUM_EXCEEDED,
  spec.PACKET_TOO_LARGE,
  spec.QUOTA_EXCEEDED,
  spec.QOS_NOT_SUPPORTED,
]);

const MAX_PACKET = 60;

/** A client that waits for answers of all kinds, with small identifiers that mutations hit. */
function waitingPeer(profile: typeof full): Peer {
  const peer = connectingPeer({ profile, level: 3, maxPacket: MAX_PACKET });
  feed(peer, [ACCEPTED]);
  const qos = profile === full ? 2 : 1;
  for (let i = 0; i < 2; i++) {
    publish(peer.client, "t", "", 1, false, noted(peer, "one"));
    publish(peer.client, "t", "", qos, false, noted(peer, "two"));
    subscribe(peer.client, [{ filter: "f", qos }], noted(peer, "subscribed"));
    unsubscribe(peer.client, ["f"], noted(peer, "unsubscribed"));
  }
  assert.equal(peer.client.pending.length, MAX_INFLIGHT);
  forget(peer);
  return peer;
}

/** The same where both speak MQTT 5. */
function waitingPeer5(): Peer {
  const peer = connecting5({ level: 3, maxPacket: MAX_PACKET });
  feed(peer, [connack({ [spec5.TOPIC_ALIAS_MAXIMUM]: 2 })]);
  for (let i = 0; i < 2; i++) {
    publish(peer.client, "topic", "", 1, false, noted(peer, "one"));
    publish(peer.client, "topic", "", 2, false, noted(peer, "two"));
    subscribe(peer.client, [{ filter: "f", qos: 2 }], noted(peer, "subscribed"));
    unsubscribe(peer.client, ["f"], noted(peer, "unsubscribed"));
  }
  forget(peer);
  return peer;
}

/** Feeds until a reason, with checks after every chunk; returns everything visible from outside. */
function outcome(peer: Peer, chunks: string[]): unknown {
  let reason = 0;
  for (const chunk of chunks) {
    reason = feed(peer, [chunk]);
    // An MQTT 5 server may send any reason.
    assert.ok(OUTCOMES.has(reason) || (peer.client.five && reason > 127 && reason < 256), `reason ${reason}`);
    assert.ok((peer.client.five?.size ?? 0) <= 2 * MAX_PACKET, "topics of aliases");
    assert.ok(kept(peer.client) <= MAX_PACKET + chunk.length + 80, `${kept(peer.client)} bytes are kept`);
    assert.ok(peer.client.queue.length <= MAX_ANSWERS, "answers");
    if (reason) break;
  }
  const { state, dropped, pending: outbox, heldCount: helds } = peer.client;
  const waits = outbox.length;
  closed(peer.client);
  assert.equal(kept(peer.client), 0);
  return { reason, state, dropped, waits, helds, events: apart(peer.events), lines: peer.lines };
}

/** Random bytes, most of them small: those are lengths and identifiers. */
function noise(random: Random): string {
  const length = random.below(40);
  return Array.from({ length }, () => String.fromCharCode(random.below(random.below(2) ? 256 : 8))).join("");
}

/** One to twenty packets. */
function vectors(random: Random): string {
  let bytes = "";
  for (let n = random.below(20); n >= 0; n--) bytes += RECEIVED[random.below(RECEIVED.length)]!.bytes;
  return bytes;
}

const FIRST = [0x20, 0x30, 0x31, 0x32, 0x34, 0x3a, 0x3c, 0x40, 0x50, 0x62, 0x70, 0x90, 0xb0, 0xd0];

/** A first byte and the right length, with random bytes inside. */
function framed(random: Random): string {
  let bytes = "";
  for (let n = random.below(5); n >= 0; n--) {
    const first = FIRST[random.below(FIRST.length)]!;
    const body = random.below(2)
      ? noise(random)
      : `\0${String.fromCharCode(random.below(10))}${noise(random)}`;
    bytes += String.fromCharCode(first, body.length) + body;
  }
  return bytes;
}

export function packetStream(random: Random): string {
  return [noise, vectors, framed, framed][random.below(4)]!(random);
}

function target(name: string, profile: typeof full): Target {
  return {
    name,
    cases: 2000,
    make: packetStream,
    check(bytes, random) {
      const waiting = random.below(8);
      const peer = () =>
        waiting ? waitingPeer(profile) : connectingPeer({ profile, level: 3, maxPacket: MAX_PACKET });
      const expected = outcome(peer(), whole(bytes));
      assert.deepEqual(outcome(peer(), byteByByte(bytes)), expected, "byte by byte");
      assert.deepEqual(outcome(peer(), random.split(bytes, 20)), expected, "in pieces");
    },
  };
}

/** Packets of MQTT 5 with properties, most of them good ones of some packet. */
function packets5(random: Random): string {
  let bytes = "";
  for (let n = random.below(5); n >= 0; n--) {
    const first = [...FIRST, 0xe0, 0xf0][random.below(FIRST.length + 2)]!;
    let list = "";
    for (let i = random.below(4); i > 0; i--) list += PROPERTIES[random.below(PROPERTIES.length)]!.bytes;
    const topic = first >> 4 === 3 ? ["\0\0", "\0\x01t", "\0\x05topic"][random.below(3)] : "";
    const id = first >> 4 === 3 && !(first & 6) ? "" : `\0${String.fromCharCode(random.below(10))}`;
    const code = [4, 5, 6, 7].includes(first >> 4)
      ? String.fromCharCode([0, 0x10, 0x92, 0x97][random.below(4)]!)
      : "";
    const body = `${topic}${id}${code}${String.fromCharCode(list.length)}${list}${random.below(2) ? noise(random) : ""}`;
    if (body.length < 128) bytes += String.fromCharCode(first, body.length) + body;
  }
  return bytes;
}

/** The same for a client that speaks MQTT 5. */
export const packetsV5: Target = {
  name: "packets-v5",
  cases: 2000,
  make: (random) => (random.below(3) ? packets5(random) : packetStream(random)),
  check(bytes, random) {
    const waiting = random.below(8);
    const peer = () => (waiting ? waitingPeer5() : connecting5({ level: 3, maxPacket: MAX_PACKET }));
    const expected = outcome(peer(), whole(bytes));
    assert.deepEqual(outcome(peer(), byteByByte(bytes)), expected, "byte by byte");
    assert.deepEqual(outcome(peer(), random.split(bytes, 20)), expected, "in pieces");
  },
};

export const packets = target("packets", full);
export const packetsTiny = target("packets-tiny", tiny);
