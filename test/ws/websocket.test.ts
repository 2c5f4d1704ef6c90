// A WebSocket from the upgrade on: the result of the handshake, the data that is passed on, the PING that is answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkReply, frames, relevant, websocket } from "#subject";
import { byteByByte, inChunks, whole } from "../support/feeds.ts";
import { opened, opening, TARGET } from "./opened.ts";
import { hex, reply, serverFrame } from "./server.ts";

test("websocket: after TCP and the reply it is open", () => {
  const { board, events, line, ws } = opening();
  assert.deepEqual(board.opens[0]?.target, TARGET);
  assert.equal(ws.state, websocket.WS_OPENING);
  line.data("");
  assert.deepEqual(events, ["connected"]);
  for (const byte of reply()) line.data(byte);
  assert.deepEqual(events, ["connected", "open"]);
  assert.equal(ws.state, websocket.WS_OPEN);
  assert.deepEqual(board.writes, []);
});

test("websocket: TCP that is reported behind the reply is no step back", () => {
  const { events, line, ws } = opening();
  line.data(reply());
  line.data("");
  assert.deepEqual(events, ["open"]);
  assert.equal(ws.state, websocket.WS_OPEN);
});

test("websocket: a frame behind the reply in its chunk is delivered at once", () => {
  const { events, line } = opening();
  line.data(reply() + serverFrame(0x82, "abc") + hex("82 02 64"));
  assert.deepEqual(events, ["open", "data abc"]);
  line.data("e");
  assert.equal(events.at(-1), "data de");
});

test("websocket: the reply refuses, the attempt ends with its status line", () => {
  const { board, events, line } = opening();
  line.data(reply([], "HTTP/1.1 401 Unauthorized").slice(0, -1));
  assert.deepEqual(events, []);
  line.data("\n");
  assert.equal(events.length, 1);
  assert.match(events[0]!, /^closed HTTP\/1\.1 401 Unauthorized/);
  assert.deepEqual(board.ends, [0]);
  assert.deepEqual(board.writes, [], "no frame goes to one who is no WebSocket");
});

test("websocket: a wrong accept hash ends the attempt", () => {
  const { board, events, line } = opening();
  board.acceptsHash = false;
  line.data(reply());
  assert.match(events[0]!, /^closed .*Sec-WebSocket-Accept/);
});

test("websocket: an endless reply ends the attempt, and its bytes are not kept", () => {
  const { events, line, ws } = opening();
  line.data("HTTP/1.1 101 X\r\n");
  for (let i = 0; i < 100; i++) {
    line.data("x".repeat(536));
    assert.ok(ws.unread.length <= 2048 + 536);
  }
  assert.deepEqual(events.length, 1);
  assert.match(events[0]!, /^closed .*2048/);
  assert.equal(ws.unread, "");
});

/** A correct reply with so many cookies of 400 bytes among its headers. */
function cookies(count: number, status?: string): string {
  const cookie = (_: unknown, n: number) => `Set-Cookie: session${n}=${"c".repeat(380)}: Upgrade`;
  const many = Array.from({ length: count }, cookie);
  const [upgrade, ...others] = reply().split("\r\n").slice(1, -2);
  return reply([upgrade!, ...many, ...others, ...many], status);
}

test("websocket: a reply of many KB, most of it in cookies, is judged by the headers that matter, wherever it is cut", () => {
  const text = cookies(7);
  assert.ok(text.length > 5000);
  const feeds = [whole(text), byteByByte(text)];
  for (let size = 2; size < 1000; size += 7) feeds.push(inChunks(text, size));
  for (const chunks of feeds) {
    const { events, line, ws } = opening();
    for (const chunk of chunks) {
      assert.deepEqual(events, []);
      line.data(chunk);
      assert.ok(ws.unread.length <= 2048);
    }
    assert.deepEqual(events, ["open"]);
    line.data(serverFrame(0x82, "x"));
    assert.deepEqual(events, ["open", "data x"]);
  }
});

test("websocket: a reply may be shortened at any byte, and again at its end", () => {
  const text = cookies(7);
  for (let at = 1; at < text.length; at++) {
    const left = relevant(relevant(text.slice(0, at)) + text.slice(at));
    assert.equal(checkReply(left, { accepted: () => true })?.why, "", `cut after ${at} bytes`);
  }
});

test("websocket: a long refusal has its status in the reason", () => {
  const { events, line } = opening();
  for (const chunk of inChunks(cookies(6, "HTTP/1.1 403 Forbidden"), 536)) line.data(chunk);
  assert.match(events.join(), /^closed HTTP\/1\.1 403 Forbidden/);
});

test("websocket: one header longer than all that is kept, and what matters behind it", () => {
  for (const size of [1, 536, 5000]) {
    const { events, line, ws } = opening();
    const [status, ...lines] = reply().split("\r\n").slice(0, -2);
    for (const chunk of inChunks(reply([`Set-Cookie: ${"c".repeat(6000)}`, ...lines], status), size)) {
      line.data(chunk);
      assert.ok(ws.unread.length <= 2048);
    }
    assert.deepEqual(events, ["open"]);
  }
});

test("websocket: headers without an end, the attempt ends and they are not kept", () => {
  for (const endless of ["Set-Cookie: c=d\r\n".repeat(30), "c".repeat(536)]) {
    const { events, line, ws } = opening();
    line.data("HTTP/1.1 101 Switching Protocols\r\nSet-Cookie: ");
    let chunks = 0;
    for (; !events.length && chunks < 100; chunks++) {
      line.data(endless);
      assert.ok(ws.unread.length <= 2048);
    }
    assert.match(events.join(), /^closed not a WebSocket server: over 8192 bytes/);
    assert.ok(chunks < 24);
  }
});

test("websocket: the headers that matter are too long themselves, the attempt ends", () => {
  const { events, line } = opening();
  for (const chunk of inChunks(reply([`Connection: ${"x, ".repeat(1000)}Upgrade`]), 536)) line.data(chunk);
  assert.match(events[0]!, /^closed .*2048/);
});

test("websocket: after a long reply the next connection counts anew", () => {
  const { board, events, line, ws } = opening();
  for (let n = 0; n < 3; n++) {
    for (const chunk of inChunks(cookies(8), 536)) board.line.data(chunk);
    assert.deepEqual(events.splice(0), ["open"]);
    websocket.abandon(ws, 1);
    websocket.openWebSocket(ws, TARGET);
  }
  line.data("");
});

test("websocket: the connection ends before the reply, closed has the board's reason or a hint", () => {
  for (const [why, said] of [
    ["host not found", "closed host not found"],
    ["", "closed closed without an answer: not a WebSocket port?"],
  ] as const) {
    const { events, line, ws } = opening();
    line.closed(why);
    assert.deepEqual(events, [said]);
    assert.equal(ws.state, websocket.WS_CLOSED);
  }
});

test("websocket: the connection ends in the middle of the reply, it is closed", () => {
  const { events, line } = opening();
  line.data("");
  line.data("HTTP/1.1 101");
  line.closed("");
  assert.deepEqual(events, ["connected", "closed connection closed by the server"]);
});

test("websocket: a PING is answered with its payload, in one masked frame", () => {
  const { board, line } = opened();
  line.data(serverFrame(0x89, "are you there"));
  assert.deepEqual(board.sent(), [{ first: 0x8a, payload: "are you there" }]);
  line.data(hex("89 00"));
  assert.deepEqual(board.sent(), [{ first: 0x8a, payload: "" }]);
});

test("websocket: several PINGs in one chunk, the last is answered", () => {
  const { board, events, line } = opened();
  line.data(
    serverFrame(0x89, "1") + serverFrame(0x82, "x") + serverFrame(0x89, "2") + serverFrame(0x89, "3"),
  );
  assert.deepEqual(board.sent(), [{ first: 0x8a, payload: "3" }]);
  assert.deepEqual(events, ["data x"]);
  line.data(serverFrame(0x82, "y"));
  assert.deepEqual(board.sent(), [], "and only once");
});

test("websocket: a message in frames, RFC 6455 5.4: FIN on the last one, and only control frames between them", () => {
  const { board, line, ws } = opened(4);
  const { BINARY, CONTINUATION, MORE } = frames;
  websocket.send(ws, "one", "one", BINARY | MORE);
  line.data(serverFrame(0x89, "there?"));
  websocket.send(ws, "two", "two", CONTINUATION | MORE);
  websocket.send(ws, "end", "end", CONTINUATION);
  websocket.send(ws, "whole", "whole", BINARY);
  assert.deepEqual(board.sent(), [
    { first: 0x02, payload: "one" },
    { first: 0x8a, payload: "there?" },
    { first: 0x00, payload: "two" },
    { first: 0x80, payload: "end" },
    { first: 0x82, payload: "whole" },
  ]);
  assert.match(board.text, /> 02 03 6f 6e 65/, "the log has the frame as it is");
  assert.match(board.text, /> 80 03 65 6e 64/);
});

test("websocket: a PONG is not answered", () => {
  const { board, events, line } = opened();
  line.data(serverFrame(0x8a, "x"));
  assert.deepEqual([board.sent(), events], [[], []]);
});

test("websocket: a board that cannot compare the accept hash says so, and opens", () => {
  const { board, events, line } = opening(3);
  board.acceptsHash = undefined;
  line.data("");
  line.data(reply());
  assert.deepEqual(events, ["connected", "open"]);
  assert.match(board.lines.join(), /3 ws Sec-WebSocket-Accept not checked/);
});
