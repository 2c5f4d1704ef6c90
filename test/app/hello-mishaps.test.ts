// The tutorial's application when other messages arrive, no message arrives, or the broker refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HELLO_DEADLINE_S } from "../../src/app/hello";
import * as rung from "../../src/link/rungs";
import { climb, deliver, JOINED, MQTT, packets } from "../support/climb.ts";
import { hex } from "../ws/server.ts";
import { HELLO_0, HELLO_1, MESSAGE, said, TOPIC, up } from "./hello.ts";

for (const [name, packet, line] of [
  ["a retained copy", hex(`31 0e ${TOPIC} ${MESSAGE}`), "RECEIVED hello <- mg/test"],
  ["another message", hex(`30 0b ${TOPIC} 6869`), "RECEIVED hi <- mg/test"],
  ["the message to another topic", hex(`30 08 0001 74 ${MESSAGE}`), "RECEIVED hello <- t"],
  ["a message that begins alike", hex(`30 0f ${TOPIC} ${MESSAGE} 21`), "RECEIVED hello! <- mg/test"],
] as const) {
  test(`hello: ${name} is printed and does not count`, () => {
    const { board, link } = up();
    deliver(board, hex("90 03 0001 01 40 02 0002") + packet);
    assert.equal(said(board).at(-1), `hello ${line}`);
    assert.equal(link.state, rung.UP);
    deliver(board, HELLO_1);
    assert.equal(link.state, rung.LEAVING);
  });
}

test("hello: control characters and escape sequences of a payload never reach the console", () => {
  const { board } = up();
  const payloads = [
    "\x1b[2J\x1b]0;x\x07",
    "\r\n0 1 boot forged",
    "\0\x7f\x08",
    "\xc2\x9b2J\xc2\x85",
    "\x1b".repeat(1000),
  ];
  for (const payload of payloads) {
    const length = payload.length + 5;
    deliver(
      board,
      `\x30${length < 128 ? String.fromCharCode(length) : hex("ed07")}${hex("0003 611b62")}${payload}`,
    );
  }
  assert.equal(said(board).filter((line) => line.includes("RECEIVED")).length, payloads.length);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  for (const line of board.lines) assert.doesNotMatch(line, /[\0-\x1f\x7f]|\xc2[\x80-\x9f]/);
});

test("hello: the broker refuses the subscription, nothing is published and the link falls", () => {
  const { board, link } = up();
  deliver(board, hex("90 03 0001 80"));
  assert.equal(link.state, rung.DOWN);
  assert.match(said(board).at(-1)!, /DOWN: .*subscription.*mg\/test, reason 0x80,/);
  assert.deepEqual(packets(board), ["close 03e9"], "nothing is published");
});

test("hello: the broker grants a lower QoS, the exchange completes", () => {
  const { board } = up({ app: { qos: 2 } });
  deliver(board, hex("90 03 0001 00"));
  assert.match(packets(board)[0]!, /^34/, "its own message keeps its QoS");
  deliver(board, hex("50 02 0002 70 02 0002") + HELLO_0);
  assert.deepEqual(packets(board), ["62020002", "e000", "close 03e8"]);
});

for (const [name, before] of [
  ["SUBACK does not come", ""],
  ["PUBACK does not come", hex("90 03 0001 01") + HELLO_1],
  ["the message does not come back", hex("90 03 0001 01 40 02 0002")],
] as const) {
  test(`hello: ${name} in ${HELLO_DEADLINE_S} s`, () => {
    const { board, link } = up();
    if (before) deliver(board, before);
    board.seconds(HELLO_DEADLINE_S - 1);
    assert.equal(link.state, rung.UP);
    board.seconds(1);
    assert.equal(link.state, rung.DOWN);
    assert.match(said(board).at(-1)!, /DOWN: .*15 s from mg\/test: .*access rules \(ACL\)/);
  });
}

test("hello: a message that arrives before ours is published does not count", () => {
  const { board, link } = up();
  deliver(board, HELLO_1 + hex("90 03 0001 01 40 02 0002"));
  assert.equal(link.state, rung.UP);
  deliver(board, HELLO_1);
  assert.equal(link.state, rung.LEAVING);
});

test("hello: after a lost connection the exchange starts again", () => {
  const { board, link } = up();
  deliver(board, hex("90 03 0001 01 40 02 0002"));
  packets(board);
  board.line.closed("");
  board.seconds(1);
  climb(board, MQTT, JOINED);
  assert.match(packets(board)[1]!, /^820c0003/, "with the next identifier");
  deliver(board, hex("90 03 0003 01 40 02 0004"));
  assert.equal(said(board).filter((line) => line.startsWith("hello PUBLISHED")).length, 2);
  board.seconds(HELLO_DEADLINE_S - 1);
  assert.equal(link.state, rung.UP, "nor the seconds");
  deliver(board, HELLO_1);
  assert.equal(link.state, rung.LEAVING);
});

test("hello: a topic of 65,535 bytes, its errors stay one line", () => {
  for (const [answers, words] of [
    ["90 03 0001 80", /refused the subscription to t{64}\.\.\., reason 0x80, again in/],
    ["90 03 0001 01", /15 s from t{64}\.\.\.: .*ACL.*, again in/],
  ] as const) {
    const { board, link } = up({
      app: { topic: "t".repeat(65_535) },
      mqtt: { outbox: { bytes: 200_000 }, maxPacket: 200_000 },
    });
    deliver(board, hex(answers));
    board.seconds(HELLO_DEADLINE_S);
    assert.match(board.log.at(-1)!, words);
    assert.ok(link.why.length < 200);
  }
});

test("hello: a message larger than the outbox can hold: said at once", () => {
  const { board } = up({ app: { message: "x".repeat(500) }, mqtt: { outbox: { bytes: 400 } } });
  deliver(board, hex("90 03 0001 01"));
  assert.match(said(board).at(-1)!, /DOWN: the message to mg\/test was refused, reason 0x95, again/);
});
