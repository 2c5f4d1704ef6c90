// The application on the short ways: its callbacks publish, fail and end the connection, and what they have sent leaves in order.
// These tests run without the short ways (condition `smallest`) as well: both ways do the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, flush, KEEP, LATEST, PIECE, ping, publish, spec } from "#subject";
import { feed, forget, noted, type Peer, readyPeer, same } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const PUBACK_1 = "\x40\x02\0\x01";
const MESSAGE_1 = "\x32\x06\0\x01t\0\x07y";

/** The frames that a client writes. */
function framesOf(peer: Peer): string[] {
  const frames: string[] = [];
  const transmit = peer.client.transmit;
  peer.client.transmit = (wire, bytes, shown, part) => {
    frames.push(bytes);
    return transmit(wire, bytes, shown, part);
  };
  return frames;
}

test("what the application publishes inside a message at QoS 1 leaves behind the answer, in one frame", () => {
  const peer = readyPeer({
    message({ client }) {
      publish(client, "a", "0", 0, false);
      publish(client, "a", "1", 1, false);
      publish(client, "a", "0", 0, false, undefined, KEEP);
    },
  });
  const frames = framesOf(peer);
  assert.equal(feed(peer, [MESSAGE_1]), 0);
  same(peer.events, [
    'message "t" "y" 2',
    "sent 40020007",
    "sent 300400016130",
    "sent 3206000161000131",
    "sent 300400016130",
  ]);
  assert.equal(frames.length, 1);
});

test("more than a piece, published inside a message: everything leaves, in order", () => {
  const sizes = [500, 500, 500];
  const peer = readyPeer({
    message({ client }) {
      for (const size of sizes) publish(client, "a", "x".repeat(size), 0, false);
    },
  });
  const line = new SlowLine(peer);
  assert.equal(feed(peer, [MESSAGE_1]), 0);
  assert.deepEqual(line.packets, ["puback 7", ...sizes.map((size) => `publish0 a ${size} bytes`)]);
  assert.ok(line.handed.length > PIECE);
});

test("a PINGREQ inside a message, while the line is full, waits until it drains", () => {
  const peer = readyPeer({ message: ({ client }) => void ping(client) });
  peer.unsent = peer.client.unsent = 100_000;
  assert.equal(feed(peer, ["\x30\x04\0\x01ty"]), 0);
  same(peer.events, ['message "t" "y" 0']);
  peer.unsent = 0;
  flush(peer.client);
  same(peer.events, ['message "t" "y" 0', "sent c000"]);
});

test("a callback that throws: the log has it, and what waits behind its message is sent", () => {
  const peer = readyPeer({ maxInflight: 1, level: 1 });
  const fails = () => {
    throw new Error("no such pin");
  };
  publish(peer.client, "a", "1", 1, false, fails);
  publish(peer.client, "a", "2", 1, false, noted(peer, "second"));
  assert.equal(feed(peer, [PUBACK_1]), 0);
  same(peer.events, ["sent 3206000161000131", "sent 3206000161000232"]);
  assert.match(peer.lines.join(), /Error: no such pin/);
  feed(peer, ["\x40\x02\0\x02"]);
  assert.equal(peer.events.at(-1), "second 0x0 ");
});

test("the callback of a message at QoS 0 that throws when it leaves the outbox: the next one leaves, too", () => {
  const peer = readyPeer({ level: 1 });
  const line = new SlowLine(peer, true);
  const fails = () => {
    throw new Error("no such pin");
  };
  fill(peer);
  publish(peer.client, "a", "1", 0, false, fails, KEEP);
  publish(peer.client, "a", "2", 0, false, noted(peer, "second"), KEEP);
  line.open();
  same(forget(peer), ["second 0x0 "]);
  assert.deepEqual(line.packets.slice(-2), ["publish0 a 1", "publish0 a 2"]);
});

/** Publishes until one message has to wait. */
function fill(peer: Peer): void {
  const big = "x".repeat(500);
  while (publish(peer.client, "full", big, 0, false, undefined, KEEP) === spec.SUCCESS);
}

test("a callback that replaces its own waiting message is told so once, behind the callback", () => {
  const peer = readyPeer();
  publish(peer.client, "a", "1", 1, false, () => {
    publish(peer.client, "b", "old", 1, false, noted(peer, "old"), LATEST);
    publish(peer.client, "b", "new", 1, false, noted(peer, "new"), LATEST);
    peer.events.push("returned");
  });
  assert.equal(feed(peer, [PUBACK_1]), 0);
  same(peer.events, ["sent 3206000161000131", "returned", "old 0x101 ", "sent 320800016200026e6577"]);
});

test("a message whose handler replaces what waits: the same", () => {
  const peer = readyPeer({
    message({ client }) {
      publish(client, "b", "old", 1, false, noted(peer, "old"), LATEST);
      publish(client, "b", "new", 1, false, noted(peer, "new"), LATEST);
    },
  });
  assert.equal(feed(peer, [MESSAGE_1]), 0);
  same(peer.events, ['message "t" "y" 2', "sent 40020007", "old 0x101 ", "sent 320800016200016e6577"]);
});

test("a callback in which the connection ends: what waits stays for the next connection", () => {
  const peer = readyPeer({ maxInflight: 1 }, { cleanSession: false });
  publish(peer.client, "a", "1", 1, false, () => closed(peer.client));
  publish(peer.client, "a", "2", 1, false);
  assert.equal(feed(peer, [PUBACK_1]), 0);
  same(peer.events, ["sent 3206000161000131"]);
  assert.deepEqual(
    peer.client.pending.map(({ payload }) => payload),
    ["2"],
  );
});

test("the callback of a queued message at QoS 0 publishes: small, with an answer, large; all in order", () => {
  const peer = readyPeer({ outbox: { messages: 10, bytes: 10_000 } });
  const line = new SlowLine(peer, true);
  const { client } = peer;
  fill(peer);
  publish(client, "a", "1", 0, false, () => void publish(client, "b", "2", 1, false), KEEP);
  line.open();
  assert.deepEqual(line.packets.slice(-2), ["publish0 a 1", "publish1 1 b 2"]);
  line.slow = true;
  fill(peer);
  publish(client, "a", "3", 0, false, () => void publish(client, "b", "x".repeat(3000), 1, false), KEEP);
  publish(client, "a", "4", 1, false);
  line.open();
  assert.deepEqual(line.packets.slice(-3), ["publish0 a 3", "publish1 2 a 4", "publish1 3 b 3000 bytes"]);
});

test("the callback of the last queued message at QoS 0 publishes a large one", () => {
  const peer = readyPeer({ outbox: { messages: 10, bytes: 10_000 } });
  const line = new SlowLine(peer, true);
  const { client } = peer;
  fill(peer);
  publish(client, "a", "1", 0, false, () => void publish(client, "b", "x".repeat(3000), 1, false), KEEP);
  while (line.waiting) line.take();
  assert.deepEqual(line.packets.slice(-2), ["publish0 a 1", "publish1 1 b 3000 bytes"]);
});

test("the callback of a queued message at QoS 0 ends the connection: nothing more is written", () => {
  const peer = readyPeer({}, { cleanSession: false });
  const line = new SlowLine(peer, true);
  fill(peer);
  publish(peer.client, "a", "1", 0, false, () => closed(peer.client), KEEP);
  publish(peer.client, "a", "2", 0, false, undefined, KEEP);
  const before = line.handed.length;
  line.open();
  assert.ok(!line.handed.slice(before).includes("\x01a2"));
  assert.equal(peer.client.pending.at(-1)!.payload, "2");
});

test("a PINGRESP is told to the owner of the client", () => {
  const peer = readyPeer();
  peer.client.owner = "the owner";
  peer.client.ponged = (owner) => void peer.events.push(`ponged ${owner}`);
  ping(peer.client);
  assert.equal(feed(peer, ["\xd0\0"]), 0);
  same(peer.events, ["sent c000", "ponged the owner"]);
});
