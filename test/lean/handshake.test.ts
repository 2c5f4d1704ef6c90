// The handshake of the lean builds: the request, the replies that they accept, and that a connection leaves nothing
// on the board.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { Clock } from "../../board/virtual/clock.ts";
import { programOf } from "../../board/virtual/program.ts";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { upgrade } from "../support/upgrade.ts";
import { boardOf, crankOf, serverOf } from "../virtual/boards.ts";
import { opening } from "../ws/opened.ts";
import { reply } from "../ws/server.ts";

/** A lean board. `serve` answers its request. */
async function against(
  t: TestContext,
  serve: (socket: Socket, request: string) => void,
  before = "",
  mqtt = {},
  bundle = "hello-lean",
  onRead = () => {},
  clock?: Clock,
): Promise<VirtualBoard> {
  const port = await serverOf(t, (socket) => {
    socket.once("data", (bytes) => serve(socket, bytes.toString("latin1")));
  });
  const config = { wifi: { ssid: "net" }, mqtt: { url: `ws://127.0.0.1:${port}/a/b?c=d`, ...mqtt }, log: 3 };
  const code = programOf(`dist/${bundle}.js`, before);
  const board = boardOf(t, code, { onRead, clock, files: { "config.json": JSON.stringify(config) } });
  board.boot();
  return board;
}

for (const bundle of ["hello-lean", "hello"]) {
  test(`${bundle}: mqtt.headers are in the request in their order`, async (t) => {
    let asked = "";
    const headers = { Authorization: "Bearer abc", "X-Two": "" };
    const serve = (socket: Socket, request: string) => {
      asked = request;
      socket.end();
    };
    const board = await against(t, serve, "", { headers }, bundle);
    await board.until(() => asked !== "", "a request");
    const lines = asked.split("\r\n");
    const at = lines.indexOf("Authorization: Bearer abc");
    assert.ok(at > 0, asked);
    assert.equal(lines[at + 1], "X-Two: ");
    assert.doesNotMatch(board.lines.join("\n"), /Bearer|X-Two/);
  });
}

test("lean: the request has the headers of RFC 6455 4.1, and a new key of 16 bytes each time", async (t) => {
  const requests: string[] = [];
  const serve = (socket: Socket, request: string) => {
    requests.push(request);
    socket.end();
  };
  const crank = crankOf(() => requests.length);
  const board = await against(t, serve, "", {}, "hello-lean", undefined, crank.clock);
  await crank.until(
    () => requests.length === 2,
    "a second attempt",
    () => board.lines.join("\n"),
  );
  const lines = requests[0]!.split("\r\n");
  assert.equal(lines[0], "GET /a/b?c=d HTTP/1.1");
  assert.match(lines[1]!, /^Host: 127\.0\.0\.1:\d+$/);
  for (const line of [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Protocol: mqtt",
  ]) {
    assert.ok(lines.includes(line), line);
  }
  assert.deepEqual(lines.slice(-2), ["", ""]);
  const keys = requests.map((request) => /^Sec-WebSocket-Key: (.*)$/m.exec(request)?.[1]?.trim() ?? "");
  assert.equal(Buffer.from(keys[0]!, "base64").length, 16);
  assert.notEqual(keys[0], keys[1]);
});

test("lean: the right accept hash opens the WebSocket, even in a reply in pieces", async (t) => {
  let answerRest = () => {};
  const serve = (socket: Socket, request: string) => {
    const bytes = upgrade(request);
    socket.write(bytes.slice(0, 90));
    answerRest = () => {
      answerRest = () => {};
      socket.write(bytes.slice(90));
    };
  };
  const board = await against(t, serve, "", {}, "hello-lean", () => answerRest());
  await board.untilLine(/Connected to WS/);
  assert.ok(!board.lines.some((line) => /not checked/.test(line)));
});

test("lean: a wrong accept hash is refused", async (t) => {
  const board = await against(t, (socket, request) =>
    socket.write(upgrade(request, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
  );
  await board.untilLine(/DOWN: wrong Sec-WebSocket-Accept/);
  await board.until(() => board.load.sockets === 0, "the socket to be closed");
});

test("lean: a board without SHA-1 logs that and connects without the check", async (t) => {
  const none =
    'var built = require; require = function (n) { if (n === "crypto") throw "no"; return built(n); };\n';
  const board = await against(t, (socket, request) => socket.write(upgrade(request, "whatever")), none);
  await board.untilLine(/ 3 ws Sec-WebSocket-Accept not checked/);
  await board.untilLine(/Connected to WS/);
});

test("lean: a board that cannot check the accept hash accepts the reply", () => {
  const { board, line, events } = opening(3);
  board.accepted = () => undefined as unknown as boolean;
  line.data("");
  line.data(reply());
  assert.deepEqual(events, ["connected", "open"]);
  assert.match(board.text, /not checked: this board has no SHA-1/);
});

for (const bundle of ["hello-lean", "hello"]) {
  test(`${bundle}: a reply of 5 KB, most of it cookies, opens the WebSocket`, async (t) => {
    const cookie = `\r\nSet-Cookie: a=${"c".repeat(700)}`;
    const serve = (socket: Socket, request: string) =>
      socket.write(upgrade(request).replace("\r\n", `${cookie.repeat(7)}\r\n`));
    const board = await against(t, serve, "", {}, bundle);
    await board.untilLine(/Connected to WS/);
    assert.doesNotMatch(board.lines.join("\n"), /DOWN|Uncaught/);
  });
}
