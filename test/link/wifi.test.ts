// The first rung: the Wi-Fi is joined, refuses, does not answer, is lost on any later rung, and comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as rung from "../../src/link/rungs";
import { booted, climb, JOINED, MQTT, noting, packets, secondsUntil, TCP, WS } from "../support/climb.ts";

/** A link on some rung, its writes forgotten. */
function at(steps: number, config = {}) {
  const subject = booted(noting([]), config);
  climb(subject.board, steps);
  subject.board.sent();
  return subject;
}

test("wifi: the link joins with the name, password and hostname of config.json", () => {
  const { board } = at(0, { wifi: { ssid: "net", password: "pw", hostname: "lamp" } });
  assert.deepEqual(board.joins[0]?.network, { ssid: "net", password: "pw", hostname: "lamp" });
  assert.deepEqual(board.opens, [], "nothing is opened before it is joined");
});

test("wifi: random numbers are seeded at boot, and again when the Wi-Fi is joined", () => {
  const { board } = at(0);
  assert.equal(board.seeds, 1);
  climb(board, JOINED);
  assert.equal(board.seeds, 2);
});

test("wifi: an answer inside join, before it returns, counts", () => {
  const { board, link } = at(0);
  board.radio.joined("refused");
  board.onJoin = (radio) => radio.joined("");
  board.seconds(1);
  assert.equal(link.state, rung.OPENING);
  board.seconds(29);
  assert.equal(link.state, rung.OPENING);
});

test("wifi: the access point refuses, the log says what to check", () => {
  const { board, link } = at(0);
  board.radio.joined("bad password");
  assert.equal(link.state, rung.DOWN);
  assert.match(board.log.at(-1)!, /^1 link DOWN: .*bad password.*wifi/);
  board.seconds(1);
  assert.equal(board.joins.length, 2);
  climb(board, MQTT);
  assert.equal(link.state, rung.UP);
});

for (const [name, steps] of [
  ["while joining", 0],
  ["while connecting", JOINED],
  ["before the reply", TCP],
  ["before CONNACK", WS],
  ["while up", MQTT],
] as const) {
  test(`wifi: lost ${name}, the link joins again and climbs`, () => {
    const { board, link } = at(steps);
    board.radio.left("out of range");
    assert.equal(link.state, rung.DOWN);
    assert.match(board.log.at(-1)!, /^1 link DOWN: .*out of range/);
    assert.deepEqual(packets(board), [], "nobody can be told");
    assert.equal(board.ends.at(-1), 1, "and what is unsent is dropped");
    board.seconds(1);
    assert.equal(board.joins.length, 2, "it is joined anew");
    climb(board, MQTT);
    assert.equal(link.state, rung.UP);
  });
}

test("wifi: lost during a wait, it is joined again without another fall", () => {
  const { board, link } = at(MQTT);
  board.line.closed("");
  const lines = board.lines.length;
  board.radio.left("gone");
  assert.equal(board.lines.length, lines);
  board.seconds(1);
  assert.equal(link.state, rung.JOINING);
});

test("wifi: an answer that comes after its deadline is ignored", () => {
  const { board, link } = at(0);
  const late = board.radio;
  board.seconds(rung.JOIN_DEADLINE_S);
  assert.equal(link.state, rung.DOWN);
  late.joined("");
  late.joined("timeout");
  assert.equal(link.state, rung.DOWN);
  assert.equal(board.opens.length, 0);
  assert.equal(link.secondsLeft, 1);
});

test("wifi: an answer to an earlier attempt is ignored", () => {
  const { board, link } = at(0);
  const late = board.radio;
  board.seconds(rung.JOIN_DEADLINE_S + 1);
  assert.equal(link.state, rung.JOINING);
  late.joined("timeout");
  assert.equal(link.state, rung.JOINING);
});

test("wifi: an answer that comes twice counts once", () => {
  const { board, link } = at(0);
  board.radio.joined("");
  board.radio.joined("");
  board.radio.joined("late");
  assert.equal(link.state, rung.OPENING);
  assert.equal(board.opens.length, 1);
});

test(`wifi: every ${rung.RADIO_EVERY}rd attempt in a row switches the radio off and on, and the log says so`, () => {
  const { board, link } = at(0);
  for (let n = 1; n < 7; n++) {
    board.radio.joined("refused");
    secondsUntil(board, () => link.state === rung.JOINING);
  }
  assert.deepEqual(
    board.joins.map(({ anew }) => anew),
    [0, 0, 1, 0, 0, 1, 0],
  );
  const said = board.log.filter((line) => line.startsWith("2 wifi Joining home"));
  assert.deepEqual([said[1], said[2]], [said[0], `${said[0]}, the radio off and on first`]);
});

test("wifi: joined without a network behind it, every fifth failure joins again, and the radio is switched off and on", () => {
  const { board, link } = at(0, { link: { rebootAfterS: 0 } });
  board.onJoin = (radio) => radio.joined("");
  board.onOpen = (line) => line.closed("refused");
  board.radio.joined("");
  secondsUntil(board, () => board.opens.length === 13);
  assert.deepEqual(
    board.joins.map(({ anew }) => anew),
    [0, 1, 1],
    "the driver believes that it is joined: connecting again would get no answer",
  );
  board.onOpen = () => {};
  secondsUntil(board, () => link.state === rung.OPENING);
  climb(board, MQTT, JOINED);
  board.radio.left("gone");
  secondsUntil(board, () => link.state === rung.OPENING);
  assert.equal(board.joins.at(-1)?.anew, 0, "being UP begins the count anew");
});

test("wifi: after an attempt without an answer the radio is switched off and on", () => {
  const { board, link } = at(0);
  board.seconds(rung.JOIN_DEADLINE_S + 1);
  assert.deepEqual([link.state, board.joins.length, board.joins.at(-1)?.anew], [rung.JOINING, 2, 1]);
  board.radio.joined("AUTH_FAIL");
  secondsUntil(board, () => link.state === rung.JOINING);
  assert.equal(board.joins.at(-1)?.anew, 0, "an answer needs no such thing");
});

test("wifi: an engine that tells a refusal by its event only: the log says what to check", () => {
  const { board, link } = at(0);
  board.radio.left("NO_AP_FOUND");
  assert.equal(link.state, rung.DOWN);
  assert.match(board.log.at(-1)!, /DOWN: Wi-Fi: NO_AP_FOUND, check wifi.ssid and wifi.password, again/);
});
