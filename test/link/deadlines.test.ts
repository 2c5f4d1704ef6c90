// Every rung of the ladder has a deadline. One second before it nothing happens. At the deadline the link falls, then climbs.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as rung from "../../src/link/rungs";
import { booted, climb, JOINED, MQTT, noting, packets, secondsUntil, TCP, WS } from "../support/climb.ts";
import { hex, reply } from "../ws/server.ts";

/** A link on some rung, its writes forgotten. */
function at(steps: number, config = {}) {
  const subject = booted(noting([]), config);
  climb(subject.board, steps);
  subject.board.sent();
  return subject;
}

const RUNGS: [name: string, steps: number, state: number, seconds: number, why: RegExp][] = [
  ["Wi-Fi does not answer", 0, rung.JOINING, rung.JOIN_DEADLINE_S, /Wi-Fi/],
  ["TCP does not connect", JOINED, rung.OPENING, rung.CONNECT_DEADLINE_S, /no answer from the server/],
  ["no reply to the upgrade", TCP, rung.OPENING, 10, /no answer from the server/],
  ["no CONNACK", WS, rung.LOGIN, 10, /CONNACK/],
];

for (const [name, steps, state, seconds, why] of RUNGS) {
  test(`deadline: ${name} within ${seconds} s, the link falls`, () => {
    const { board, link } = at(steps);
    assert.equal(link.state, state);
    board.seconds(seconds - 1);
    assert.equal(link.state, state);
    board.seconds(1);
    assert.equal(link.state, rung.DOWN);
    assert.match(board.log.at(-1)!, /^1 link DOWN: /);
    assert.match(board.log.at(-1)!, why);
    assert.deepEqual(packets(board), [], "nobody listens: no CLOSE");
    assert.equal(board.ends.at(-1), 1, "and nothing unsent is kept");
    board.seconds(1);
    assert.equal(link.state, steps ? rung.OPENING : rung.JOINING, "it climbs again");
  });
}

test("deadline: a reply that comes byte by byte does not extend it", () => {
  const { board, link } = at(TCP);
  for (const byte of reply().slice(0, 9)) {
    board.line.data(byte);
    board.seconds(1);
  }
  assert.equal(link.state, rung.OPENING);
  board.seconds(1);
  assert.equal(link.state, rung.DOWN);
});

test("deadline: on every rung it starts again", () => {
  const { board, link } = at(0);
  board.seconds(39);
  climb(board, JOINED);
  board.seconds(29);
  climb(board, TCP, JOINED);
  board.seconds(9);
  climb(board, WS, TCP);
  board.seconds(9);
  climb(board, MQTT, WS);
  assert.equal(link.state, rung.UP);
});

test("deadline: while connecting blocks it does not run, it starts when the call returns", () => {
  const { board, link } = at(0);
  board.onOpen = () => {
    board.ms += 75000;
  };
  climb(board, JOINED);
  board.seconds(rung.CONNECT_DEADLINE_S - 1);
  assert.equal(link.state, rung.OPENING);
  climb(board, MQTT, JOINED);
  assert.equal(link.state, rung.UP);
});

test("deadline: before connecting blocks, Connecting to host:port is logged", () => {
  const { board } = at(0);
  let last = "";
  board.onOpen = () => {
    last = board.log.at(-1)!;
  };
  climb(board, JOINED);
  assert.equal(last, "2 ws Connecting to broker:8080");
});

test("keep alive: 45 s after our last packet a PINGREQ goes out, and the link stays up while the server answers", () => {
  const { board, link } = at(MQTT);
  for (let i = 0; i < 5; i++) {
    board.seconds(44);
    assert.deepEqual(packets(board), []);
    board.seconds(1);
    assert.deepEqual(packets(board), ["c000"]);
    board.line.data(hex("82 02 d000"));
  }
  assert.equal(link.state, rung.UP);
});

test("keep alive: packets of the server do not delay the PINGREQ", () => {
  const { board } = at(MQTT);
  for (let i = 0; i < 45; i++) {
    board.line.data(hex("82 06 3004 0001 6162"));
    board.seconds(1);
  }
  assert.deepEqual(packets(board), ["c000"]);
});

test("keep alive: without PINGRESP within 10 s the connection is dropped with its unsent bytes", () => {
  const { board, link } = at(MQTT);
  board.seconds(45);
  packets(board);
  board.seconds(9);
  assert.equal(link.state, rung.UP);
  board.seconds(1);
  assert.equal(link.state, rung.DOWN);
  assert.match(board.log.at(-1)!, /PINGRESP/);
  assert.deepEqual(packets(board), []);
  assert.equal(board.ends.at(-1), 1);
});

test("keep alive: with 0 no PINGREQ is sent", () => {
  const { board, link } = at(MQTT, { mqtt: { keepAlive: 0 } });
  board.seconds(100000);
  assert.deepEqual(packets(board), []);
  assert.equal(link.state, rung.UP);
});

test("keep alive: a configured value is in CONNECT and decides when the PINGREQ goes out", () => {
  const { board } = booted(noting([]), { mqtt: { keepAlive: 7, clientId: "me" } });
  climb(board, WS);
  assert.match(packets(board)[0]!, /^10..00044d51545404c20007/);
  climb(board, MQTT, WS);
  assert.equal(
    secondsUntil(board, () => packets(board)[0] === "c000"),
    7,
  );
});
