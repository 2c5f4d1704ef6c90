// Seeded fuzz: random bytes and mutated vectors end in SUCCESS or a reason, never in an exception; memory stays within
// maxPacket and a chunk; and however the bytes are cut, the same happens. FUZZ_SEED repeats a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, full, MAX_INFLIGHT, publish, spec, subscribe, tiny, unsubscribe } from "#subject";
import { atRandom, byteByByte, whole } from "../feeds.ts";
import { chance, hex, seedOfRun } from "../wire.ts";
import { ACCEPTED, apart, connectingPeer, feed, forget, kept, noted, type Peer } from "./peer.ts";
import { RECEIVED } from "./vectors.ts";

/** What may happen to a client: the reasons that end a connection. */
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
  spec.QOS_NOT_SUPPORTED,
]);

const RUNS = 4000;
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
  assert.equal(peer.client.out.length, MAX_INFLIGHT);
  forget(peer);
  return peer;
}

/** Feeds until a reason; checks after every chunk; returns all that can be seen from outside. */
function outcome(peer: Peer, chunks: string[]): unknown {
  let reason = 0;
  for (const chunk of chunks) {
    reason = feed(peer, [chunk]);
    assert.ok(OUTCOMES.has(reason), `reason ${reason}`);
    assert.ok(kept(peer.client) <= MAX_PACKET + chunk.length + 80, `${kept(peer.client)} bytes are kept`);
    if (reason) break;
  }
  const { state, dropped, out, helds } = peer.client;
  const waits = out.length;
  closed(peer.client);
  assert.equal(kept(peer.client), 0);
  return { reason, state, dropped, waits, helds, events: apart(peer.events), lines: peer.lines };
}

type Random = (below: number) => number;

/** Random bytes, most of them small: those are lengths and identifiers. */
function noise(random: Random): string {
  const length = random(40);
  return Array.from({ length }, () => String.fromCharCode(random(random(2) ? 256 : 8))).join("");
}

/** One to twenty packets, some bytes of which are changed, lost, doubled or put in between. */
function mutated(random: Random): string {
  let bytes = "";
  for (let n = random(20); n >= 0; n--) bytes += RECEIVED[random(RECEIVED.length)]!.bytes;
  for (let n = random(4); n > 0; n--) {
    const at = random(bytes.length);
    const other = String.fromCharCode(random(random(2) ? 256 : 8));
    const replaced = [
      other,
      "",
      bytes[at]! + bytes[at]!,
      other + bytes[at]!,
      bytes.slice(at, at + random(30)),
    ][random(5)]!;
    bytes = bytes.slice(0, at) + replaced + bytes.slice(at + 1);
  }
  return bytes;
}

/** A first byte and a length that fit together, and anything inside. */
function framed(random: Random): string {
  let bytes = "";
  for (let n = random(5); n >= 0; n--) {
    const first = [0x30, 0x31, 0x32, 0x34, 0x3a, 0x3c, 0x40, 0x50, 0x62, 0x70, 0x90, 0xb0, 0xd0][random(13)]!;
    const body = random(2) ? noise(random) : `\0${String.fromCharCode(random(10))}${noise(random)}`;
    bytes += String.fromCharCode(first, body.length) + body;
  }
  return bytes;
}

for (const [name, make] of Object.entries({ noise, mutated, framed })) {
  for (const profile of [full, tiny]) {
    test(`${name}, ${profile.name} build`, (t) => {
      const seed = seedOfRun();
      t.diagnostic(`FUZZ_SEED=${seed}`);
      const next = chance(seed);
      const random: Random = (below) => Math.floor(next() * below);
      for (let run = 0; run < RUNS / 2; run++) {
        const bytes = make(random);
        try {
          const peer = () =>
            run % 8 ? waitingPeer(profile) : connectingPeer({ profile, level: 3, maxPacket: MAX_PACKET });
          const expected = outcome(peer(), whole(bytes));
          assert.deepEqual(outcome(peer(), byteByByte(bytes)), expected);
          assert.deepEqual(outcome(peer(), atRandom(bytes, next, 20)), expected);
        } catch (error) {
          throw new Error(`FUZZ_SEED=${seed} run ${run}: ${hex(bytes)}`, { cause: error });
        }
      }
    });
  }
}
