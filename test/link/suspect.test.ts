// A packet of ours that is never answered, is answered wrongly, or ends each connection: it is given up and told, the rest lives.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Packet } from "mqtt-packet";
import * as rung from "../../src/link/rungs";
import { finish } from "../../src/mqtt/outbox";
import { publish, subscribe, unsubscribe } from "../../src/mqtt/request";
import { ENDS_CONNECTION, MALFORMED_PACKET, NO_ANSWER } from "../../src/mqtt/spec";
import { GUILTY_ENDS, KEEP, LATE_S, LATEST } from "../../src/mqtt/state";
import { booted, noting } from "../support/climb.ts";
import { type Answer, CLOSE, idOf, ScriptedServer } from "../support/scripted.ts";

/** A link and its server. `told` are the callbacks so far, `failed` what no callback tells. */
function start(answer: Answer, mqtt: object = {}) {
  const { board, link } = booted(noting([]), { mqtt, link: { rebootAfterS: 0 } });
  const told: string[] = [];
  const failed: string[] = [];
  link.client.failed = (_, what, reason) => void failed.push(`${what} 0x${reason.toString(16)}`);
  const server = new ScriptedServer(board, answer);
  const note = (name: string) => (reason: number) => void told.push(`${name} 0x${reason.toString(16)}`);
  return { board, link, server, told, failed, note };
}

const isPublish = (packet: Packet, topic: string) => packet.cmd === "publish" && packet.topic === topic;
const isRequest = (packet: Packet, filter: string) =>
  packet.cmd === "subscribe" && packet.subscriptions.some(({ topic }) => topic === filter);

const GIVEN_UP = `0x${ENDS_CONNECTION.toString(16)}`;

for (const kept of [true, false]) {
  test(`the server closes on one PUBLISH${kept ? ", with a kept session" : ""}: it is named and given up, the rest is delivered`, () => {
    const { board, link, server, told, note } = start(
      (packet) => (isPublish(packet, "forbidden/x") ? CLOSE : undefined),
      { cleanSession: !kept },
    );
    publish(link.client, "before", "", 1, false, note("before"));
    publish(link.client, "forbidden/x", "", 1, false, note("forbidden"));
    publish(link.client, "after", "", 1, false, note("after"));
    subscribe(link.client, [{ filter: "f", qos: 0 }], note("subscribed"));
    const seconds = server.until(() => told.length === 4);
    assert.ok(seconds < 120, `${seconds} s`);
    assert.deepEqual(told, ["before 0x0", `forbidden ${GIVEN_UP}`, "after 0x0", "subscribed 0x0"]);
    assert.equal(server.connections, GUILTY_ENDS + 1);
    server.run(3600);
    assert.equal(server.connections, GUILTY_ENDS + 1, "the link stays up");
    assert.match(board.text, /DOWN: .*, again while PUBLISH to forbidden\/x waited for its answer, again in/);
    assert.match(board.text, /1 mqtt PUBLISH to forbidden\/x: given up, it ended each connection/);
    assert.doesNotMatch(board.text, /another client/);
  });
}

for (const kept of [false, true])
  test(`one of nine restored subscriptions ends each connection${kept ? " with a kept session" : ""}: it alone is given up, and told without a callback`, () => {
    let from = Number.POSITIVE_INFINITY;
    const present = "\x20\x02\x01\0";
    const { link, server, failed } = start(
      (packet, connection) =>
        connection >= from && isRequest(packet, "f4")
          ? CLOSE
          : kept && packet.cmd === "connect" && connection > 2
            ? present
            : undefined,
      { cleanSession: !kept },
    );
    for (let i = 0; i < 9; i++) subscribe(link.client, [{ filter: `f${i}`, qos: 0 }]);
    server.run(1);
    from = 2;
    server.close();
    server.until(() => failed.length > 0);
    server.run(3600);
    assert.deepEqual(failed, [`SUBSCRIBE to f4: given up, it ended each connection ${GIVEN_UP}`]);
    assert.equal(link.state, rung.UP);
    assert.deepEqual(link.client.subscriptions.map(({ filter }) => filter).sort(), [
      "f0",
      "f1",
      "f2",
      "f3",
      "f5",
      "f6",
      "f7",
      "f8",
    ]);
  });

test("a SUBSCRIBE of several filters that the server closes on: its callback has a code for each", () => {
  const codes: string[] = [];
  const { link, server } = start((packet) => (isRequest(packet, "b") ? CLOSE : undefined));
  const list = ["a", "b", "c"].map((filter) => ({ filter, qos: 1 }));
  subscribe(link.client, list, (reason, granted) =>
    codes.push(`${reason} ${Buffer.from(granted, "latin1").toString("hex")}`),
  );
  server.until(() => codes.length > 0);
  assert.deepEqual(codes, ["0 018001"]);
});

test("every connection is closed after 3 s, whatever is sent: nothing is blamed, nothing is lost", () => {
  let closing = 1;
  const { link, server, told, note } = start((packet) => (packet.cmd === "publish" ? "" : undefined));
  publish(link.client, "a", "", 1, false, note("a"));
  for (let n = 0; n < 60; n++) {
    server.until(() => link.state === rung.UP && link.upSeconds >= 3);
    server.close();
    closing++;
  }
  assert.equal(server.connections, closing - 1);
  assert.deepEqual(told, []);
  assert.equal(link.client.pending.length, 1);
});

test("suspected wrongly: once it is answered, the outbox goes as before", () => {
  let silent = true;
  const { link, server, told, note } = start((packet) =>
    packet.cmd === "publish" && silent ? "" : undefined,
  );
  for (const name of ["a", "b", "c"]) publish(link.client, name, "", 1, false, note(name));
  for (let n = 0; n < 3; n++) {
    server.until(() => link.state === rung.UP);
    server.close();
  }
  server.until(() => link.state === rung.UP);
  assert.equal(link.client.sent, 0, "first some seconds of calm");
  silent = false;
  server.run(5);
  assert.deepEqual(told, ["a 0x0", "b 0x0", "c 0x0"]);
  silent = true;
  for (const name of ["d", "e"]) publish(link.client, name, "", 1, false, note(name));
  assert.equal(link.client.sent, 2, "no longer one at a time");
});

test("the server closes on each PUBREL: it has the message, which is told as delivered", () => {
  const present = "\x20\x02\x01\0";
  const { link, server, told, note } = start(
    (packet, connection) =>
      packet.cmd === "pubrel" ? CLOSE : packet.cmd === "connect" && connection > 1 ? present : undefined,
    { cleanSession: false },
  );
  publish(link.client, "a", "", 2, false, note("a"));
  server.until(() => told.length > 0);
  assert.deepEqual(told, ["a 0x0"]);
  server.run(600);
  assert.equal(link.state, rung.UP);
});

/** Answers that are malformed, to packets that are sent again on each connection. */
const MALFORMED: [name: string, kind: Packet["cmd"], answer: (id: string) => string][] = [
  ["an UNSUBACK with a payload", "unsubscribe", (id) => `\xb0\x03${id}\0`],
  ["a SUBACK with QoS 3", "subscribe", (id) => `\x90\x03${id}\x03`],
  ["a SUBACK with too many codes", "subscribe", (id) => `\x90\x04${id}\0\0`],
  ["a PUBACK without an identifier", "publish", () => "\x40\x02\0\0"],
  ["a PUBACK that is too long", "publish", (id) => `\x40\x03${id}\0`],
];

for (const [name, kind, answer] of MALFORMED) {
  test(`the server answers with ${name}: the packet is given up after two connections, the rest lives`, () => {
    const { board, link, server, told, note } = start((packet) =>
      packet.cmd === kind && (packet.cmd !== "publish" || packet.qos) ? answer(idOf(packet)) : undefined,
    );
    if (kind === "publish") publish(link.client, "a", "", 1, false, note("bad"));
    else publish(link.client, "b", "", 1, false, note("good"));
    if (kind === "subscribe") subscribe(link.client, [{ filter: "a", qos: 0 }], note("bad"));
    if (kind === "unsubscribe") unsubscribe(link.client, ["a"], note("bad"));
    publish(link.client, "c", "", 0, false, note("good"), KEEP);
    server.until(() => told.some((text) => text.startsWith("bad")));
    const reason = /too many/.test(name) ? 0x82 : MALFORMED_PACKET;
    assert.ok(told.includes(`bad 0x${reason.toString(16)}`), told.join());
    assert.match(board.text, / to a: refused with 0x8[12]/);
    server.run(3600);
    assert.equal(server.connections, 3);
    assert.equal(link.state, rung.UP);
  });
}

test("the second of two unanswered messages gets a malformed answer: it is given up, and not the first", () => {
  const { link, server, told, note } = start((packet) =>
    packet.cmd === "publish" ? (packet.topic === "bad" ? `\x40\x03${idOf(packet)}\0` : "") : undefined,
  );
  publish(link.client, "first", "", 1, false, note("first"));
  publish(link.client, "bad", "", 1, false, note("bad"));
  server.until(() => told.length > 0);
  assert.deepEqual(told, ["bad 0x81"]);
});

test("what is to be given up is gone with the outbox: the next connection begins as any other", () => {
  const { link, server, told, note } = start((packet) => (isPublish(packet, "a") ? CLOSE : undefined));
  publish(link.client, "a", "", 1, false, note("a"));
  server.until(() => link.client.ends === GUILTY_ENDS);
  finish(link.client);
  link.client.ended = 0;
  publish(link.client, "b", "", 1, false, note("b"));
  server.until(() => told.length === 2);
  assert.deepEqual(told, ["a 0x80", "b 0x0"]);
});

test("one of several restored subscriptions gets a malformed answer: it alone is given up", () => {
  let from = Number.POSITIVE_INFINITY;
  const { link, server, failed } = start((packet, connection) =>
    connection >= from && packet.cmd === "subscribe" && isRequest(packet, "b")
      ? `\x90${String.fromCharCode(2 + packet.subscriptions.length)}${idOf(packet)}${"\x03".repeat(packet.subscriptions.length)}`
      : undefined,
  );
  for (const filter of ["a", "b", "c"]) subscribe(link.client, [{ filter, qos: 0 }]);
  server.run(1);
  from = 2;
  server.close();
  server.until(() => failed.length > 0);
  server.run(3600);
  assert.deepEqual(failed, ["SUBSCRIBE to b: refused with 0x81 0x81"]);
  assert.deepEqual(link.client.subscriptions.map(({ filter }) => filter).sort(), ["a", "c"]);
});

test("a malformed packet that answers nothing of ours: nothing is blamed", () => {
  const { link, server, told, note } = start((packet) => (packet.cmd === "publish" ? "" : undefined));
  publish(link.client, "a", "", 1, false, note("a"));
  for (let n = 0; n < 10; n++) {
    server.until(() => link.state === rung.UP);
    server.send(n % 2 ? "\x40\x03\x07\x07\0" : "\xd0\x01\0");
    server.until(() => link.state !== rung.UP);
  }
  assert.deepEqual(told, []);
});

test("no PUBACK ever comes: it is said, QoS 0 passes, the link falls in time, and no message is lost", () => {
  const { board, link, server, told, note } = start((packet) =>
    packet.cmd === "publish" && packet.qos ? "" : undefined,
  );
  for (let n = 0; n < 10; n++) publish(link.client, `m${n}`, "", 1, false, note(`${n}`));
  publish(link.client, "queued", "", 0, false, note("queued"), KEEP);
  server.run(1);
  assert.deepEqual(told, [], "in order as long as answers may come");
  server.run(LATE_S);
  assert.match(board.text, /2 mqtt PUBLISH to m0: no answer in 10 s/);
  publish(link.client, "now", "", 0, false, note("now"), KEEP);
  assert.deepEqual(told, ["queued 0x0", "now 0x0"]);
  server.until(() => link.state === rung.DOWN, 180);
  assert.match(board.text, /1 mqtt PUBLISH to m0: no answer in 180 s/);
  assert.match(board.log.at(-1)!, /DOWN: 0x106 no answer to a packet in 180 s, again in/);
  server.run(3600);
  assert.equal(link.client.pending.length, 10);
});

test("no SUBACK ever comes, but other answers do: the SUBSCRIBE is given up, and the rest lives", () => {
  const { link, server, told, note } = start((packet) => (packet.cmd === "subscribe" ? "" : undefined));
  subscribe(link.client, [{ filter: "a", qos: 0 }], note("subscribed"));
  const beat = () => publish(link.client, "beat", "", 1, false, note("beat"));
  beat();
  server.until(() => {
    if (link.client.pending.length < 2) beat();
    return told.some((text) => text.startsWith("subscribed"));
  });
  assert.ok(told.includes(`subscribed 0x${NO_ANSWER.toString(16)}`));
  assert.equal(server.connections, 3);
  server.run(3600);
  assert.equal(server.connections, 3);
});

test("no answer to QoS 2 while others get theirs, then it is the only one: it is given up after five connections", () => {
  const { board, link, server, told, note } = start((packet) =>
    packet.cmd === "publish" && packet.qos === 2 ? "" : undefined,
  );
  publish(link.client, "two", "", 2, false, note("two"));
  publish(link.client, "one", "", 1, false, note("one"));
  server.until(() => told.length === 2);
  assert.deepEqual(told, ["one 0x0", `two 0x${NO_ANSWER.toString(16)}`]);
  assert.match(board.text, /1 mqtt PUBLISH to two at QoS 2: no answer in 180 s/);
  assert.ok(server.connections <= GUILTY_ENDS + 1);
});

test("no answer to QoS 2, and nothing else is sent: it may be the server, and the message is kept", () => {
  const { link, server, told, note } = start((packet) => (packet.cmd === "publish" ? "" : undefined));
  publish(link.client, "two", "", 2, false, note("two"));
  server.run(3600);
  assert.deepEqual([told, link.client.pending.length], [[], 1]);
});

test("the server closes on each message to a topic whose newer ones replace it: one is given up all the same", () => {
  const { link, server, told, failed } = start((packet) => (isPublish(packet, "state") ? CLOSE : undefined));
  let state = 0;
  const publishState = () => {
    const done = (reason: number) => void (reason === ENDS_CONNECTION && told.push("given up"));
    publish(link.client, "state", `${state++}`, 1, true, done, LATEST);
  };
  link.app.up = publishState;
  publishState();
  server.until(() => told.length > 0);
  assert.ok(server.connections <= GUILTY_ENDS + 2, `${server.connections}`);
  assert.deepEqual(failed, []);
});

test("a large message on a slow line is not late while its pieces leave", () => {
  const { board, link, server } = start(() => undefined, { keepAlive: 0 });
  server.run(1);
  board.clogged = true;
  publish(link.client, "a", "x".repeat(6000), 1, false);
  while (link.client.tail) {
    board.seconds(45);
    board.unsent = 0;
    board.line.drained();
  }
  assert.ok(board.ms > 90_000);
  board.clogged = false;
  board.unsent = 0;
  server.run(1);
  assert.equal(link.state, rung.UP);
  assert.equal(link.client.pending.length, 0);
});
