// How long the link waits before it climbs again, and from which rung it begins.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as rung from "../../src/link/rungs";
import {
  ALMOST_1,
  booted,
  climb,
  JOINED,
  MQTT,
  noting,
  type Subject,
  secondsUntil,
  TCP,
  WS,
} from "../support/climb.ts";
import type { FakeLine } from "../support/fake-board.ts";

/** A link whose connections are refused at once, with a fixed random number. */
function refused(chance: number): Subject {
  const subject = booted(noting([]), { link: { rebootAfterS: 0 } });
  subject.board.luck = chance;
  subject.board.onJoin = (radio) => radio.joined("");
  subject.board.onOpen = (line) => line.closed("connection refused");
  subject.board.radio.joined("");
  return subject;
}

/** Seconds between attempts to connect, so many times. */
function waits({ board }: Subject, times: number): number[] {
  return Array.from({ length: times }, () => {
    const before = board.opens.length;
    return secondsUntil(board, () => board.opens.length > before);
  });
}

test("back-off: with the highest random number the wait doubles from 1 s to 32 s", () => {
  assert.deepEqual(waits(refused(ALMOST_1), 8), [1, 2, 4, 8, 16, 32, 32, 32]);
});

test("back-off: with the lowest random number the wait is just above the half of its bound", () => {
  assert.deepEqual(waits(refused(0), 8), [1, 2, 3, 5, 9, 17, 17, 17]);
});

test("back-off: with a random number in the middle the wait is in the middle of its range", () => {
  assert.deepEqual(waits(refused(0.5), 8), [1, 2, 4, 7, 13, 25, 25, 25]);
});

test("back-off: after each failure the log has its reason and the wait", () => {
  const subject = refused(ALMOST_1);
  waits(subject, 2);
  const falls = subject.board.log.filter((line) => line.startsWith("1 link DOWN"));
  assert.equal(falls.length, 3);
  assert.match(falls[0]!, /connection refused.* 1 s$/);
  assert.match(falls[1]!, /connection refused.* 2 s$/);
  assert.match(falls[2]!, /connection refused.* 4 s$/);
});

test("back-off: after a thousand failures the wait is still 32 s", () => {
  const subject = refused(ALMOST_1);
  waits(subject, 1000);
  assert.equal(subject.link.state, rung.DOWN);
  assert.deepEqual(waits(subject, 1), [32]);
});

test("back-off: the Wi-Fi is joined again at every fifth failure in a row", () => {
  const subject = refused(0);
  const joins: number[] = [];
  for (let attempt = 1; attempt <= 12; attempt++) {
    const before = subject.board.joins.length;
    waits(subject, 1);
    if (subject.board.joins.length > before) joins.push(attempt);
  }
  assert.deepEqual(joins, [5, 10]);
});

test("back-off: a connection that ends behind TCP is tried again after 1 to 32 s, then after 17 to 32 s", () => {
  for (const [chance, next] of [
    [0, [1, 17, 17]],
    [0.5, [17, 25, 25]],
    [ALMOST_1, [32, 32, 32]],
  ] as const)
    for (const steps of [TCP, WS, MQTT]) {
      const subject = refused(chance);
      const { board, link } = subject;
      board.onOpen = () => {};
      secondsUntil(board, () => link.state === rung.OPENING);
      climb(board, steps, JOINED);
      board.onOpen = (line) => line.closed("connection refused");
      // Four failures without TCP went before; this one is the first of its kind.
      link.tries = 0;
      board.line.closed("");
      assert.deepEqual(waits(subject, 3), next);
    }
});

test("back-off: a link that was up and lost the Wi-Fi tries again after 1 s", () => {
  const { board, link } = booted(noting([]), { mqtt: { keepAlive: 0 } });
  board.luck = ALMOST_1;
  climb(board, MQTT);
  board.seconds(rung.STEADY_S);
  board.onJoin = () => {};
  board.radio.left("BEACON_TIMEOUT");
  assert.equal(
    secondsUntil(board, () => link.state === rung.JOINING),
    1,
  );
});

/** Fails at TCP four times, then is up for so many seconds, then loses its connection; returns the next wait. */
function waitAfterUp(seconds: number): number {
  const subject = refused(0);
  const { board, link } = subject;
  waits(subject, 3);
  board.onOpen = () => {};
  secondsUntil(board, () => link.state === rung.OPENING);
  climb(board, MQTT, JOINED);
  board.seconds(seconds);
  assert.equal(link.state, rung.UP);
  board.onOpen = (line) => line.closed("connection refused");
  board.line.closed("");
  return waits(subject, 1)[0]!;
}

test(`back-off: being up for ${rung.STEADY_S} s resets the wait, being up for less does not`, () => {
  assert.equal(rung.STEADY_S, 60);
  assert.equal(waitAfterUp(0), 9);
  assert.equal(waitAfterUp(44), 9);
  // At 45 s a PINGREQ goes out; its answer is not late yet at 54.
  assert.equal(waitAfterUp(54), 9);
});

test("back-off: only 60 s up in one connection reset the wait, earlier connections do not count", () => {
  const next = (up: number[]) => {
    const { board, link } = booted(noting([]), { mqtt: { keepAlive: 0 } });
    board.luck = 0;
    climb(board, JOINED);
    let last = 0;
    for (const seconds of up) {
      climb(board, MQTT, JOINED);
      board.seconds(seconds);
      board.line.closed("");
      last = secondsUntil(board, () => link.state === rung.OPENING);
    }
    return last;
  };
  assert.equal(next([1, 1, 1]), 17);
  assert.equal(next([1, 1, 59]), 17);
  assert.equal(next([1, 1, 60]), 1);
  assert.equal(next([1, 1, 1000]), 1);
  assert.equal(next([30, 30, 59]), 17);
});

test("back-off: at its fastest a board makes at most 12 attempts in a minute, whichever failures it meets", () => {
  const behindTcp = (line: FakeLine) => {
    line.data("");
    line.closed("");
  };
  for (const fail of [(line: FakeLine) => line.closed("connection refused"), behindTcp]) {
    const subject = refused(0);
    const { board } = subject;
    board.onOpen = fail;
    const before = board.opens.length;
    board.seconds(60);
    const attempts = board.opens.length - before;
    assert.ok(attempts <= 12, `${attempts} attempts`);
  }
});
