// The Remaining Length (2.2.3): every boundary is written and read, a truncated one waits for more, five bytes and over-long
// forms are refused. Many MQTT libraries had bugs here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { packet, spec, varint } from "#subject";
import { byteByByte } from "../support/feeds.ts";
import { hex, wire } from "../support/wire.ts";
import { feed, kept, readyPeer, same } from "./peer.ts";

/** From table 2.4 of the standard. */
const BOUNDARIES: [number, string][] = [
  [0, "00"],
  [1, "01"],
  [127, "7f"],
  [128, "8001"],
  [129, "8101"],
  [16383, "ff7f"],
  [16384, "808001"],
  [2097151, "ffff7f"],
  [2097152, "80808001"],
  [268435455, "ffffff7f"],
];

test("each boundary is written as in the standard's table", () => {
  for (const [n, bytes] of BOUNDARIES) assert.equal(hex(varint(n)), bytes, String(n));
});

test("a packet of the largest length is encoded, one byte more throws", () => {
  const rest = "x".repeat(spec.MAX_REMAINING_LENGTH);
  const bytes = packet(spec.PINGREQ << 4, rest);
  assert.equal(bytes.length, 5 + spec.MAX_REMAINING_LENGTH);
  assert.equal(hex(bytes.slice(0, 6)), "c0ffffff7f78");
  assert.throws(() => packet(spec.PINGREQ << 4, `${rest}x`), /too large/);
});

/** A PUBLISH at QoS 0 to "a" with a Remaining Length of `n`. */
function publishOf(n: number): string {
  return `\x30${varint(n)}\0\x01a${"p".repeat(n - 3)}`;
}

test("each boundary that fits into memory is read", () => {
  for (const [n] of BOUNDARIES) {
    if (n < 3 || n > 2097152) continue;
    const peer = readyPeer({ maxPacket: 5000000 });
    const bytes = publishOf(n);
    const at = 1 + varint(n).length;
    assert.equal(feed(peer, [...byteByByte(bytes.slice(0, at)), bytes.slice(at, -1)]), 0);
    same(peer.events, [], String(n));
    assert.equal(feed(peer, [bytes.slice(-1), publishOf(3)]), 0);
    same(peer.events, [`message "a" "${"p".repeat(n - 3)}" 0`, 'message "a" "" 0']);
  }
});

test("a PUBLISH of the largest length is dropped, and the next packet is read", () => {
  const peer = readyPeer();
  assert.equal(feed(peer, ["\x30\xff\xff\xff\x7f\0\x01a"]), 0);
  const chunk = "p".repeat(2 ** 20);
  let left = spec.MAX_REMAINING_LENGTH - 3;
  for (; left > chunk.length; left -= chunk.length) assert.equal(feed(peer, [chunk]), 0);
  assert.ok(kept(peer.client) < 100);
  assert.deepEqual([peer.client.dropped ?? 0, peer.events], [0, []]);
  assert.equal(feed(peer, [chunk.slice(0, left) + publishOf(3)]), 0);
  assert.deepEqual([peer.client.dropped, peer.events], [1, ['message "a" "" 0']]);
});

test("a length that is cut off: the client waits for more bytes", () => {
  for (const start of ["30", "3080", "308080", "30808080", "30ff", "30ffff", "30ffffff", "d0"]) {
    const peer = readyPeer();
    const bytes = Buffer.from(start, "hex").toString("latin1");
    assert.equal(feed(peer, [bytes]), 0);
    assert.equal(feed(readyPeer(), byteByByte(bytes)), 0);
    same(peer.events, []);
  }
});

test("a fourth byte that announces a fifth is malformed, whatever follows", () => {
  for (const bytes of [
    wire`30 80808080`,
    wire`30 ffffffff`,
    wire`30 8080808001`,
    wire`30 ffffff8000`,
    wire`d0 80808080`,
  ]) {
    assert.equal(feed(readyPeer(), [bytes]), spec.MALFORMED_PACKET, hex(bytes));
    assert.equal(feed(readyPeer(), byteByByte(bytes)), spec.MALFORMED_PACKET, hex(bytes));
  }
});

test("an over-long form is malformed", () => {
  // 0 in two, three and four bytes; 2 in two, three and four; 127 in two; 128 in three.
  const forms = ["8000", "808000", "80808000", "8200", "828000", "82808000", "ff00", "808100"];
  for (const form of forms) {
    for (const first of ["30", "40", "d0"]) {
      const bytes = Buffer.from(first + form, "hex").toString("latin1");
      assert.equal(feed(readyPeer(), [`${bytes}\0\0\0\0`]), spec.MALFORMED_PACKET, first + form);
      assert.equal(feed(readyPeer(), byteByByte(bytes)), spec.MALFORMED_PACKET, first + form);
    }
  }
});
