// The short ways: what a device does all day needs no handler, and what waits leaves in few frames. Without them (condition
// `smallest`) these tests are skipped; all others of this folder run both ways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, KEEP, PIECE, publish, SHORT, sendWaiting, spec } from "#subject";
import { feed, noted, type Peer, readyPeer, same } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const skip = !SHORT && "a build without the short ways";

/** A client on which every handler of the general path fails. */
function shortPeer(): Peer {
  const peer = readyPeer({ outbox: { messages: 100, bytes: 100_000 } });
  const fails = () => assert.fail("the general path");
  peer.client.handlers = Object.fromEntries(Object.keys(peer.client.handlers).map((type) => [type, fails]));
  return peer;
}

for (const retain of [false, true]) {
  test(`exchanges of small messages at every QoS, ${retain ? "" : "not "}retained, take the short ways`, {
    skip,
  }, () => {
    const peer = shortPeer();
    const r = retain ? 1 : 0;
    for (const qos of [0, 1, 2]) publish(peer.client, "t", "x", qos, retain, noted(peer, `done ${qos}`));
    feed(peer, ["\x40\x02\0\x01", "\x50\x02\0\x02", "\x70\x02\0\x02"]);
    for (const qos of [0, 1, 2]) {
      const rest = `\0\x01t${qos ? "\0\x07" : ""}y`;
      feed(peer, [String.fromCharCode(0x30 + 2 * qos + r, rest.length) + rest]);
    }
    feed(peer, ["\x62\x02\0\x07"]);
    same(peer.events, [
      `sent 3${r}0400017478`,
      "done 0 0x0 ",
      `sent 3${2 + r}06000174000178`,
      `sent 3${4 + r}06000174000278`,
      "done 1 0x0 ",
      "sent 62020002",
      "done 2 0x0 ",
      ...[0, 1, 2].map((qos) => `message "t" "y" ${2 * qos + r}`),
      "sent 40020007",
      "sent 50020007",
      "sent 70020007",
    ]);
    assert.deepEqual([peer.client.pending, peer.client.outboxBytes, peer.client.heldCount], [[], 0, 0]);
  });
}

test("40 messages of 500 bytes at once: those that wait leave two in a frame, in order, as the line drains", {
  skip,
}, () => {
  const peer = shortPeer();
  const line = new SlowLine(peer, true);
  let frames = 0;
  const transmit = peer.client.transmit;
  peer.client.transmit = (wire, bytes, shown, part) => {
    frames++;
    assert.ok(bytes.length <= PIECE);
    return transmit(wire, bytes, shown, part);
  };
  for (let n = 0; n < 40; n++) {
    const payload = String(n).padStart(500, "0");
    assert.ok(publish(peer.client, "t", payload, n % 4 === 3 ? 1 : 0, false, undefined, KEEP) <= spec.QUEUED);
  }
  const seen: string[] = [];
  line.onPacket = (packet) => {
    if (packet.cmd !== "publish") return;
    seen.push(packet.payload.toString());
    if (packet.qos)
      feed(peer, [`\x40\x02${String.fromCharCode(packet.messageId! >> 8, packet.messageId! & 255)}`]);
  };
  for (let n = 0; n < 1000 && (peer.client.pending.length || line.waiting); n++) line.take(536);
  assert.deepEqual(seen.map(Number), [...Array(40).keys()]);
  assert.ok(frames <= 24, `${frames} frames`);
});

test("a write that ends the connection: what waits behind it stays for the next one", { skip }, () => {
  const peer = shortPeer();
  // As while packets are handled.
  peer.client.corked = 1;
  for (let i = 0; i < 4; i++) publish(peer.client, "t", "x".repeat(500), 1, false);
  peer.client.corked = 0;
  let frames = 0;
  peer.client.transmit = () => {
    frames++;
    closed(peer.client);
    return 0;
  };
  assert.equal(sendWaiting(peer.client), spec.SUCCESS);
  assert.equal(frames, 1);
  assert.equal(peer.client.pending.length, 4);
});
