// The mocked Wi-Fi emits the same events as the chip's driver, with the same reasons and in the same order.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../board/virtual/clock.ts";
import type { BoardOptions } from "../../board/virtual/virtual-board.ts";
import { RELEASES, type Release } from "../../board/virtual/wifi-driver.ts";
import { boardOf } from "./boards.ts";

const WATCH = `var W = require("Wifi");
["associated", "connected", "disconnected"].forEach(function (name) {
  W.on(name, function (e) { console.log(name, e.msg || e.ip || e.channel, e.reason || "") });
});
function join() { W.connect("net", { password: "secret" }, function (e) { console.log("callback", e) }) }
`;

/** Without a release, the board plays 2v29. */
async function watched(t: TestContext, code: string, wifi: BoardOptions["wifi"] = {}, release?: Release) {
  const clock = new ManualClock();
  const board = boardOf(t, WATCH + code, { clock, wifi: { joinMs: 100, dhcpMs: 100, ...wifi }, release });
  board.boot();
  await clock.advance(1000);
  return { board, clock };
}

const JOINED = ["associated 6 ", "callback null", "connected 192.168.4.23 "];

for (const release of RELEASES) {
  test(`${release}: Wi-Fi joined: the associated event, then the callback, then the connected event`, async (t) => {
    const { board } = await watched(t, "join()", { ssid: "net", password: "secret" }, release);
    assert.deepEqual(board.lines, JOINED);
    assert.equal(board.wifi.linked, true);
  });

  test(`${release}: a join after a refusal works, and its callback is called`, async (t) => {
    const { board, clock } = await watched(
      t,
      "join(); setTimeout(join, 2000)",
      { password: "else" },
      release,
    );
    board.lines.length = 0;
    await clock.advance(1500);
    assert.ok(board.lines.length > 0, "refused again");
    assert.ok(!board.lines.includes("callback null"));
  });

  test(`${release}: the radio stays joined when the interpreter restarts, and says so`, async (t) => {
    const code = `console.log("boot", W.getStatus().station); if (W.getStatus().station != "connected") {
      join(); setTimeout(load, 500) }`;
    const { board } = await watched(t, code, {}, release);
    assert.deepEqual(board.lines, ["boot Unknown reason", ...JOINED, "boot connected"]);
    board.reboot();
    assert.equal(board.lines.at(-1), "boot Unknown reason", "a restart of the chip powers it off");
  });
}

for (const release of ["2v27", "2v29"] as const) {
  test(`${release}: a network that does not exist: one attempt, the disconnected event, and no callback`, async (t) => {
    const { board, clock } = await watched(t, "join()", { ssid: "other" }, release);
    await clock.advance(60_000);
    assert.deepEqual(board.lines, ["disconnected NO_AP_FOUND 201"]);
  });

  test(`${release}: a station that is joined never answers another connect`, async (t) => {
    const { board, clock } = await watched(t, "join(); setTimeout(join, 500)", {}, release);
    await clock.advance(60_000);
    assert.deepEqual(board.lines, JOINED);
  });

  test(`${release}: Wi-Fi lost: the event comes at once, and nothing joins again`, async (t) => {
    const { board, clock } = await watched(t, "join()", {}, release);
    board.wifi.drop("BEACON_TIMEOUT");
    await clock.advance(60_000);
    assert.deepEqual(board.lines, [...JOINED, "disconnected BEACON_TIMEOUT 200"]);
  });
}

test("next: a station that is joined and told to connect leaves, joins again and calls back", async (t) => {
  const { board } = await watched(t, "join(); setTimeout(join, 500)", {}, "next");
  assert.deepEqual(board.lines, [...JOINED, ...JOINED]);
});

test("next: a network that does not exist: three attempts, then the disconnected event and the callback", async (t) => {
  const { board, clock } = await watched(t, "join()", { ssid: "other", joinMs: 1000 }, "next");
  await clock.advance(1500);
  assert.deepEqual(board.lines, []);
  await clock.advance(1000);
  assert.deepEqual(board.lines, ["disconnected NO_AP_FOUND 201", "callback NO_AP_FOUND"]);
});

test("next: a wrong password: the handshake times out", async (t) => {
  const { board } = await watched(t, "join()", { password: "else" }, "next");
  assert.deepEqual(board.lines, [
    "disconnected 4WAY_HANDSHAKE_TIMEOUT 15",
    "callback 4WAY_HANDSHAKE_TIMEOUT",
  ]);
});

test("next: Wi-Fi lost: the engine joins again silently twice; the third time it emits disconnected and stays away", async (t) => {
  const { board, clock } = await watched(t, "join()", {}, "next");
  for (let drop = 1; drop <= 3; drop++) {
    board.wifi.drop("BEACON_TIMEOUT");
    await clock.advance(1000);
  }
  const again = ["associated 6 ", "connected 192.168.4.23 "];
  assert.deepEqual(board.lines, [...JOINED, ...again, ...again, "disconnected BEACON_TIMEOUT 200"]);
  assert.equal(board.wifi.linked, false);
});

test("next: an access point that does not answer: no event; after disconnect a new connect joins", async (t) => {
  const { board, clock } = await watched(
    t,
    `setTimeout(function () { W.disconnect() }, 5000); setTimeout(join, 6000);
     setTimeout(join, 500);`,
    {},
    "next",
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
