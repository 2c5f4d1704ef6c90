// The stand-in for the stock `ws` module behaves like the original, including its defects.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { boardOf, online, serverOf } from "./boards.ts";

const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

interface Peer {
  board: VirtualBoard;
  /** All bytes that the board sent. */
  received(): string;
  socket(): Socket;
}

const LISTEN = `["open", "message", "close", "handshake", "ping", "pong"].forEach(function (name) {
  ws.on(name, function (m) { console.log(name + (m === undefined ? "" : " " + JSON.stringify(m))) }) });`;

/** A board with an open WebSocket `ws` to a peer that answers the upgrade request with `reply(hash)`. */
async function peerOf(
  t: TestContext,
  reply: (hash: string) => string,
  code = "",
  options = "{}",
): Promise<Peer> {
  let received = "";
  let socket: Socket | undefined;
  const port = await serverOf(t, (connection) => {
    socket = connection;
    connection.setEncoding("latin1").on("data", (data) => {
      const before = received.includes("\r\n\r\n");
      received += data;
      const key = /Sec-WebSocket-Key: (\S+)/.exec(received)?.[1];
      if (before || !received.includes("\r\n\r\n")) return;
      const hash = createHash("sha1").update(`${key}${ACCEPT_GUID}`).digest("base64");
      connection.write(reply(hash), "latin1");
    });
  });
  const program = `var o = ${options}; o.port = ${port}; var ws = require("ws")("127.0.0.1", o); ${LISTEN} ${code}`;
  const board = boardOf(t, online(program));
  board.boot();
  await board.until(() => received.includes("\r\n\r\n"), "the upgrade request");
  return { board, received: () => received, socket: () => socket as Socket };
}

const accept = (hash: string) => `HTTP/1.1 101 Fine\r\nSec-WebSocket-Accept: ${hash}\r\n\r\n`;

async function opened(t: TestContext, code = ""): Promise<Peer> {
  const peer = await peerOf(t, accept, code);
  await peer.board.untilLine(/^open$/);
  return peer;
}

test("the upgrade request: Host without the port, subprotocol and headers as asked for", async (t) => {
  const options = '{ path: "/mqtt", protocol: "mqtt", headers: { "X-Y": "z" } }';
  const { received } = await peerOf(t, accept, "", options);
  const lines = received().split("\r\n");
  assert.equal(lines[0], "GET /mqtt HTTP/1.1");
  assert.deepEqual(
    lines.filter((line) => /^(Host|Sec-WebSocket-Protocol|Sec-WebSocket-Version|X-Y|Origin):/.test(line)),
    [
      "Host: 127.0.0.1",
      "Sec-WebSocket-Version: 13",
      "Origin: Espruino",
      "Sec-WebSocket-Protocol: mqtt",
      "X-Y: z",
    ],
  );
});

test("text comes as messages, FIN or not, continuations as messages of their own", async (t) => {
  const { board, socket } = await opened(t);
  socket().write(Buffer.from("0103612b62800163", "hex"));
  await board.untilLine(/"c"/);
  assert.deepEqual(board.lines.slice(2), ['message "a+b"', 'message "c"']);
});

test("each binary frame is dropped, with a line on the console", async (t) => {
  const { board, socket } = await opened(t);
  socket().write(Buffer.from("8202616281026364", "hex"));
  await board.untilLine(/"cd"/);
  assert.deepEqual(board.lines.slice(2), ["WS: Unknown opcode 2", 'message "cd"']);
});

test("a 64-bit length throws inside the data handler", async (t) => {
  const { board, socket } = await opened(t);
  socket().write(Buffer.from("817f0000000000010000", "hex"));
  await board.untilLine(/^Uncaught a message of more than 65535/);
});

test("bytes glued to the reply wait for the next chunk", async (t) => {
  const { board, socket } = await peerOf(t, (hash) => `${accept(hash)}\x81\x01a`);
  await board.untilLine(/^open$/);
  assert.ok(!board.lines.some((line) => line.startsWith("message")));
  socket().write(Buffer.from("810162", "hex"));
  await board.untilLine(/"b"/);
  assert.deepEqual(board.lines.slice(-2), ['message "a"', 'message "b"']);
});

test("a reply with the accept hash anywhere opens the WebSocket, whatever its status", async (t) => {
  const { board } = await peerOf(t, (hash) => `HTTP/1.1 404 Nothing\r\n\r\n${hash}`);
  await board.untilLine(/^open$/);
});

test("a reply without the accept hash: no event and no timeout", async (t) => {
  const { board, socket } = await peerOf(t, () => "HTTP/1.1 403 No\r\n\r\n", "global.ws = ws;");
  await board.until(() => (board.global.ws as { lastData: string }).lastData !== "", "the reply");
  assert.deepEqual(board.lines, []);
  socket().end();
  await board.untilIdle();
  assert.deepEqual(board.lines, ["close"]);
});

test("PING is answered with the text pong, CLOSE with the end of the connection", async (t) => {
  const { board, socket, received } = await opened(t);
  socket().write(Buffer.from("890178", "hex"));
  await board.untilLine(/^ping$/);
  const frame = () => received().split("\r\n\r\n")[1] as string;
  await board.until(() => frame().length === 10, "the PONG");
  assert.equal(frame().substr(0, 2), "\x8a\x84");
  assert.equal(unmask(frame().substr(2)), "pong");
  socket().write(Buffer.from("8800", "hex"));
  await board.untilLine(/^close$/);
  await board.untilIdle();
});

test("send writes a frame in pieces, masked, its first byte as given", async (t) => {
  const { board, received } = await opened(
    t,
    'ws.on("open", function () { ws.send(Array(201).join("x"), 0x82) });',
  );
  const frame = () => received().split("\r\n\r\n")[1] as string;
  await board.until(() => frame().length === 208, "the frame");
  assert.equal(frame().substr(0, 4), "\x82\xfe\x00\xc8");
  assert.equal(unmask(frame().substr(4)), "x".repeat(200));
});

test("before it is open, send and close are TypeErrors", async (t) => {
  const { board } = await peerOf(
    t,
    accept,
    'try { ws.send("x") } catch (e) { console.log(e instanceof Error) } try { ws.close() } catch (e) { console.log(1) }',
  );
  await board.untilLine(/^open$/);
  assert.deepEqual(board.lines.slice(0, 2), ["true", "1"]);
});

test("parseData replaced on the instance gets the bytes, and can call the original", async (t) => {
  const code = `var own = ws.parseData; ws.parseData = function (b) {
    if (!this.connected) own.call(this, b); else console.log("bytes", b.length) };`;
  const { board, socket } = await opened(t, code);
  socket().write(Buffer.from("82020102", "hex"));
  await board.untilLine(/^bytes 4$/);
});

test("the module uses a connect function that the firmware puts before the built-in one", async (t) => {
  const port = await serverOf(t, () => {});
  const board = boardOf(
    t,
    online(`var net = require("net"), original = net.connect;
      net.connect = function (o, f) { console.log("host", o.host, typeof f); return original({ host: "127.0.0.1", port: ${port} }, f) };
      require("ws")("some.name"); delete net.connect; console.log(net.connect === original)`),
  );
  board.boot();
  await board.untilLine(/^true$/);
  assert.equal(board.lines[0], "host some.name function");
});

function unmask(masked: string): string {
  const bytes = Buffer.from(masked, "latin1");
  const payload = bytes.subarray(4).map((byte, i) => byte ^ (bytes[i & 3] as number));
  return Buffer.from(payload).toString("latin1");
}
