// The clean end: DISCONNECT, CLOSE 1000, then the server closes or its time is over. Only the Wi-Fi is left.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as ladder from "../../src/link/ladder";
import * as rung from "../../src/link/rungs";
import { subscribe } from "../../src/mqtt/request";
import { booted, CONNACK, climb, deliver, MQTT, noting, packets } from "../support/climb.ts";
import { closeFrame, hex, reply, serverFrame } from "../ws/server.ts";

/** A link that was up and is being stopped. */
function leaving() {
  const events: string[] = [];
  const subject = booted(noting(events));
  climb(subject.board, MQTT);
  subject.board.sent();
  events.length = 0;
  ladder.stop(subject.link);
  return { ...subject, events };
}

/** Fails if anything of the link is left. Late events change nothing. */
function assertOff({ board, link, events }: ReturnType<typeof leaving>): void {
  assert.equal(link.state, rung.OFF);
  assert.equal(board.second, undefined, "no timer is left");
  assert.match(board.log.at(-1)!, /DONE/);
  const before = [board.lines.length, board.joins.length, board.opens.length];
  board.line.data(reply() + serverFrame(0x82, CONNACK) + serverFrame(0x89) + closeFrame(1000));
  board.line.closed("late");
  board.radio.left("late");
  board.radio.joined("late");
  ladder.fall(link, "late", 1);
  assert.deepEqual([board.lines.length, board.joins.length, board.opens.length], before);
  assert.equal(link.state, rung.OFF);
  assert.deepEqual(events, []);
}

test("stop: the link sends DISCONNECT, then CLOSE 1000", () => {
  const { board, link } = leaving();
  assert.deepEqual(packets(board), ["e000", "close 03e8"]);
  assert.equal(link.state, rung.LEAVING);
  assert.ok(board.second, "the deadline still runs");
});

test("stop: the server answers CLOSE, the link is OFF", () => {
  const subject = leaving();
  packets(subject.board);
  subject.board.line.data(closeFrame(1000));
  assert.deepEqual(packets(subject.board), [], "its CLOSE is the answer: no other one");
  assertOff(subject);
});

test("stop: the server ends TCP without CLOSE, the link is OFF", () => {
  const subject = leaving();
  subject.board.line.closed("");
  assertOff(subject);
});

test(`stop: the server does nothing for ${rung.CLOSE_DEADLINE_S} s, the link is OFF`, () => {
  const subject = leaving();
  subject.board.seconds(rung.CLOSE_DEADLINE_S - 1);
  assert.equal(subject.link.state, rung.LEAVING);
  subject.board.seconds(1);
  assert.equal(subject.board.ends.at(-1), 1);
  assertOff(subject);
});

test("stop: the Wi-Fi is lost before the server answers, the link is OFF", () => {
  const subject = leaving();
  subject.board.radio.left("gone");
  assert.equal(subject.link.state, rung.LEAVING, "no fall, no climb");
  subject.board.seconds(rung.CLOSE_DEADLINE_S);
  assertOff(subject);
});

test("stop: the server sends a wrong frame instead of its answer, the link is OFF", () => {
  const subject = leaving();
  subject.board.line.data(hex("c2 00"));
  assertOff(subject);
});

test("stop: messages that arrive before the server's answer are not delivered", () => {
  const subject = leaving();
  deliver(subject.board, hex("3004 0001 6162"));
  subject.board.line.data(closeFrame(1000));
  assertOff(subject);
});

test("stop: the log has no error, and the Wi-Fi stays joined", () => {
  const { board, link } = leaving();
  board.line.data(closeFrame(1000));
  assert.ok(link.joined);
  assert.deepEqual(
    board.log.filter((line) => line.startsWith("1")),
    [],
  );
});

test("stop: callbacks that wait for an answer get an error", () => {
  const { board, link } = booted(noting([]));
  climb(board, MQTT);
  const done: number[] = [];
  subscribe(link.client, [{ filter: "a", qos: 0 }], (reason) => done.push(reason));
  ladder.stop(link);
  assert.equal(done.length, 1);
  assert.notEqual(done[0], 0);
});

test("stop: called inside the application's up, the link sends DISCONNECT and is OFF", () => {
  const events: string[] = [];
  const app = noting(events);
  const make = app.make;
  app.make = (config) => ({ ...make(config), up: ladder.stop });
  const { board, link } = booted(app);
  climb(board, MQTT);
  assert.deepEqual(packets(board).slice(1), ["e000", "close 03e8"]);
  assert.equal(link.state, rung.LEAVING);
  board.line.closed("");
  assert.equal(link.state, rung.OFF);
});
