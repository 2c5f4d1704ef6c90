// The mocked Wi-Fi emits the same events as the chip's driver, with the same reasons and in the same order.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../board/virtual/clock.ts";
import type { BoardOptions } from "../../board/virtual/virtual-board.ts";
import { boardOf } from "./boards.ts";

const WATCH = `var W = require("Wifi");
["associated", "connected", "disconnected"].forEach(function (name) {
  W.on(name, function (e) { console.log(name, e.msg || e.ip || e.channel, e.reason || "") });
});
function join() { W.connect("net", { password: "secret" }, function (e) { console.log("callback", e) }) }
`;

async function watched(t: TestContext, code: string, wifi: BoardOptions["wifi"] = {}) {
  const clock = new ManualClock();
  const board = boardOf(t, WATCH + code, { clock, wifi: { joinMs: 100, dhcpMs: 100, ...wifi } });
  board.boot();
  await clock.advance(1000);
  return { board, clock };
}

const JOINED = ["associated 6 ", "callback null", "connected 192.168.4.23 "];

test("Wi-Fi joined: the associated event, then the callback, then the connected event", async (t) => {
  const { board } = await watched(t, "join()", { ssid: "net", password: "secret" });
  assert.deepEqual(board.lines, JOINED);
  assert.equal(board.wifi.linked, true);
});

test("a network that does not exist: three attempts, then the disconnected event and the callback", async (t) => {
  const { board, clock } = await watched(t, "join()", { ssid: "other", joinMs: 1000 });
  await clock.advance(1500);
  assert.deepEqual(board.lines, []);
  await clock.advance(1000);
  assert.deepEqual(board.lines, ["disconnected NO_AP_FOUND 201", "callback NO_AP_FOUND"]);
});

test("a wrong password: the handshake times out", async (t) => {
  const { board } = await watched(t, "join()", { password: "else" });
  assert.deepEqual(board.lines, [
    "disconnected 4WAY_HANDSHAKE_TIMEOUT 15",
    "callback 4WAY_HANDSHAKE_TIMEOUT",
  ]);
});

test("Wi-Fi lost: the engine joins again silently twice; the third time it emits disconnected and stays away", async (t) => {
  const { board, clock } = await watched(t, "join()");
  for (let drop = 1; drop <= 3; drop++) {
    board.wifi.drop("BEACON_TIMEOUT");
    await clock.advance(1000);
  }
  const again = ["associated 6 ", "connected 192.168.4.23 "];
  assert.deepEqual(board.lines, [...JOINED, ...again, ...again, "disconnected BEACON_TIMEOUT 200"]);
  assert.equal(board.wifi.linked, false);
});

test("an access point that does not answer: no event; after disconnect a new connect joins", async (t) => {
  const { board, clock } = await watched(
    t,
    `setTimeout(function () { W.disconnect() }, 5000); setTimeout(join, 6000);
     setTimeout(join, 500);`,
  );
  board.wifi.silent = true;
  await clock.advance(0);
  assert.deepEqual(board.lines, JOINED.slice(0, 3));
  board.wifi.drop();
  await clock.advance(3000);
  assert.equal(board.lines.length, 3);
  board.wifi.comeBack();
  await clock.advance(5000);
  assert.deepEqual(board.lines.slice(3), ["disconnected ASSOC_LEAVE 8", ...JOINED]);
});

test("the program can ask for addresses, signal strength and the reason of the last loss", async (t) => {
  const { board, clock } = await watched(
    t,
    `console.log(W.getIP().ip, W.getDetails().status, W.getStatus().mode); join();
     setTimeout(function () {
       console.log(W.getIP().ip, W.getIP().mac, W.getDetails().status, W.getStatus().rssi) }, 500);`,
    { rssi: -71 },
  );
  await clock.advance(1000);
  assert.deepEqual(board.lines, [
    "0.0.0.0 Unknown reason NULL",
    ...JOINED,
    "192.168.4.23 a4:cf:12:00:00:01 connected -71",
  ]);
});

test("Wi-Fi functions with wrong arguments throw the engine's errors", async (t) => {
  const { board } = await watched(
    t,
    `function t(f) { try { f() } catch (e) { console.log(String(e)) } }
     t(function () { W.connect() }); t(function () { W.connect("n", 5) });
     t(function () { W.connect("n", { password: 5 }) }); t(function () { W.connect("n", {}, 5) });`,
  );
  assert.deepEqual(board.lines, [
    "Error: No SSID provided",
    "Error: Expecting Object, got number",
    "Error: Expecting options.password to be a string but got number",
    "Error: Expecting callback function but got 5",
  ]);
});
