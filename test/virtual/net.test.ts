// The board's sockets over real TCP: chunks, the unsent queue, the order of events, blocking, a lost radio.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../board/virtual/clock.ts";
import { boardOf, online, QUICK, serverOf } from "./boards.ts";

const CONNECT = (port: number, then: string) =>
  online(`require("net").connect({ host: "127.0.0.1", port: ${port} }, function (c) {
    c.on("close", function (e) { console.log("close", e); });
    c.on("error", function (e) { console.log("error", e.code, e.message); });
    c.on("end", function () { console.log("end"); });
    ${then}
  })`);

test("received data come in chunks of at most 536 bytes, each byte one character", async (t) => {
  const port = await serverOf(t, (socket) =>
    socket.end(Buffer.from([...Array(1300).keys()].map((i) => i & 255))),
  );
  const board = boardOf(
    t,
    CONNECT(
      port,
      'var n = 0; c.on("data", function (d) { n += d.length; console.log(d.length, d.charCodeAt(0), n) });',
    ),
  );
  board.boot();
  await board.untilLine(/close/);
  assert.ok(board.lines.every((line) => !/^\d/.test(line) || Number(line.split(" ")[0]) <= 536));
  assert.deepEqual(board.lines.slice(-3), [board.lines.at(-3), "end", "close false"]);
  assert.match(board.lines.at(-3) as string, / 1300$/);
});

test("write appends to dSnd; the idle loop sends it, then the socket emits drain", async (t) => {
  const port = await serverOf(t, (socket) => socket.on("data", (data) => socket.end(`${data.length}`)));
  const board = boardOf(
    t,
    CONNECT(
      port,
      `console.log(c.write("ab"), c.write("c"), c.dSnd);
       c.on("drain", function () { console.log("drain", c.dSnd.length) });
       c.on("data", function (d) { console.log("data", d) });`,
    ),
  );
  board.boot();
  await board.untilIdle();
  assert.deepEqual(board.lines, ["false false abc", "drain 0", "data 3", "end", "close false"]);
});

test("end sends the unsent bytes, then closes; a write after it throws", async (t) => {
  let got = "";
  const port = await serverOf(t, (socket) =>
    socket.on("data", (data) => (got += data)).on("end", () => socket.end()),
  );
  const board = boardOf(
    t,
    CONNECT(port, 'c.end(Array(2001).join("x")); try { c.write("y") } catch (e) { console.log(String(e)) }'),
  );
  board.boot();
  await board.untilIdle();
  await board.until(() => got.length === 2000, "2000 bytes");
  assert.deepEqual(board.lines, ["Error: This socket is closed", "end", "close false"]);
});

test("the peer closes while bytes are unsent: the socket emits an error", async (t) => {
  const port = await serverOf(t, (socket) => {
    // Left unread, so that most of it stays on the board.
    socket.once("readable", () => socket.resetAndDestroy());
  });
  const board = boardOf(t, CONNECT(port, 'c.write(Array(4000001).join("x"));'));
  board.boot();
  await board.untilIdle();
  assert.deepEqual(board.lines, ["error -8 unsent data", "end", "close true"]);
});

test("connect blocks: a timer that is due meanwhile fires afterwards", async (t) => {
  const clock = new ManualClock();
  const port = await serverOf(t, () => {});
  const code = online(`setTimeout(function () { console.log("timer") }, 100);
    require("net").connect({ host: "127.0.0.1", port: ${port} });
    console.log("connected", getTime() > 5);`);
  const board = boardOf(t, code, { clock, blockConnectMs: 5000 });
  board.boot();
  await clock.advance(1);
  await board.untilLine(/timer/);
  assert.deepEqual(board.lines, ["connected true", "timer"]);
});

test("a refused connection throws, prints the engine's line, and emits no event", async (t) => {
  const board = boardOf(
    t,
    online(
      'try { require("net").connect({ host: "127.0.0.1", port: 1 }) } catch (e) { console.log(String(e)) }',
    ),
  );
  board.boot();
  await board.untilIdle();
  assert.deepEqual(board.lines, [
    "ERROR: Connect failed (err 104)",
    "InternalError: Unable to create socket",
  ]);
});

test("without Wi-Fi a host name is not found and an address is not reached", async (t) => {
  const board = boardOf(
    t,
    `["some.host", "10.0.0.1"].forEach(function (host) {
       try { require("net").connect({ host: host, port: 1 }) } catch (e) { console.log(String(e)) }
     })`,
  );
  board.boot();
  await board.untilIdle();
  assert.deepEqual(board.lines, [
    "InternalError: Unable to locate host",
    "ERROR: Connect failed (err 118)",
    "InternalError: Unable to create socket",
  ]);
});

test("while the Wi-Fi is lost, sockets stay open and carry nothing", async (t) => {
  const port = await serverOf(t, (socket) => socket.on("data", () => socket.write("answer")));
  const code = `var W = require("Wifi");
    W.on("disconnected", function (e) { console.log(e.msg); s.write("question") });
    W.connect("net", {}, function (e) {
      if (e) return;
      s = require("net").connect({ host: "127.0.0.1", port: ${port} }, function (c) {
        c.on("data", function (d) { console.log(d) }); c.write("x"); });
    }); var s;`;
  const board = boardOf(t, code, { wifi: QUICK });
  board.boot();
  await board.untilLine(/answer/);
  board.wifi.vanish();
  await board.untilLine(/BEACON_TIMEOUT/);
  assert.equal(board.load.sockets, 1);
  board.wifi.comeBack();
  (board.global.require as (name: string) => { connect(ssid: string): void })("Wifi").connect("net");
  await board.untilLine(/answer/, 2);
});

test("a character above 255 cannot be sent", async (t) => {
  const port = await serverOf(t, () => {});
  const board = boardOf(t, CONNECT(port, 'c.write("h\\u20ac");'));
  board.boot();
  await board.untilLine(/Uncaught .*character 1 is U\+20AC/);
});
