// Time passes as the test says: the deadline of CONNACK, keep alive from the last packet sent, the deadline of PINGRESP.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CONNACK_DEADLINE_S,
  closed,
  connect,
  disconnect,
  PINGRESP_DEADLINE_S,
  publish,
  spec,
} from "#subject";
import {
  ACCEPTED,
  connectingPeer,
  feed,
  forget,
  newPeer,
  OPTIONS,
  type Peer,
  pass,
  readyPeer,
  same,
} from "./peer.ts";

const PING = "sent c000";
const PINGRESP = "\xd0\0";

/** Keep alive in seconds; events are those that follow CONNACK. */
const alive = (keepAlive: number, options = {}): Peer => readyPeer(options, { keepAlive });

test("no CONNACK: the connection ends at the deadline, not before", () => {
  const peer = connectingPeer({}, { keepAlive: 3 });
  assert.equal(pass(peer, CONNACK_DEADLINE_S - 1), undefined);
  assert.equal(pass(peer, 1), `0x${spec.NO_CONNACK.toString(16)} after 1 s`);
  same(peer.events, [], "nothing is sent before CONNACK, no PINGREQ either");
});

test("CONNACK in the last second: it is in time and ends the deadline", () => {
  const peer = connectingPeer();
  assert.equal(pass(peer, CONNACK_DEADLINE_S - 1), undefined);
  assert.equal(feed(peer, [ACCEPTED]), 0);
  assert.equal(pass(peer, 1000), undefined);
  same(peer.events, ["ready 0"], "keep alive 0: never a PINGREQ");
});

test("half a CONNACK: the deadline goes on", () => {
  const peer = connectingPeer();
  assert.equal(feed(peer, [ACCEPTED.slice(0, 3)]), 0);
  assert.match(pass(peer, 100)!, /after 10 s/);
});

for (const keepAlive of [1, 2, 45, 65535]) {
  test(`keep alive ${keepAlive}: a PINGREQ after each so many seconds without a packet of ours`, () => {
    const peer = alive(keepAlive);
    for (let round = 0; round < 3; round++) {
      assert.equal(pass(peer, keepAlive - 1), undefined);
      same(forget(peer), []);
      assert.equal(pass(peer, 1), undefined);
      same(forget(peer), [PING]);
      assert.equal(feed(peer, [PINGRESP]), 0);
    }
  });
}

test("keep alive counts from CONNECT, not from CONNACK", () => {
  const peer = connectingPeer({}, { keepAlive: 12 });
  assert.equal(pass(peer, 8), undefined);
  assert.equal(feed(peer, [ACCEPTED]), 0);
  assert.equal(pass(peer, 3), undefined);
  same(forget(peer), ["ready 0"]);
  assert.equal(pass(peer, 1), undefined);
  same(forget(peer), [PING]);
});

test("CONNACK takes longer than keep alive: PINGREQ is sent in the next second", () => {
  const peer = connectingPeer({}, { keepAlive: 3 });
  assert.equal(pass(peer, 9), undefined);
  assert.equal(feed(peer, [ACCEPTED]), 0);
  assert.equal(pass(peer, 1), undefined);
  same(peer.events, ["ready 0", PING]);
});

test("keep alive starts again with every packet sent that the server answers, also with an acknowledgement", () => {
  const sends: ((peer: Peer) => void)[] = [
    (peer) => {
      publish(peer.client, "a", "", 1, false);
      feed(peer, ["\x40\x02\0\x01"]);
    },
    (peer) => feed(peer, ["\x32\x05\0\x01a\0\x01"]), // answered with PUBACK
    (peer) => feed(peer, ["\x62\x02\0\x01"]), // answered with PUBCOMP
  ];
  for (const send of sends) {
    const peer = alive(5);
    pass(peer, 4);
    send(peer);
    pass(peer, 4);
    assert.ok(!peer.events.includes(PING));
    pass(peer, 1);
    assert.equal(peer.events.at(-1), PING);
  }
});

for (const qos of [0, 1, 2])
  test(`QoS ${qos} messages leave and the server is silent: PINGREQ after keep alive, and its deadline ends the connection`, () => {
    const peer = alive(60);
    let ended: string | undefined;
    let second = 0;
    for (; !ended && second < 3600; second++) {
      if (second % 10 === 0) publish(peer.client, "a", "", qos, false);
      if (second === 59) assert.ok(!peer.events.includes(PING), "not before");
      ended = pass(peer, 1);
    }
    assert.equal(ended, "0x8d after 1 s");
    assert.equal(second, 60 + PINGRESP_DEADLINE_S);
    assert.equal(peer.events.filter((event) => event === PING).length, 1);
  });

test("QoS 0 messages leave and the server answers PINGREQ: one in each keep alive, the connection stays", () => {
  const peer = alive(60);
  let pings = 0;
  for (let second = 1; second <= 600; second++) {
    if (second % 10 === 0) publish(peer.client, "a", "", 0, false);
    assert.equal(pass(peer, 1), undefined);
    if (!forget(peer).includes(PING)) continue;
    pings++;
    assert.equal(feed(peer, [PINGRESP]), 0);
  }
  assert.equal(pings, 10);
});

test("QoS 1 messages that are answered, small messages of the server: no PINGREQ", () => {
  const peer = alive(60);
  for (let second = 1; second <= 600; second++) {
    if (second % 50 === 0) publish(peer.client, "a", "", 0, false);
    if (second % 50 === 25) assert.equal(feed(peer, ["\x30\x03\0\x01a"]), 0);
    assert.equal(pass(peer, 1), undefined);
  }
  assert.ok(!peer.events.includes(PING));
});

test("half a packet is not heard: PINGREQ is sent although its bytes come", () => {
  const peer = alive(60);
  for (let second = 1; second <= 60; second++) {
    publish(peer.client, "a", "", 0, false);
    assert.equal(feed(peer, [second === 1 ? "\x30\x7f" : "x"]), 0);
    pass(peer, 1);
  }
  assert.equal(peer.events.at(-1), PING);
});

test("keep alive 0: nothing is asked of a silent server", () => {
  const peer = alive(0);
  publish(peer.client, "a", "", 0, false);
  assert.equal(pass(peer, 10_000), undefined);
  assert.ok(!peer.events.includes(PING));
});

test("keep alive does not start again with packets received, because the server counts our silence", () => {
  const peer = alive(5);
  for (let second = 0; second < 5; second++) {
    assert.equal(feed(peer, ["\x30\x03\0\x01a"]), 0);
    pass(peer, 1);
  }
  assert.equal(peer.events.at(-1), PING);
});

test("keep alive does not start again with a packet that could not be sent", () => {
  const peer = alive(5);
  for (let i = 0; i < 8; i++) publish(peer.client, "a", "", 1, false);
  forget(peer);
  pass(peer, 4);
  assert.equal(publish(peer.client, "a", "", 1, false), spec.QUEUED);
  assert.throws(() => publish(peer.client, "", "", 0, false));
  pass(peer, 1);
  same(peer.events, [PING]);
});

test("a whole packet before PINGRESP defers its deadline, once", () => {
  const peer = alive(60);
  assert.equal(pass(peer, 60), undefined);
  assert.equal(pass(peer, PINGRESP_DEADLINE_S - 1), undefined);
  assert.equal(feed(peer, ["\x30\x03\0\x01a"]), 0);
  assert.equal(pass(peer, PINGRESP_DEADLINE_S - 1), undefined);
  assert.equal(feed(peer, ["\x30\x03\0\x01a"]), 0);
  assert.equal(pass(peer, 1), "0x8d after 1 s");
  same(peer.events, [PING, 'message "a" "" 0', 'message "a" "" 0']);
});

test("half a packet does not defer the deadline of PINGRESP, an oversized message does", () => {
  const half = alive(60);
  pass(half, 60 + PINGRESP_DEADLINE_S - 1);
  assert.equal(feed(half, ["\x30", "\x7f", "\0\x01a"]), 0);
  assert.equal(pass(half, 1), "0x8d after 1 s");
  const large = alive(60, { maxPacket: 128 });
  pass(large, 60 + PINGRESP_DEADLINE_S - 1);
  assert.equal(feed(large, [`\x30\xff\x01\0\x01a${"x".repeat(252)}`]), 0);
  assert.equal(pass(large, PINGRESP_DEADLINE_S - 1), undefined);
  assert.equal(pass(large, 1), "0x8d after 1 s");
});

test("after PINGRESP the next deadline may be deferred again, before PINGREQ nothing is deferred", () => {
  const peer = alive(60);
  feed(peer, ["\x30\x03\0\x01a"]);
  for (let round = 0; round < 2; round++) {
    assert.equal(pass(peer, 60 + PINGRESP_DEADLINE_S - 1), undefined);
    assert.equal(feed(peer, ["\x30\x03\0\x01a"]), 0);
    assert.equal(pass(peer, PINGRESP_DEADLINE_S - 1), undefined);
    assert.equal(feed(peer, [PINGRESP]), 0);
    publish(peer.client, "a", "", 0, false);
  }
});

test("our own packets do not defer the deadline of PINGRESP", () => {
  const peer = alive(60);
  pass(peer, 60);
  pass(peer, 5);
  publish(peer.client, "a", "", 0, false);
  assert.equal(pass(peer, 100), "0x8d after 5 s");
});

test("PINGRESP in the last second is in time", () => {
  const peer = alive(60);
  assert.equal(pass(peer, 60 + PINGRESP_DEADLINE_S - 1), undefined);
  assert.equal(feed(peer, [PINGRESP]), 0);
  assert.equal(pass(peer, 50), undefined);
  same(peer.events, [PING], "PINGREQ was the last packet sent: 60 s from then");
  assert.equal(pass(peer, 1), undefined);
  same(peer.events, [PING, PING]);
});

test("a short keep alive before PINGRESP: further PINGREQs go out, the deadline runs from the first", () => {
  const peer = alive(4);
  assert.equal(pass(peer, 13), undefined);
  same(peer.events, [PING, PING, PING], "at 4, 8 and 12 s");
  assert.equal(pass(peer, 100), "0x8d after 1 s");
});

test("a client that is not connected: ticks do nothing", () => {
  const fresh = newPeer();
  assert.equal(pass(fresh, 1000), undefined);
  for (const end of [(peer: Peer) => disconnect(peer.client), (peer: Peer) => void closed(peer.client)]) {
    for (const peer of [alive(5), connectingPeer()]) {
      end(peer);
      forget(peer);
      assert.equal(pass(peer, 1000), undefined);
      same(peer.events, []);
    }
  }
});

test("a new connection has its full deadlines", () => {
  const peer = alive(5);
  pass(peer, 12);
  closed(peer.client);
  connect(peer.client, { ...OPTIONS, keepAlive: 20 });
  assert.equal(pass(peer, 9), undefined);
  assert.equal(feed(peer, [ACCEPTED]), 0);
  forget(peer);
  assert.equal(pass(peer, 10), undefined);
  same(peer.events, []);
  assert.equal(pass(peer, 1), undefined);
  same(peer.events, [PING]);
});
