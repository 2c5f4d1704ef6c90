// Lines of a WebSocket in the log: a GOT line for each data frame, and at level 4 the wire in hex with secrets
// replaced.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frames, websocket } from "#subject";
import { opened } from "./opened.ts";
import { closeFrame, hex, serverFrame } from "./server.ts";

test("log: for each data frame one GOT line with its length, when its header is complete", () => {
  const { board } = opened();
  board.ms = 0x1a2b;
  board.line.data(hex("82 7e 01"));
  assert.deepEqual(board.lines, []);
  board.line.data("\x2c");
  assert.deepEqual(board.lines, ["1a2b 2 ws GOT 300 bytes WS msg"]);
  for (let i = 0; i < 3; i++) board.line.data("x".repeat(100));
  assert.equal(board.lines.length, 1);
  board.line.data(serverFrame(0x02, "abcd") + serverFrame(0x89, "p") + serverFrame(0x80));
  assert.deepEqual(board.log.slice(1), ["2 ws GOT 4 bytes WS msg", "2 ws GOT 0 bytes WS msg"]);
});

test("log: below level 2 frames are not logged", () => {
  for (const level of [0, 1]) {
    const { board, ws } = opened(level);
    board.line.data(serverFrame(0x82, "abc"));
    websocket.send(ws, "abc", "abc", frames.BINARY);
    assert.deepEqual(board.lines, []);
  }
});

test("log: where the application does not show its frames, they are logged from level 3 on", () => {
  for (const [level, lines] of [
    [2, []],
    [3, ["3 ws GOT 3 bytes WS msg", "3 ws GOT 200 bytes WS msg", "3 ws GOT 1 bytes WS msg"]],
  ] as const) {
    const { board } = opened(level, 0);
    board.line.data(serverFrame(0x82, "abc") + serverFrame(0x82, "x".repeat(200)) + serverFrame(0x02, "f"));
    assert.deepEqual(board.log, lines);
  }
});

test("log: below level 4 no bytes are shown", () => {
  const { board, ws } = opened(3);
  websocket.send(ws, "\x10\x00", "\x10\x00", frames.BINARY);
  board.line.data(serverFrame(0x89, "p"));
  assert.deepEqual(board.lines, []);
});

test("log: at level 4 sent frames are shown unmasked", () => {
  const { board, ws } = opened(4);
  board.luck = 0.999;
  websocket.send(ws, "\xc0\x00", "\xc0\x00", frames.BINARY);
  assert.deepEqual(board.log, ["4 wire > 82 02 c0 00"]);
  assert.deepEqual(board.sent(), [{ first: 0x82, payload: "\xc0\x00" }]);
});

test("log: at level 4 received bytes are shown 16 a line", () => {
  const { board } = opened(4);
  board.line.data(serverFrame(0x82, "0123456789abcdefgh"));
  assert.deepEqual(board.log, [
    "4 wire < 82 12 30 31 32 33 34 35 36 37 38 39 61 62 63 64",
    "4 wire < 65 66 67 68",
    "2 ws GOT 18 bytes WS msg",
  ]);
});

test("log: at level 4 a secret is replaced in the log and sent unchanged", () => {
  const { board, ws } = opened(4);
  websocket.send(ws, "user:secret", "****:******", frames.BINARY);
  assert.deepEqual(board.log, ["4 wire > 82 0b 2a 2a 2a 2a 3a 2a 2a 2a 2a 2a 2a"]);
  assert.deepEqual(board.sent(), [{ first: 0x82, payload: "user:secret" }]);
});

test("log: at level 4 the answers to PING and CLOSE are shown", () => {
  const { board } = opened(4);
  board.line.data(serverFrame(0x89, "hi") + closeFrame(1000));
  assert.deepEqual(board.log, [
    "4 wire < 89 02 68 69 88 02 03 e8",
    "4 wire > 8a 02 68 69",
    "4 wire > 88 02 03 e8",
  ]);
});

test("masking: each frame has a key from the board's random numbers", () => {
  const { board, ws } = opened();
  const key = (chance: number) => {
    board.luck = chance;
    websocket.send(ws, "", "", frames.BINARY);
    return Buffer.from(board.writes.at(-1)!, "latin1").readUInt32LE(2);
  };
  assert.equal(key(0), 1, "never zero");
  assert.equal(key(0.5), 0x80000001);
  assert.equal(key(1 - 2 ** -53), 0xffffffff);
});
