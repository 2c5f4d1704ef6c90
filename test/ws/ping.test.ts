// A server sends PINGs and does not read. One answer waits, however many PINGs come, and is sent when the board's queue is empty.
import assert from "node:assert/strict";
import { test } from "node:test";
import { opened } from "./opened.ts";
import { serverFrame } from "./server.ts";

test("ping: while bytes wait unsent, the answer to the last PING waits, then it is sent", () => {
  const { board, line, events } = opened();
  board.sent();
  board.clogged = true;
  board.unsent = 1;
  for (const payload of ["one", "two", "three"]) line.data(serverFrame(0x89, payload));
  assert.deepEqual(board.sent(), []);
  board.drain();
  assert.deepEqual(board.sent(), [{ first: 0x8a, payload: "three" }]);
  board.drain();
  assert.deepEqual(board.sent(), [], "once");
  assert.deepEqual(events, []);
});

test("ping: the connection ends while an answer waits, the answer is not sent on the next one", () => {
  const { board, line, ws } = opened();
  board.sent();
  board.clogged = true;
  board.unsent = 1;
  line.data(serverFrame(0x89, "one"));
  line.data(serverFrame(0x88));
  assert.equal(ws.ping, undefined);
  assert.deepEqual(
    board.sent().map(({ first }) => first),
    [0x88],
  );
});
