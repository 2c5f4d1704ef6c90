// Messages published without a connection, or on a slow one: they wait, are sent, and their callbacks are called.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as ladder from "../../src/link/ladder";
import * as rung from "../../src/link/rungs";
import { publish, subscribe } from "../../src/mqtt/request";
import { DROPPED, QUEUED, SUCCESS, UNSPECIFIED_ERROR } from "../../src/mqtt/spec";
import { KEEP, MAX_UNSENT } from "../../src/mqtt/state";
import {
  booted,
  CONNACK,
  climb,
  deliver,
  MQTT,
  noting,
  packets,
  type Subject,
  secondsUntil,
  WS,
} from "../support/climb.ts";
import { hex, serverFrame } from "../ws/server.ts";

const CONNACK_KEPT = hex("20 02 01 00");

/** A link that is up. The broker keeps its session. */
function up(events: string[] = []): Subject {
  const subject = booted(noting(events), { mqtt: { cleanSession: false } });
  climb(subject.board, MQTT);
  packets(subject.board);
  subject.link.client.lastId = 0;
  return subject;
}

/** The link falls, and climbs again up to the CONNACK. */
function fallen({ board, link }: Subject): void {
  board.line.closed("");
  assert.equal(link.state, rung.DOWN);
}
function again({ board, link }: Subject, connack: string): void {
  secondsUntil(board, () => link.state === rung.OPENING);
  climb(board, WS, 1);
  packets(board);
  deliver(board, connack);
}

test("outbox: messages published while DOWN go out in order after UP, and their callbacks are called", () => {
  const subject = up();
  const { board, link } = subject;
  fallen(subject);
  const done: string[] = [];
  for (const text of ["1", "2"]) {
    assert.equal(
      publish(link.client, "a", text, 1, false, (reason) => done.push(`${text} ${reason}`)),
      QUEUED,
    );
  }
  assert.equal(subscribe(link.client, [{ filter: "f", qos: 0 }]), QUEUED);
  assert.equal(publish(link.client, "a", "now or never", 0, false), DROPPED);
  again(subject, CONNACK_KEPT);
  const parts = ["32060001610001" + "31", "32060001610002" + "32", "8206000300016600"];
  assert.deepEqual(packets(board), [parts.join("")], "in one frame");
  deliver(board, hex("4002 0001  4002 0002"));
  assert.deepEqual(done, ["1 0", "2 0"]);
});

test("outbox: messages published on any rung go out once the link is UP", () => {
  const { board, link } = booted(noting([]), { mqtt: { cleanSession: true } });
  for (let step = 0; step < MQTT; step++) {
    assert.equal(publish(link.client, "a", `${step}`, 1, false), QUEUED);
    climb(board, step + 1, step);
  }
  const all = [0, 1, 2, 3].map((n) => `3206000161000${n + 1}3${n}`).join("");
  assert.equal(packets(board).at(-1), all);
});

test("outbox: after a fall an unacknowledged message goes out again, its callback still waits", () => {
  const subject = up();
  const { board, link } = subject;
  const done: number[] = [];
  publish(link.client, "a", "", 1, false, (reason) => done.push(reason));
  fallen(subject);
  assert.deepEqual(done, []);
  again(subject, CONNACK_KEPT);
  assert.deepEqual(packets(board).at(-1), "3a050001610001", "with DUP");
  fallen(subject);
  again(subject, CONNACK);
  assert.deepEqual(packets(board).at(-1), "32050001610001", "anew");
  deliver(board, hex("4002 0001"));
  assert.deepEqual(done, [SUCCESS]);
});

test("stop: the callbacks of sent, waiting and later messages are called", () => {
  const subject = up();
  const { board, link } = subject;
  const done: string[] = [];
  const note = (name: string) => (reason: number) => void done.push(`${name} ${reason}`);
  publish(link.client, "a", "", 1, false, note("sent"));
  link.client.inflightLimit = 1;
  publish(link.client, "a", "", 1, false, note("waits"));
  ladder.stop(link);
  assert.deepEqual(done, [`sent ${UNSPECIFIED_ERROR}`, `waits ${UNSPECIFIED_ERROR}`]);
  assert.equal(publish(link.client, "a", "", 1, false, note("late")), UNSPECIFIED_ERROR);
  board.line.closed("");
  assert.equal(link.state, rung.OFF);
  assert.equal(publish(link.client, "a", "", 1, false, note("late")), UNSPECIFIED_ERROR);
  assert.equal(done.length, 2);
});

/** A message that the broker owns (PUBREC). If the broker loses the session, its callback is called before the link is UP. */
function owned(subject: Subject, callback: () => void): void {
  publish(subject.link.client, "a", "", 2, false, callback);
  deliver(subject.board, hex("5002 0001"));
  fallen(subject);
}

test("stop in a callback before the link is UP: DISCONNECT is sent, up is not called", () => {
  const events: string[] = [];
  const subject = up(events);
  owned(subject, () => ladder.stop(subject.link));
  events.length = 0;
  again(subject, CONNACK);
  assert.equal(subject.link.state, rung.LEAVING);
  assert.deepEqual(packets(subject.board), ["e000", "close 03e8"]);
  assert.ok(!events.includes("up"));
});

test("fall in a callback before the link is UP: the link is DOWN, up is not called", () => {
  const events: string[] = [];
  const subject = up(events);
  owned(subject, () => ladder.fall(subject.link, "for a test", UNSPECIFIED_ERROR));
  events.length = 0;
  again(subject, CONNACK);
  assert.equal(subject.link.state, rung.DOWN);
  assert.ok(!events.includes("up"));
});

/** Messages that the board's own queue has no room for. */
function clogged(): Subject {
  const subject = up();
  const { board, link } = subject;
  board.clogged = true;
  for (let n = 0; n < 5; n++) publish(link.client, "a", "x".repeat(700), 0, false, undefined, KEEP);
  assert.ok(board.unsent <= MAX_UNSENT);
  assert.ok(link.client.pending.length > 0);
  packets(board);
  return subject;
}

test("full queue: when the board reports that it is empty, the rest follows at once", () => {
  const { board, link } = clogged();
  board.drain();
  assert.equal(link.client.pending.length, 0);
  assert.ok(packets(board).length > 0);
});

test("full queue: `drained` tells the application once all is handed over, not while messages wait or the link is down", () => {
  let told = 0;
  const subject = clogged();
  const { board, link } = subject;
  link.app.drained = () => void told++;
  for (let n = 0; n < link.client.messageLimit; n++)
    publish(link.client, "a", "x".repeat(700), 0, false, undefined, KEEP);
  // One line is not enough for all that waits.
  while (link.client.pending.length) {
    assert.equal(told, 0);
    board.drain();
    board.clogged = true;
  }
  assert.equal(told, 1);
  // A message that finds room asks for nothing.
  board.drain();
  told = 0;
  board.clogged = false;
  publish(link.client, "a", "x", 0, false);
  assert.equal(told, 0);
  ladder.fall(link, "for a test", UNSPECIFIED_ERROR);
  board.line.drained();
  assert.equal(told, 0);
});

for (const [name, packet] of [
  ["alone", ""],
  ["with another packet", "d0 00"],
] as const)
  test(`full window: a message that leaves with a PUBACK, ${name}, is followed by \`drained\``, () => {
    let told = 0;
    const { board, link } = up();
    link.app.drained = () => void told++;
    for (let n = 0; n <= link.client.sendQuota; n++) publish(link.client, "a", "x", 1, false);
    assert.equal(link.client.pending.length - link.client.sent, 1, "one waits for the window");
    assert.equal(board.asked, false);
    deliver(board, hex(`40 02 00 01 ${packet}`));
    assert.equal(link.client.pending.length, link.client.sent);
    assert.ok(board.asked);
    board.drain();
    assert.equal(told, 1);
    // The other answers free nothing that waits.
    deliver(board, hex(`40 02 00 02 ${packet}`));
    assert.equal(board.asked, false);
  });

test("full queue: a message that its policy dropped is followed by `drained`, and the next one finds room", () => {
  const events: string[] = [];
  const { board, link } = clogged();
  link.client.pending.length = link.client.ids.length = link.client.outboxBytes = 0;
  link.app.drained = () => {
    events.push("drained");
    assert.equal(publish(link.client, "a", "next", 0, false), SUCCESS);
  };
  while (publish(link.client, "a", "x".repeat(700), 0, false) !== DROPPED);
  board.drain();
  assert.deepEqual(events, ["drained"]);
  assert.ok(packets(board).join().includes(Buffer.from("next").toString("hex")));
});

test("full queue: when the board does not report that it is empty, the rest follows within a second", () => {
  const { board, link } = clogged();
  board.clogged = false;
  board.unsent = 0;
  board.seconds(1);
  assert.equal(link.client.pending.length, 0);
});

test("full queue: after a fall its messages at QoS 0 are gone, one at QoS 1 goes out on the next connection", () => {
  const subject = clogged();
  publish(subject.link.client, "a", "last", 1, false);
  fallen(subject);
  subject.board.clogged = false;
  again(subject, CONNACK);
  assert.equal(subject.link.client.pending.length, 1);
  assert.ok(packets(subject.board).join().includes(Buffer.from("last").toString("hex")));
});

test("messages behind CONNACK in its frame: up is called before they are delivered", () => {
  const events: string[] = [];
  const { board } = booted(noting(events));
  climb(board, WS);
  board.line.data(serverFrame(0x82, CONNACK + hex("3004 0001 6162  3205 0001 61 0007")));
  assert.deepEqual(events, ["up", "b <- a 0", " <- a 2"]);
  assert.equal(packets(board).at(-1), "40020007");
});

test("a large PUBLISH is one message of the WebSocket; PONG and CLOSE go between its frames, our packets behind it", () => {
  const { board, link } = up();
  board.clogged = true;
  publish(link.client, "t", "x".repeat(3000), 1, false);
  deliver(board, hex("3205 0001 61 0007"));
  board.line.data(serverFrame(0x89, "?"));
  publish(link.client, "t", "behind", 1, false);
  for (let n = 0; n < 9 && link.client.tail; n++) {
    board.drain();
    board.clogged = true;
  }
  board.drain();
  const sent = board.sent();
  const message = sent.filter(({ first }) => first < 0x82).map(({ payload }) => payload);
  assert.deepEqual(
    sent.map(({ first }) => first.toString(16)),
    ["2", "8a", "0", "80", "82"],
  );
  assert.equal(message.join("").length, 1 + 2 + 2 + 1 + 2 + 3000, "one PUBLISH and nothing else");
  assert.equal(sent.at(-1)!.payload.slice(0, 4), hex("40 02 00 07"));
  publish(link.client, "t", "x".repeat(3000), 1, false);
  ladder.fall(link, "the test says so", UNSPECIFIED_ERROR);
  assert.equal(board.sent().at(-1)!.first, 0x88);
});
