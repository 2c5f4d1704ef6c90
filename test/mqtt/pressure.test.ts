// A slow connection: the client never writes more than there is room for, nothing interrupts a large PUBLISH, and all
// follows in order when there is room again.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  disconnect,
  FRAME_OVERHEAD,
  KEEP,
  LATEST,
  MAX_ANSWERS,
  MAX_UNSENT,
  MIN_UNSENT,
  PIECE,
  publish,
  spec,
  subscribe,
  tick,
} from "#subject";
import { feed, forget, noted, type Peer, type PeerOptions, pass, readyPeer } from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const { SUCCESS, QUEUED, DROPPED, QUOTA_EXCEEDED } = spec;

/** Limits that let a test publish a lot. */
const ROOMY = { outbox: { messages: 1000, bytes: 1_000_000 } };

function slowPeer(options: PeerOptions = {}, keepAlive = 0): { peer: Peer; line: SlowLine } {
  const peer = readyPeer({ ...ROOMY, ...options }, { keepAlive, cleanSession: false });
  return { peer, line: new SlowLine(peer, true) };
}

const large = (length: number) => "0123456789".repeat(length / 10);

/** A PUBLISH of the server at QoS 1. */
const asked = (n: number) => `\x32\x05\0\x01b${String.fromCharCode(n >> 8, n & 255)}`;

/** Lets bytes leave in steps until nothing waits, with a limit of steps. */
function drainBy(line: SlowLine, step: number): void {
  for (let n = 0; n < 50_000; n++) {
    line.take(step);
    if (!line.waiting) return;
  }
  assert.fail("it never ends");
}

for (const maxUnsent of [MIN_UNSENT, MAX_UNSENT, 5000]) {
  for (const step of [1, 7, 536, 1500]) {
    test(`maxUnsent ${maxUnsent}, ${step} bytes at a time: within the bound, all arrives in order`, () => {
      const { peer, line } = slowPeer({ maxUnsent });
      const expected: string[] = [];
      let id = 0;
      for (const [n, length] of [10, 1500, 0, 3000, 900, 900, 40, 1017, 1018, 1020].entries()) {
        assert.ok(
          publish(peer.client, "t", large(length - (length % 10)), n % 3, false, undefined, KEEP) <= QUEUED,
        );
        const text = length < 10 ? "" : length < 21 ? large(10) : `${length - (length % 10)} bytes`;
        expected.push(`publish${n % 3}${n % 3 ? ` ${++id}` : ""} t ${text}`.trim());
        line.take(step);
      }
      drainBy(line, step);
      assert.deepEqual(line.packets, expected);
      assert.ok(line.most <= maxUnsent, `${line.most} bytes waited`);
    });
  }
}

test("a payload of any length around a piece arrives whole", () => {
  for (let length = PIECE - 30; length < PIECE + 30; length++) {
    for (const pieces of [0, 1]) {
      const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
      const payload = "x".repeat(length + pieces * PIECE);
      publish(peer.client, "topic", payload, 1, false);
      publish(peer.client, "topic", "behind", 0, false, undefined, KEEP);
      drainBy(line, 100);
      assert.deepEqual(line.packets, [`publish1 1 topic ${payload.length} bytes`, "publish0 topic behind"]);
    }
  }
});

test("a Topic Name longer than a piece, and longer than maxUnsent, is sent", () => {
  for (const length of [PIECE - 8, PIECE - 4, PIECE, MIN_UNSENT, 3000, spec.MAX_FIELD]) {
    for (const payload of ["", "x", large(2000)]) {
      const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
      line.onPacket = (packet) => {
        if (packet.cmd === "publish" && packet.messageId === 1) assert.equal(packet.topic.length, length);
      };
      publish(peer.client, "t".repeat(length), payload, 1, false);
      publish(peer.client, "u", "behind", 1, false);
      drainBy(line, 536);
      assert.equal(line.packets.length, 2);
      assert.ok(line.most <= MIN_UNSENT);
    }
  }
});

test("a SUBSCRIBE larger than a piece leaves in pieces as well", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
  const list = Array.from({ length: 8 }, (_, i) => ({
    filter: `a/${"long/".repeat(50)}filter/${i}`,
    qos: 1,
  }));
  subscribe(peer.client, list);
  drainBy(line, 50);
  assert.equal(line.packets[0]?.split(" ").length, 10);
  assert.ok(line.most <= MIN_UNSENT);
});

test("answers, PINGREQ and small messages follow a large PUBLISH and do not interrupt it", () => {
  const { peer, line } = slowPeer({}, 5);
  assert.equal(publish(peer.client, "t", large(5000), 2, false), SUCCESS);
  assert.equal(feed(peer, [asked(7), "\x34\x05\0\x01b\0\x08", "\x62\x02\0\x08"]), 0);
  assert.equal(publish(peer.client, "t", "small", 1, false), QUEUED);
  assert.equal(publish(peer.client, "t", "zero", 0, false), DROPPED);
  for (let second = 0; second < 5; second++) assert.equal(tick(peer.client), 0);
  drainBy(line, 100);
  assert.deepEqual(line.packets, [
    "publish2 1 t 5000 bytes",
    "puback 7",
    "pubrec 8",
    "pubcomp 8",
    "pingreq",
    "publish1 2 t small",
  ]);
});

test("PINGREQ that cannot leave waits once, and its deadline ends the connection", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT }, 3);
  publish(peer.client, "t", large(3000), 1, false);
  assert.equal(pass(peer, 12), undefined);
  assert.equal(peer.client.queue.length, 8, "at 3, 6, 9 and 12 s");
  assert.equal(pass(peer, 100), "0x8d after 1 s");
  assert.deepEqual(line.packets, []);
});

test("a large message that takes long: while its pieces leave no PINGREQ is sent", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT }, 3);
  publish(peer.client, "t", large(9000), 1, false);
  for (let second = 0; second < 8; second++) {
    line.take(PIECE + FRAME_OVERHEAD);
    assert.equal(tick(peer.client), 0);
  }
  drainBy(line, 536);
  assert.deepEqual(line.packets, ["publish1 1 t 9000 bytes"]);
});

test("PINGREQ behind large messages: its deadline runs from when it leaves, and ends the connection if no piece leaves", () => {
  for (const stuck of [false, true]) {
    const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT }, 3);
    for (let n = 0; n < 4; n++) publish(peer.client, "t", large(20_000), 0, false, undefined, KEEP);
    let ended: string | undefined;
    let second = 0;
    for (; second < 60 && !line.packets.includes("pingreq") && !ended; second++) {
      ended = pass(peer, 1);
      if (!stuck || second < 5) line.take(PIECE + FRAME_OVERHEAD);
    }
    assert.equal(ended, stuck ? "0x8d after 1 s" : undefined);
    if (stuck) {
      assert.equal(second, 5 + 10);
      continue;
    }
    assert.deepEqual(line.packets, ["publish0 t 20000 bytes", "pingreq"], "it does not wait for all of them");
    for (let n = 0; n < 8; n++) {
      assert.equal(pass(peer, 1), undefined);
      line.take(PIECE + FRAME_OVERHEAD);
    }
    assert.equal(
      pass(peer, 1),
      "0x8d after 1 s",
      "one second of the ten passed while it was in the queue of the board",
    );
  }
});

test(`a server that sends QoS 1 and does not read: ${MAX_ANSWERS} bytes of answers wait, then the connection ends`, () => {
  for (const busy of ["", large(3000)]) {
    const { peer } = slowPeer();
    if (busy) publish(peer.client, "t", busy, 1, false);
    let reason = 0;
    let n = 0;
    for (; !reason && n < 10_000; n++) {
      reason = feed(peer, [asked(1)]);
      assert.ok(peer.client.queue.length <= MAX_ANSWERS + 4);
    }
    assert.equal(reason, QUOTA_EXCEEDED);
    assert.ok(n > MAX_ANSWERS / 4);
    for (const more of [asked(1), "\x62\x02\0\x01", "\x50\x02\0\x01", "\x34\x05\0\x01b\0\x08"]) {
      assert.equal(feed(peer, [more]), QUOTA_EXCEEDED);
    }
    assert.ok(peer.client.queue.length <= MAX_ANSWERS + 4);
  }
});

test("a server that reads slowly gets all its answers, in order", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
  const expected = [];
  for (let n = 1; n <= 2000; n++) {
    assert.equal(feed(peer, [asked(n)]), 0);
    expected.push(`puback ${n}`);
    line.take(12);
  }
  drainBy(line, 12);
  assert.deepEqual(line.packets, expected);
  assert.ok(line.most <= MIN_UNSENT);
});

test("QoS 0 while the board's queue is full: dropped; as soon as there is room, sent", () => {
  const { peer, line } = slowPeer();
  let sent = 0;
  while (publish(peer.client, "t", large(100), 0, false) === SUCCESS) sent++;
  assert.ok(sent > 10);
  assert.equal(publish(peer.client, "t", large(100), 0, false), DROPPED);
  assert.equal(peer.client.lost, 2);
  // The board sends its bytes and does not report it.
  line.slow = false;
  line.take(0);
  assert.equal(publish(peer.client, "t", large(100), 0, false), SUCCESS);
  assert.equal(line.packets.length, sent + 1);
});

test("a message of exactly the free room is written at once", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
  // 9 bytes are reserved for the bytes before topic and payload.
  assert.equal(publish(peer.client, "t", "x".repeat(PIECE - 10), 0, false), SUCCESS);
  assert.equal(publish(peer.client, "t", "", 0, false), DROPPED);
  line.take();
  assert.equal(publish(peer.client, "t", "x".repeat(PIECE - 9), 0, false), SUCCESS, "in two pieces");
  assert.equal(publish(peer.client, "t", "", 0, false), DROPPED);
  drainBy(line, 1);
  assert.equal(line.packets.length, 2);
});

test("LATEST while the connection is full: one of each topic waits", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
  publish(peer.client, "big", large(3000), 1, false);
  for (let n = 1; n <= 50; n++) {
    assert.equal(publish(peer.client, `t${n % 2}`, `${n}`, 0, false, undefined, LATEST), QUEUED);
  }
  assert.equal(peer.client.pending.length, 3);
  drainBy(line, 100);
  assert.deepEqual(line.packets, ["publish1 1 big 3000 bytes", "publish0 t1 49", "publish0 t0 50"]);
});

test("the connection is lost inside a large PUBLISH: its rest never appears on the next one", () => {
  for (const present of [0, 1]) {
    for (let step = 1; step < 3200; step += 97) {
      const { peer, line } = slowPeer();
      publish(peer.client, "t", large(3000), 1, false);
      publish(peer.client, "t", "behind", 1, false);
      feed(peer, [asked(7)]);
      for (let left = step; left > 0; left -= 300) line.take(Math.min(left, 300));
      const begun = line.handed.includes("behind");
      line.reconnect(present);
      drainBy(line, 536);
      const dups = [present, present && begun].map((dup) => (dup ? " dup" : ""));
      assert.deepEqual(line.packets, [`publish1${dups[0]} 1 t 3000 bytes`, `publish1${dups[1]} 2 t behind`]);
    }
  }
});

test("the server answers a large PUBLISH before its end: the rest follows, then the waiting messages", () => {
  for (const [qos, answer] of [
    [1, "\x40\x02\0\x01"],
    [2, "\x50\x02\0\x01\x70\x02\0\x01"],
  ] as const) {
    const { peer, line } = slowPeer({ maxInflight: 1 });
    publish(peer.client, "t", large(3000), qos, false, noted(peer, "done"));
    publish(peer.client, "t", large(2000), 1, false);
    assert.equal(feed(peer, [answer]), 0);
    assert.deepEqual(forget(peer), ["done 0x0 "]);
    drainBy(line, 100);
    const packets = [`publish${qos} 1 t 3000 bytes`, "pubrel 1", "publish1 2 t 2000 bytes"];
    assert.deepEqual(
      line.packets,
      packets.filter((packet) => qos === 2 || packet !== "pubrel 1"),
    );
    assert.equal(peer.client.sent, 1);
  }
});

test("the server releases a large QoS 2 PUBLISH only after a new connection: PUBREL once, no PUBLISH", () => {
  const { peer, line } = slowPeer();
  publish(peer.client, "t", large(3000), 2, false);
  assert.equal(feed(peer, ["\x50\x02\0\x01"]), 0);
  line.reconnect(1);
  drainBy(line, 100);
  assert.deepEqual(line.packets, ["pubrel 1"]);
});

test("disconnect while the connection is full: the bound holds, no PUBLISH is cut, all callbacks are called", () => {
  for (const length of [1010, 3000]) {
    const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
    publish(peer.client, "t", large(length), 1, false, noted(peer, "one"));
    publish(peer.client, "t", large(900), 1, false, noted(peer, "two"));
    feed(peer, [asked(7)]);
    forget(peer);
    disconnect(peer.client);
    assert.ok(line.most <= MIN_UNSENT);
    assert.deepEqual(peer.events, ["one 0x80 ", "two 0x80 "]);
    line.take();
    assert.ok(!line.packets.includes("disconnect"));
  }
});

test("disconnect while answers wait: they are sent before DISCONNECT", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
  publish(peer.client, "t", large(980), 0, false);
  for (let n = 1; n <= 20; n++) assert.equal(feed(peer, [asked(n)]), 0);
  assert.ok(peer.client.queue.length > 0);
  line.slow = false;
  disconnect(peer.client);
  assert.deepEqual(line.packets.slice(-2), ["puback 20", "disconnect"]);
  assert.equal(line.packets.length, 22);
});

test("a new connection: counters of the old one do not stop it", () => {
  const { peer, line } = slowPeer({ maxUnsent: MIN_UNSENT });
  publish(peer.client, "t", large(3000), 0, false);
  assert.ok(peer.client.unsent > 0);
  line.reconnect(0);
  assert.equal(publish(peer.client, "t", large(900), 0, false), SUCCESS);
});
