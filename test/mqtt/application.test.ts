// Applications that act inside their callbacks: disconnect, publish, throw. And a socket that reports
// its end while it is written to.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CLOSED,
  closed,
  connect,
  disconnect,
  KEEP,
  LATEST,
  publish,
  READY,
  spec,
  subscribe,
  tick,
} from "#subject";
import { wire } from "../support/wire.ts";
import {
  ACCEPTED,
  connectingPeer,
  feed,
  forget,
  kept,
  noted,
  OPTIONS,
  type Peer,
  readyPeer,
  same,
} from "./peer.ts";
import { SlowLine } from "./slow-line.ts";

const TWO = wire`32 06 0001 'a' 0001 '1'  32 06 0001 'a' 0002 '2'`;

test("disconnect inside the message callback: the rest of the chunk is not handled", () => {
  const peer = readyPeer({ message: ({ client }) => disconnect(client) });
  assert.equal(feed(peer, [TWO + wire`36 00`]), 0);
  same(peer.events, ["sent 40020001", 'message "a" "1" 2', "sent e000"]);
  assert.equal(peer.client.state, CLOSED);
  assert.equal(kept(peer.client), 0);
});

test("disconnect inside ready: DISCONNECT is sent, the client is closed", () => {
  const peer = connectingPeer({ ready: ({ client }) => disconnect(client) });
  assert.equal(feed(peer, [ACCEPTED + TWO]), 0);
  same(peer.events, ["ready 0", "sent e000"]);
});

test("disconnect inside the callback of a PUBLISH: the other callbacks are called, too", () => {
  const peer = readyPeer();
  publish(peer.client, "a", "", 1, false, () => disconnect(peer.client));
  publish(peer.client, "a", "", 1, false, noted(peer, "second"));
  forget(peer);
  assert.equal(feed(peer, [`\x40\x02\0\x01${TWO}`]), 0);
  same(peer.events, ["sent e000", "second 0x80 "]);
});

test("disconnect and connect inside the message callback: the rest of the chunk is dropped with the old connection", () => {
  const peer = readyPeer({
    message({ client }) {
      disconnect(client);
      connect(client, OPTIONS);
    },
  });
  assert.equal(feed(peer, [TWO]), 0);
  forget(peer);
  assert.equal(feed(peer, [ACCEPTED]), 0);
  same(peer.events, ["ready 0"]);
});

test("subscribe and publish inside ready and inside the message callback: both are sent", () => {
  const peer = connectingPeer({
    ready: ({ client }) => void subscribe(client, [{ filter: "a", qos: 0 }]),
    message: ({ client }, payload) => void publish(client, "b", payload, 0, false),
  });
  assert.equal(feed(peer, [ACCEPTED + wire`30 04 0001 'a' 'x'`]), 0);
  same(peer.events, ["ready 0", "sent 82060001000161" + "00", 'message "a" "x" 0', "sent 30040001" + "6278"]);
});

/** A callback of the application that throws. */
function fails(): never {
  throw new Error("application");
}

test("the message callback throws: the error is logged, the message acknowledged, the next one delivered", () => {
  const peer = readyPeer({ level: 1, message: fails });
  assert.equal(feed(peer, [TWO]), 0);
  const events = ["sent 40020001", 'message "a" "1" 2', "sent 40020002", 'message "a" "2" 2'];
  same(peer.events, events);
  assert.equal(peer.lines.length, 2);
  assert.match(peer.lines[0]!, /application/);
  assert.equal(peer.client.state, READY);
  assert.equal(feed(peer, [""]), 0);
  same(peer.events, events);
});

test("the message callback throws at QoS 0: the error is logged, and the next message is delivered", () => {
  const peer = readyPeer({ level: 1, message: fails });
  assert.equal(feed(peer, [wire`30 04 0001 'a' '1'`, wire`30 04 0001 'a' '2'`]), 0);
  same(peer.events, ['message "a" "1" 0', 'message "a" "2" 0']);
  assert.equal(peer.lines.length, 2);
  assert.match(peer.lines[0]!, /application/);
});

test("the message callback publishes a state twice: the first one's callback is told that it was replaced", () => {
  const peer = readyPeer({
    message(it) {
      for (const text of ["1", "2"]) publish(it.client, "s", text, 1, false, noted(it, text), LATEST);
    },
  });
  assert.equal(feed(peer, [wire`30 04 0001 'a' 'x'`]), 0);
  same(peer.events, [
    'message "a" "x" 0',
    `1 0x${spec.REPLACED.toString(16)} `,
    "sent 3206000173" + "0001" + "32",
  ]);
});

test("the message callback throws at QoS 2: the message is delivered once", () => {
  const peer = readyPeer({ message: fails });
  const message = wire`34 05 0001 'a' 0001`;
  assert.equal(feed(peer, [message, message, wire`62 02 0001`]), 0);
  same(peer.events, ["sent 50020001", 'message "a" "" 4', "sent 50020001", "sent 70020001"]);
});

test("ready throws: the client stays connected", () => {
  const peer = connectingPeer({ level: 1, ready: fails });
  assert.equal(feed(peer, [ACCEPTED + TWO]), 0);
  assert.equal(peer.client.state, READY);
  assert.equal(peer.events.length, 5);
  assert.equal(peer.lines.length, 1);
});

test("a completion callback throws: it is called once, and its exchange is over", () => {
  const peer = readyPeer({ level: 1 });
  let calls = 0;
  publish(peer.client, "a", "", 1, false, () => {
    calls++;
    fails();
  });
  forget(peer);
  assert.equal(feed(peer, [`\x40\x02\0\x01${TWO}`]), 0);
  closed(peer.client);
  assert.deepEqual([calls, peer.client.pending.length, peer.events.length, peer.lines.length], [1, 0, 4, 1]);
});

test("a wrong call inside a callback: its exception is logged like any other", () => {
  const peer = readyPeer({ level: 1, message: ({ client }) => void publish(client, "", "", 0, false) });
  assert.equal(feed(peer, [TWO]), 0);
  assert.equal(peer.lines.length, 2);
  assert.match(peer.lines[0]!, /topic/);
});

/** A ready client whose socket reports its end when the next packet is written. */
function brokenPeer(): Peer {
  const peer = readyPeer();
  const transmit = peer.client.transmit;
  peer.client.transmit = (client, packet, shown, part) => {
    const unsent = transmit(client, packet, shown, part);
    closed(peer.client);
    return unsent;
  };
  return peer;
}

test("the connection ends while a request is written: the request goes out on the next one", () => {
  const peer = brokenPeer();
  publish(peer.client, "a", "", 1, false, noted(peer, "done"));
  same(forget(peer), ["sent 32050001610001"]);
  peer.client.transmit = () => 0;
  connect(peer.client, OPTIONS);
  assert.equal(feed(peer, [ACCEPTED, "\x40\x02\0\x01"]), 0);
  same(peer.events, ["ready 0", "done 0x0 "]);
  assert.equal(peer.client.pending.length, 0);
});

test("the connection ends while PINGREQ or an acknowledgement is written: the client is closed", () => {
  const pinging = brokenPeer();
  pinging.client.keepAliveS = 1;
  assert.equal(tick(pinging.client), 0);
  assert.equal(tick(pinging.client), 0);
  same(pinging.events, ["sent c000"]);

  const answering = brokenPeer();
  assert.equal(feed(answering, [wire`62 02 0001` + TWO]), 0);
  assert.ok(answering.events.includes("sent 70020001"));
  assert.equal(answering.client.state, CLOSED);
  assert.equal(kept(answering.client), 0);
});

/** A client whose server has lost the session and owns a message (PUBREC). The message's callback is called at CONNACK. */
function ownedPeer(callback: (peer: Peer) => void): { peer: Peer; line: SlowLine } {
  const peer = readyPeer({}, { cleanSession: false });
  const line = new SlowLine(peer);
  subscribe(peer.client, [{ filter: "f", qos: 0 }]);
  publish(peer.client, "a", "first", 1, false, noted(peer, "first"));
  publish(peer.client, "a", "owned", 2, false, () => callback(peer));
  publish(peer.client, "a", "last", 2, false, noted(peer, "last"));
  assert.equal(feed(peer, ["\x90\x03\0\x01\0", "\x50\x02\0\x03", "\x50\x02\0\x04"]), 0);
  forget(peer);
  return { peer, line };
}

test("publish in a callback while the session is restored: it is sent after all restored messages", () => {
  const { peer, line } = ownedPeer(({ client }) => {
    publish(client, "a", "next", 1, false);
    publish(client, "a", "zero", 0, false);
  });
  line.reconnect(0);
  assert.deepEqual(line.packets, [
    "subscribe 5 f:0",
    "publish1 2 a first",
    "publish0 a zero",
    "publish1 6 a next",
  ]);
  assert.deepEqual(peer.events, ["last 0x0 ", "ready 0"]);
  assert.equal(peer.client.sent, 3);
});

test("disconnect in a callback while the session is restored: all callbacks are called, `ready` is not", () => {
  const { peer, line } = ownedPeer(({ client }) => disconnect(client));
  line.reconnect(0);
  assert.deepEqual(line.packets, ["subscribe 5 f:0", "publish1 2 a first", "disconnect"]);
  assert.deepEqual(peer.events, ["first 0x80 ", "last 0x0 "]);
  assert.deepEqual([peer.client.pending, peer.client.state], [[], CLOSED]);
});

test("the connection ends in a callback while the session is restored: nothing is lost", () => {
  const { peer, line } = ownedPeer(({ client }) => void closed(client));
  line.reconnect(0);
  assert.deepEqual(line.packets, []);
  assert.deepEqual(forget(peer), ["last 0x0 "]);
  line.reconnect(1);
  assert.deepEqual(line.packets, ["subscribe 5 f:0", "publish1 dup 2 a first"]);
});

/** Waiting QoS 0 messages. Each callback notes its message; the second one does something more. */
function zeros(callback: (peer: Peer) => void): { peer: Peer; line: SlowLine } {
  const peer = readyPeer({}, { cleanSession: false });
  const line = new SlowLine(peer);
  line.lose();
  for (const text of ["1", "2", "3"]) {
    const done = () => {
      peer.events.push(`${text} sent`);
      if (text === "2") callback(peer);
    };
    publish(peer.client, "a", text, 0, false, done, KEEP);
  }
  publish(peer.client, "a", "4", 1, false, noted(peer, "4"));
  return { peer, line };
}

test("the connection ends in the callback of a sent message: no further message counts as sent", () => {
  const { peer, line } = zeros(({ client }) => void closed(client));
  line.reconnect(0);
  assert.deepEqual(forget(peer), ["1 sent", "2 sent"]);
  assert.deepEqual([peer.client.sent, peer.client.queue, peer.client.pending.length], [0, "", 2]);
  line.reconnect(1);
  assert.deepEqual(line.packets, ["publish0 a 3", "publish1 1 a 4"]);
});

test("disconnect in the callback of a sent message: callbacks of unsent messages get an error", () => {
  const { peer, line } = zeros(({ client }) => disconnect(client));
  line.reconnect(0);
  assert.deepEqual(line.packets, ["publish0 a 1", "publish0 a 2", "disconnect"]);
  assert.deepEqual(peer.events, ["1 sent", "2 sent", "3 sent", "4 0x80 "]);
});

test("the callback of a sent message throws or publishes: the others are called, each once", () => {
  const { peer, line } = zeros(({ client }) => {
    assert.equal(publish(client, "a", "5", 0, false, noted(peer, "5"), KEEP), spec.QUEUED);
    fails();
  });
  line.reconnect(0);
  assert.deepEqual(line.packets, [
    "publish0 a 1",
    "publish0 a 2",
    "publish0 a 3",
    "publish1 1 a 4",
    "publish0 a 5",
  ]);
  assert.deepEqual(peer.events, ["1 sent", "2 sent", "3 sent", "5 0x0 ", "ready 0"]);
});
