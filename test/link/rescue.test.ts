// An unattended board stays alive: the watchdog, faults of the engine, a restart whose reason is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RESTART_FILE } from "../../src/config/files";
import * as ladder from "../../src/link/ladder";
import { boot } from "../../src/link/power-on";
import * as rung from "../../src/link/rungs";
import { full } from "../../src/profile/full";
import {
  booted,
  climb,
  JOINED,
  MQTT,
  noting,
  packets,
  type Subject,
  secondsUntil,
  TCP,
} from "../support/climb.ts";
import { FakeBoard } from "../support/fake-board.ts";

const { WATCHDOG_S, FAULT_WITHIN_S } = rung;

/** A link that never has a network: its Wi-Fi refuses with this reason. */
function lost(why: string, rebootAfterS?: number): Subject {
  const subject = booted(noting([]), rebootAfterS === undefined ? {} : { link: { rebootAfterS } });
  subject.board.onJoin = (radio) => radio.joined(why);
  subject.board.radio.joined(why);
  return subject;
}

/** The same board after its restart: its files stay. */
function rebooted({ files }: FakeBoard): FakeBoard {
  const board = new FakeBoard();
  board.files = files;
  boot(board, noting([]), full);
  return board;
}

const restarted = (board: FakeBoard) => () => board.restarts > 0;

test("restart: 900 s after boot without being UP, the board restarts", () => {
  const { board } = lost("NO_AP_FOUND");
  board.seconds(899);
  assert.equal(board.restarts, 0);
  board.seconds(1);
  assert.equal(board.restarts, 1);
  assert.match(board.log.at(-1)!, /^1 link RESTARTING: not connected for 900 s: Wi-Fi: NO_AP_FOUND/);
  assert.equal(board.second, undefined, "nothing goes on meanwhile");
});

test("restart: after a connection the time counts from its end, on any rung", () => {
  for (const steps of [0, JOINED, TCP]) {
    const { board, link } = booted(noting([]), { mqtt: { keepAlive: 0 }, link: { rebootAfterS: 100 } });
    climb(board, MQTT);
    board.seconds(5000);
    assert.equal(board.restarts, 0, "UP for longer is no reason");
    board.radio.left("gone");
    board.onJoin = (radio) => steps && radio.joined("");
    board.onOpen = (line) => steps === TCP && line.data("");
    assert.equal(secondsUntil(board, restarted(board)), 100);
    assert.equal(link.state, rung.OFF);
  }
});

test("restart: seconds in which connecting blocks the chip count", () => {
  const { board } = booted(noting([]));
  board.onOpen = (line) => {
    board.ms += 200_000;
    line.closed("no way to the host");
  };
  board.radio.joined("");
  assert.ok(secondsUntil(board, restarted(board)) < 200);
});

test("restart: with link.rebootAfterS 0 the board never restarts", () => {
  const { board } = lost("NO_AP_FOUND", 0);
  board.seconds(100_000);
  assert.equal(board.restarts, 0);
});

test("restart: the next boot logs the reason, and once UP the reason is erased", () => {
  const { board } = lost("NO_AP_FOUND");
  secondsUntil(board, restarted(board));
  const next = rebooted(board);
  assert.match(next.log[1]!, /^1 boot restarted by itself: not connected for 900 s: Wi-Fi: NO_AP_FOUND/);
  assert.ok(next.files[RESTART_FILE]);
  climb(next, MQTT);
  assert.equal(next.files[RESTART_FILE], undefined);
  assert.doesNotMatch(rebooted(next).text, /by itself/);
});

test("restart: the reason is written to flash only when it is new", () => {
  const first = lost("NO_AP_FOUND").board;
  secondsUntil(first, restarted(first));
  assert.deepEqual(first.saves, [RESTART_FILE]);
  for (const [why, writes] of [
    ["NO_AP_FOUND", 0],
    ["AUTH_FAIL", 1],
  ] as const) {
    const next = rebooted(first);
    next.onJoin = (radio) => radio.joined(why);
    next.radio.joined(why);
    secondsUntil(next, restarted(next));
    assert.equal(next.saves.length, writes);
  }
  const { board } = booted(noting([]));
  climb(board, MQTT);
  assert.deepEqual(board.saves, [], "nothing to remove");
});

test("restart: a full Storage is logged and does not prevent the restart", () => {
  const { board } = lost("NO_AP_FOUND");
  board.refusal = "Storage is full";
  secondsUntil(board, restarted(board));
  assert.match(board.log.at(-1)!, /^1 link .*reason is lost.*Storage is full/);
});

test("restart: a long reason of a server is cut", () => {
  const { board } = booted(noting([]), { link: { rebootAfterS: 1 } });
  board.radio.joined("x".repeat(2000));
  secondsUntil(board, restarted(board));
  assert.ok(board.files[RESTART_FILE]!.length <= 240);
});

test("fault: the link ends the connection with CLOSE and makes a new one", () => {
  const { board, link } = booted(noting([]));
  climb(board, MQTT);
  board.sent();
  board.fault("MEMORY");
  assert.match(board.log.at(-1)!, /^1 link DOWN: .*MEMORY, again in 1 s$/);
  assert.deepEqual(packets(board), ["close 03e9"]);
  board.seconds(1);
  climb(board, MQTT, JOINED);
  assert.equal(link.state, rung.UP);
  assert.equal(board.restarts, 0);
});

for (const [name, steps] of [
  ["joining", 0],
  ["connecting", JOINED],
  ["UP", MQTT],
] as const) {
  test(`fault: when the engine removes the tick while ${name}, the tick starts again`, () => {
    const { board, link } = booted(noting([]));
    climb(board, steps);
    board.second = undefined;
    board.fault("CALLBACK");
    assert.equal(link.state, rung.DOWN);
    board.seconds(1);
    assert.notEqual(link.state, rung.DOWN);
  });
}

test("fault: during a wait the tick starts again and the wait stays", () => {
  const { board, link } = booted(noting([]));
  climb(board, MQTT);
  board.line.closed("");
  board.second = undefined;
  board.fault("CALLBACK");
  assert.equal(board.log.filter((line) => line.includes("DOWN")).length, 1);
  board.seconds(1);
  assert.equal(link.state, rung.OPENING);
});

for (const [name, after, restarts] of [
  ["within ten minutes restarts the board", FAULT_WITHIN_S - 1, 1],
  ["after more than ten minutes does not", FAULT_WITHIN_S, 0],
] as const) {
  test(`fault: a second fault ${name}`, () => {
    const { board } = booted(noting([]), { mqtt: { keepAlive: 0 } });
    climb(board, MQTT);
    board.seconds(1);
    board.fault("MEMORY");
    board.seconds(1);
    climb(board, MQTT, JOINED);
    board.seconds(after - 1);
    board.fault("CALLBACK,MEMORY");
    assert.equal(board.restarts, restarts);
    assert.equal(/twice: CALLBACK,MEMORY$/.test(board.files[RESTART_FILE] ?? ""), restarts === 1);
  });
}

test("fault: after stop the link is OFF at once, and a second fault does nothing", () => {
  const { board, link } = booted(noting([]));
  climb(board, MQTT);
  ladder.stop(link);
  board.fault("MEMORY");
  assert.equal(link.state, rung.OFF);
  const lines = board.lines.length;
  board.fault("MEMORY");
  assert.equal(board.lines.length, lines);
  assert.equal(board.second, undefined);
});

test(`watchdog: armed with ${WATCHDOG_S} s, fed every second on every rung, given back to the engine at the end`, () => {
  const { board, link } = booted(noting([]));
  assert.deepEqual(board.fed, [WATCHDOG_S], "armed at the first climb");
  const feedsIn = (seconds: number) => {
    board.fed.length = 0;
    board.seconds(seconds);
    return board.fed.filter((periodS) => periodS === WATCHDOG_S).length;
  };
  assert.equal(feedsIn(39), 39);
  climb(board, JOINED);
  assert.equal(feedsIn(29), 29);
  climb(board, MQTT, JOINED);
  assert.equal(feedsIn(40), 40);
  board.line.closed("");
  assert.equal(feedsIn(1), 1);
  climb(board, MQTT, JOINED);
  board.fed.length = 0;
  ladder.stop(link);
  board.line.closed("");
  assert.deepEqual(board.fed, [0]);
});

test("watchdog: with a wrong configuration it is not armed", () => {
  const board = new FakeBoard();
  board.files["config.json"] = "{}";
  assert.equal(boot(board, noting([]), full), undefined);
  assert.deepEqual(board.fed, []);
});

test("tick: on every rung it starts again, so that no deadline comes early", () => {
  const { board } = booted(noting([]));
  const begun: number[] = [];
  const { tick } = board;
  board.tick = (second) => {
    begun.push(second ? 1 : 0);
    tick(second);
  };
  const steps: (() => void)[] = [
    () => climb(board, JOINED),
    () => climb(board, TCP, JOINED),
    () => climb(board, MQTT - 1, TCP),
    () => climb(board, MQTT, MQTT - 1),
    () => board.line.closed(""),
    () => board.seconds(1),
  ];
  for (const step of steps) {
    begun.length = 0;
    step();
    assert.equal(begun.at(-1), 1, String(step));
  }
});
