// How a WebSocket ends: the peer's CLOSE, our own, a forbidden frame, an owner that abandons it. And that
// nothing follows the end (RFC 6455 5.5.1, 7.1).
import assert from "node:assert/strict";
import { test } from "node:test";
import { spec, websocket } from "#subject";
import { FakeBoard } from "../support/fake-board.ts";
import { opened, opening, TARGET } from "./opened.ts";
import { closeFrame, hex, reply, serverFrame } from "./server.ts";
import { ownerOf } from "./told.ts";

test("websocket: the peer's CLOSE is answered with its code, then the connection ends", () => {
  const { board, events, line, ws } = opened();
  line.data(closeFrame(1001, "going down"));
  assert.deepEqual(board.sent(), [{ first: 0x88, payload: hex("03e9") }]);
  assert.deepEqual(board.ends, [0], "what was written is still to be sent");
  assert.equal(events.length, 1);
  assert.match(events[0]!, /^closed .*1001 going down/);
  assert.equal(ws.state, websocket.WS_CLOSED);
});

test("websocket: a CLOSE without a code is answered without one", () => {
  const { board, events, line } = opened();
  line.data(hex("88 00"));
  assert.deepEqual(board.sent(), [{ first: 0x88, payload: "" }]);
  assert.equal(events.length, 1);
});

test("websocket: a PING and a CLOSE in one chunk are answered in this order", () => {
  const { board, line } = opened();
  line.data(serverFrame(0x89, "p") + closeFrame(4999));
  assert.deepEqual(board.sent(), [
    { first: 0x8a, payload: "p" },
    { first: 0x88, payload: hex("1387") },
  ]);
});

for (const [code, reason] of [
  [1001, spec.UNSPECIFIED_ERROR],
  [1011, spec.UNSPECIFIED_ERROR],
  [1012, spec.SERVER_UNAVAILABLE],
  [1013, spec.SERVER_UNAVAILABLE],
  [1014, spec.UNSPECIFIED_ERROR],
] as const)
  test(`websocket: a CLOSE with ${code} has the reason 0x${reason.toString(16)}`, () => {
    const board = new FakeBoard();
    const reasons: unknown[] = [];
    const nothing = () => {};
    const owner = ownerOf({
      connected: nothing,
      open: nothing,
      data: nothing,
      drained: nothing,
      closed: (_, reason) => reasons.push(reason),
    });
    const log = { level: 0, print: board.print, uptime: board.uptime };
    websocket.openWebSocket(websocket.newWebSocket(board, log, owner), TARGET);
    board.line.data("");
    board.line.data(reply());
    board.line.data(closeFrame(code));
    assert.deepEqual(reasons, [reason]);
  });

for (const [name, bytes, code] of [
  ["a masked frame", hex("82 80 00000000"), "03ea"],
  ["a text frame", hex("81 00"), "03eb"],
  ["ill-formed UTF-8 in a CLOSE", closeFrame(1000, "\xff"), "03ef"],
  ["a CLOSE of one byte", hex("88 01 00"), "03ea"],
] as const) {
  test(`websocket: after ${name} the connection is closed with 0x${code}`, () => {
    const { board, events, line } = opened();
    line.data(bytes + serverFrame(0x82, "never read"));
    assert.deepEqual(board.sent(), [{ first: 0x88, payload: hex(code) }]);
    assert.deepEqual(board.ends, [0]);
    assert.equal(events.length, 1);
    assert.match(events[0]!, new RegExp(`^closed .*${Number.parseInt(code, 16)}`));
  });
}

test("websocket: our CLOSE, the server answers, then the connection ends", () => {
  const { board, events, line, ws } = opened();
  websocket.closeWebSocket(ws, 1000);
  assert.deepEqual(board.sent(), [{ first: 0x88, payload: hex("03e8") }]);
  assert.equal(ws.state, websocket.WS_CLOSING);
  // 5.5.1: after its CLOSE the client sends no frame. Data may still come; the owner decides what to do with it.
  line.data(serverFrame(0x82, "late") + serverFrame(0x89, "p"));
  assert.deepEqual([board.sent(), board.ends], [[], []]);
  line.data(closeFrame(1000));
  assert.deepEqual(board.sent(), []);
  assert.deepEqual(board.ends, [0]);
  assert.equal(events.filter((event) => event.startsWith("closed")).length, 1);
});

test("websocket: our CLOSE, the server ends TCP without an answer, the WebSocket is closed", () => {
  const { events, line, ws } = opened();
  websocket.closeWebSocket(ws, 1000);
  line.closed("");
  assert.equal(events.length, 1);
  assert.equal(ws.state, websocket.WS_CLOSED);
});

test("websocket: closed twice it sends one CLOSE, closed before it is open none", () => {
  const twice = opened();
  websocket.closeWebSocket(twice.ws, 1000);
  websocket.closeWebSocket(twice.ws, 1001);
  assert.equal(twice.board.sent().length, 1);
  const early = opening();
  websocket.closeWebSocket(early.ws, 1000);
  assert.equal(early.board.sent().length, 0);
});

test("websocket: after its end later events are ignored", () => {
  const ends = [
    (subject: ReturnType<typeof opened>) => subject.line.data(closeFrame(1000)),
    (subject: ReturnType<typeof opened>) => subject.line.closed(""),
    (subject: ReturnType<typeof opened>) => websocket.abandon(subject.ws, 1),
  ];
  for (const end of ends) {
    const subject = opened(4);
    end(subject);
    const before = subject.events.length;
    subject.board.sent();
    subject.line.data(serverFrame(0x82, "x") + serverFrame(0x89, "p") + closeFrame(1000));
    subject.line.closed("again");
    subject.line.data(reply());
    assert.equal(subject.events.length, before);
    assert.deepEqual(subject.board.sent(), []);
    assert.equal(subject.ws.unread, "", "and nothing is kept");
  }
});

test("websocket: abandoned, it causes no event and sends no CLOSE, with or without unsent bytes", () => {
  for (const now of [0, 1]) {
    const { board, events, ws } = opened();
    websocket.abandon(ws, now);
    assert.deepEqual([events, board.ends, board.sent()], [[], [now], []]);
  }
});

test("websocket: abandoned inside its owner's event, it delivers and sends nothing more", () => {
  const board = new FakeBoard();
  const seen: string[] = [];
  const ws = websocket.newWebSocket(
    board,
    { level: 0, print: board.print, uptime: board.uptime },
    ownerOf({
      connected() {},
      open() {},
      data(payload) {
        seen.push(payload);
        websocket.abandon(ws, 1);
      },
      drained() {},
      closed: (why) => seen.push(why),
    }),
  );
  websocket.openWebSocket(ws, TARGET);
  board.line.data(
    reply() + serverFrame(0x89, "p") + serverFrame(0x82, "a") + serverFrame(0x82, "b") + hex("c2"),
  );
  assert.deepEqual(seen, ["a"]);
  assert.deepEqual(board.sent(), []);
});

test("websocket: a new connection begins with empty buffers", () => {
  const ends = [hex("02 05 61"), hex("82 7e 01"), hex("02 00"), hex("89 05 61"), closeFrame(1000)];
  for (const bytes of ends) {
    const { board, events, line, ws } = opened();
    line.data(bytes);
    line.closed("");
    websocket.openWebSocket(ws, TARGET);
    board.line.data("");
    board.line.data(reply() + serverFrame(0x82, "new"));
    assert.deepEqual(events.slice(-3), ["connected", "open", "data new"]);
    board.sent();
    board.line.data(closeFrame(1002));
    assert.match(events.at(-1)!, /1002/);
  }
});
