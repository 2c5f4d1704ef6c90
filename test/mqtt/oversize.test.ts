// A PUBLISH over maxPacket is dropped: counted, logged with the beginning of its topic, and acknowledged
// as its QoS requires. Any other packet of that size ends the connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, connect, MAX_HELD, MAX_TOPIC_SHOWN, spec, varint } from "#subject";
import { byteByByte, cutOnce, inChunks, whole } from "../support/feeds.ts";
import { ACCEPTED, feed, forget, kept, OPTIONS, type Peer, readyPeer, same } from "./peer.ts";

const MAX_PACKET = 128;
/** The bytes of an oversized PUBLISH that may be kept: length and beginning of its topic, its identifier. */
const MOST_KEPT = 2 + MAX_TOPIC_SHOWN + 2;

const digits = (length: number) => "0123456789".repeat(length / 10 + 1).slice(0, length);

/** A PUBLISH with a topic and a payload of these lengths. */
function publishOf(flags: number, topicLength: number, payloadLength: number, id = "\x12\x34"): string {
  const topicField = String.fromCharCode(topicLength >> 8, topicLength & 255) + digits(topicLength);
  const body = topicField + (flags & 6 ? id : "") + "p".repeat(payloadLength);
  return String.fromCharCode(0x30 | flags) + varint(body.length) + body;
}

const SMALL = publishOf(0, 1, 0);
const SMALL_EVENT = 'message "0" "" 0';

function smallPeer(): Peer {
  return readyPeer({ maxPacket: MAX_PACKET, level: 1 });
}

/** Feeds chunk by chunk. The client never keeps more than one chunk and the beginning of a packet. */
function feedBounded(peer: Peer, chunks: string[]): void {
  for (const chunk of chunks) {
    assert.equal(feed(peer, [chunk]), 0);
    assert.ok(kept(peer.client) <= MOST_KEPT, `${kept(peer.client)} bytes are kept`);
  }
}

for (const [qos, answer] of [[], ["sent 40021234"], ["sent 50021234"]].entries()) {
  for (const [topicLength, payloadLength] of [
    [5, 200],
    [64, 200],
    [65, 100],
    [126, 0],
    [300, 2],
  ] as const) {
    test(`oversized, QoS ${qos}, topic of ${topicLength}, payload of ${payloadLength} bytes: dropped and acknowledged, wherever it is cut`, () => {
      const bytes = publishOf(qos << 1, topicLength, payloadLength);
      assert.ok(bytes.length > MAX_PACKET);
      const feeds = [whole(bytes), byteByByte(bytes), ...cutOnce(bytes)];
      for (let size = 2; size < 70; size++) feeds.push(inChunks(bytes, size));
      for (const chunks of feeds) {
        const peer = smallPeer();
        feedBounded(peer, chunks);
        same(peer.events, answer);
        assert.equal(peer.client.dropped, 1);
        assert.equal(peer.lines.length, 1);
        assert.match(peer.lines[0]!, new RegExp(` ${digits(Math.min(topicLength, 64))}$`));
        assert.equal(kept(peer.client), 0);
        assert.equal(feed(peer, [SMALL]), 0);
        same(peer.events, [...answer, SMALL_EVENT]);
      }
    });
  }
}

test("oversized: its topic is logged with at most 64 bytes, control characters as dots", () => {
  const peer = smallPeer();
  assert.equal(feed(peer, [`\x30\xc8\x01\0\x50\x1b[2J\n${"t".repeat(200 - 7)}`]), 0);
  assert.match(peer.lines[0]!, new RegExp(`200 bytes.* \\.\\[2J\\.${"t".repeat(59)}$`));
});

test("exactly maxPacket bytes are delivered, one byte more is dropped", () => {
  const peer = smallPeer();
  const most = publishOf(0, 1, MAX_PACKET - 5);
  assert.equal(most.length, MAX_PACKET);
  assert.equal(feed(peer, [most]), 0);
  assert.deepEqual([peer.events.length, peer.client.dropped ?? 0], [1, 0]);
  assert.equal(feed(peer, [publishOf(0, 1, MAX_PACKET - 4)]), 0);
  assert.deepEqual([peer.events.length, peer.client.dropped], [1, 1]);
});

test("several oversized messages in one chunk: the small ones between them are delivered", () => {
  const peer = smallPeer();
  const large = publishOf(2, 5, 300);
  feedBounded(peer, [SMALL + large + SMALL + large + large + SMALL]);
  const ack = "sent 40021234";
  same(peer.events, [SMALL_EVENT, ack, SMALL_EVENT, ack, ack, SMALL_EVENT]);
  assert.equal(peer.client.dropped, 3);
});

test("after an oversized message, the next packet is read from any place in the chunk", () => {
  const bytes = publishOf(2, 5, 200) + SMALL;
  for (const chunks of [...cutOnce(bytes), byteByByte(bytes), inChunks(bytes, 7)]) {
    const peer = smallPeer();
    feedBounded(peer, chunks);
    same(peer.events, ["sent 40021234", SMALL_EVENT]);
  }
});

test("an oversized message at QoS 2 has its whole exchange, and so has its duplicate", () => {
  const peer = smallPeer();
  const large = publishOf(4, 5, 200);
  assert.equal(feed(peer, [large, publishOf(4 | spec.DUP, 5, 200)]), 0);
  same(forget(peer), ["sent 50021234", "sent 50021234"]);
  assert.equal(peer.client.heldCount, 1);
  assert.equal(feed(peer, ["\x62\x02\x12\x34"]), 0);
  same(forget(peer), ["sent 70021234"]);
  assert.equal(peer.client.heldCount, 0);
});

test("a small message with the identifier of an oversized one that is not released is a duplicate", () => {
  const peer = smallPeer();
  assert.equal(feed(peer, [publishOf(4, 5, 200), publishOf(4, 1, 0)]), 0);
  same(peer.events, ["sent 50021234", "sent 50021234"]);
});

test("an oversized message counts among those that wait for PUBREL", () => {
  const peer = smallPeer();
  for (let id = 1; id <= MAX_HELD; id++) {
    assert.equal(feed(peer, [publishOf(4, 5, 200, String.fromCharCode(0, id))]), 0);
  }
  const reason = feed(peer, [publishOf(4, 5, 200, "\x01\x01")]);
  assert.equal(reason, spec.RECEIVE_MAXIMUM_EXCEEDED);
});

/** The same mistakes as in a PUBLISH that fits. */
const MALFORMED: { [name: string]: string } = {
  "QoS 0, empty topic": `\x30\xc8\x01\0\0${"p".repeat(198)}`,
  "QoS 1, empty topic": `\x32\xc8\x01\0\0\0\x01${"p".repeat(196)}`,
  "QoS 1, identifier 0": `\x32\xc8\x01\0\x01a\0\0${"p".repeat(195)}`,
  "QoS 2, identifier 0": `\x34\xc8\x01\0\x01a\0\0${"p".repeat(195)}`,
  "QoS 0, topic longer than the packet": `\x30\xc8\x01\0\xc7${"t".repeat(198)}`,
  "QoS 0, topic much longer than the packet": `\x30\xc8\x01\xff\xff${"t".repeat(198)}`,
  "QoS 1, no identifier": `\x32\xc8\x01\0\xc6${"t".repeat(198)}`,
  "QoS 1, half an identifier": `\x32\xc8\x01\0\xc5${"t".repeat(197)}\x01`,
  "QoS 2, half an identifier": `\x34\xc8\x01\0\xc5${"t".repeat(197)}\x01`,
};
for (const [name, bytes] of Object.entries(MALFORMED)) {
  test(`an oversized PUBLISH is refused at its end: ${name}`, () => {
    assert.equal(bytes.length, 203);
    for (const chunks of [whole(bytes), byteByByte(bytes), ...cutOnce(bytes)]) {
      const peer = smallPeer();
      assert.equal(feed(peer, chunks.slice(0, -1)), 0);
      assert.equal(feed(peer, chunks.slice(-1)), spec.MALFORMED_PACKET);
      same(peer.events, []);
      assert.doesNotMatch(peer.lines.join(), /of type (?!3)/, "the log does not take a payload for a packet");
    }
  });
}

test("QoS 3 and DUP with QoS 0 are refused as soon as the length is known", () => {
  assert.equal(feed(smallPeer(), ["\x36\xc8\x01"]), spec.MALFORMED_PACKET);
  assert.equal(feed(smallPeer(), ["\x38\xc8\x01"]), spec.MALFORMED_PACKET);
});

test("any other packet over maxPacket ends the connection as soon as its length is known", () => {
  for (const first of [0x40, 0x50, 0x62, 0x70, 0x90, 0xb0, 0xd0]) {
    const peer = smallPeer();
    const start = String.fromCharCode(first) + varint(MAX_PACKET - 1);
    assert.equal(feed(peer, [start.slice(0, 1)]), 0);
    assert.equal(feed(peer, [start.slice(1)]), spec.PACKET_TOO_LARGE);
    same(peer.events, []);
    // With one byte less it fits, and the client waits for it.
    assert.equal(feed(smallPeer(), [String.fromCharCode(first) + varint(MAX_PACKET - 2)]), 0);
  }
});

test("the connection ends inside an oversized message: the next one begins empty", () => {
  for (const length of [3, 4, 5, 10, 100]) {
    const peer = smallPeer();
    assert.equal(feed(peer, [publishOf(2, 5, 200).slice(0, length)]), 0);
    closed(peer.client);
    connect(peer.client, OPTIONS);
    forget(peer);
    assert.equal(feed(peer, [ACCEPTED + SMALL]), 0);
    same(peer.events, ["ready 0", SMALL_EVENT]);
  }
});
