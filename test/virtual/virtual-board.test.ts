// The board as a whole: restarts, the watchdog, the console, the chip's own functions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../board/virtual/clock.ts";
import { boardOf, online, serverOf } from "./boards.ts";

test("until sees a condition elsewhere, while the board itself does and prints nothing", async (t) => {
  const board = boardOf(t, "");
  board.boot();
  let elsewhere = false;
  setTimeout(() => {
    elsewhere = true;
  }, 1);
  await board.until(() => elsewhere, "the other side");
  assert.deepEqual(board.lines, []);
});

test("an uncaught exception is printed, and the program goes on", async (t) => {
  const board = boardOf(t, 'setTimeout(function () { console.log("on") }, 1); null.x;');
  board.boot();
  await board.untilIdle();
  assert.match(board.lines[0] as string, /^Uncaught TypeError/);
  assert.equal(board.lines.at(-1), "on");
});

test("a reboot stops everything, forgets the variables and keeps the files", async (t) => {
  const clock = new ManualClock();
  const board = boardOf(
    t,
    `var S = require("Storage"), n = Number(S.read("n") || 0) + 1; S.write("n", "" + n);
     console.log("boot", n, typeof left, getTime() < 1); left = 1;
     setInterval(function () { console.log("old", n) }, 500);
     if (n < 3) setTimeout(function () { try { n == 1 ? ESP32.reboot() : load() } finally { console.log("rebooting") } }, 900);`,
    { clock },
  );
  board.boot();
  await clock.advance(2400);
  assert.deepEqual(
    board.lines.filter((line) => line !== "rebooting"),
    ["boot 1 undefined true", "old 1", "boot 2 undefined true", "old 2", "boot 3 undefined true", "old 3"],
  );
  assert.equal(board.boots, 3);
});

test("a watchdog that the program does not feed restarts the board; one that the idle loop feeds does not", async (t) => {
  const clock = new ManualClock();
  const board = boardOf(
    t,
    'console.log("boot"); E.enableWatchdog(5, false); setTimeout(E.kickWatchdog, 4000);',
    {
      clock,
    },
  );
  board.boot();
  await clock.advance(8900);
  assert.equal(board.boots, 1);
  await clock.advance(200);
  assert.equal(board.boots, 2);
  board.flash.set(".bootcde", "E.enableWatchdog(5, true)");
  board.reboot();
  await clock.advance(60_000);
  assert.equal(board.boots, 3);
});

test("a connect that blocks for longer than the watchdog restarts the board", async (t) => {
  const clock = new ManualClock();
  const port = await serverOf(t, () => {});
  const dial = `E.enableWatchdog(5, true); require("net").connect({ host: "127.0.0.1", port: ${port} })`;
  const board = boardOf(t, online(dial), { clock, blockConnectMs: 6000 });
  board.boot();
  while (board.boots === 1) await clock.advance(1);
  board.blockConnectMs = 4000;
  while (board.load.sockets === 0) await clock.advance(1);
  assert.equal(board.boots, 2);
});

test("out of memory in an interval: the engine removes it, and reports its error flags once until they are read", async (t) => {
  for (const [read, told] of [
    ["", 1],
    ["E.getErrorFlags()", 2],
  ] as const) {
    const clock = new ManualClock();
    const code = `E.on("errorFlag", function (f) { console.log("told", f.join()); ${read} });
      function count() { console.log("tick") } setInterval(count, 100); setTimeout(setInterval, 1000, count, 100)`;
    const board = boardOf(t, code, { clock });
    board.boot();
    for (const ms of [900, 900]) {
      board.starve("interval");
      await clock.advance(ms + 150);
    }
    assert.deepEqual(
      board.lines.filter((line) => /told|tick/.test(line)),
      Array(told).fill("told CALLBACK,LOW_MEMORY,MEMORY"),
    );
  }
});

test("the console takes bytes: UTF-8 is shown, a character above 255 throws", async (t) => {
  const board = boardOf(
    t,
    'console.log("gr\\xc3\\xbc\\xc3\\x9f"); print({ a: [1, "b"] }, null, true); print("\\u20ac")',
  );
  board.boot();
  await board.untilIdle();
  assert.deepEqual(board.lines.slice(0, 2), ["grüß", '{ "a": [ 1, "b" ] } null true']);
  assert.match(board.lines[2] as string, /^Uncaught .*U\+20AC.* strings are bytes/);
});

test("errors of the board's functions are errors of the program's world", async (t) => {
  const board = boardOf(
    t,
    `[function () { clearTimeout(undefined) }, function () { print("\\u20ac") }, function () { require("x") },
      function () { JSON.parse("") }].forEach(function (f) {
        try { f() } catch (e) { console.log(e instanceof Error, e instanceof SyntaxError) } })`,
  );
  board.boot();
  await board.untilIdle();
  assert.deepEqual(board.lines, ["true false", "true false", "true false", "true true"]);
});

test("the random register follows its seed and differs from board to board", async (t) => {
  const read = async (entropy: number) => {
    const board = boardOf(t, "print(peek32(0x3FF75144), peek32(0x3FF75144), peek32(0x1000))", { entropy });
    board.boot();
    await board.untilIdle();
    return board.lines[0];
  };
  assert.equal(await read(1), await read(1));
  assert.notEqual(await read(1), await read(2));
  assert.match((await read(3)) as string, /^(\d+) (?!\1)\d+ 0$/);
});

test("serial number, version, board and memory are those of an ESP32", async (t) => {
  const board = boardOf(
    t,
    `print(getSerial(), process.version, process.env.BOARD, process.memory().total, process.memory().free);
     print(Date.now() < 60000, new Date().getFullYear()); setTime(1e9); print(new Date().getFullYear())`,
    { serial: "a4cf1200-beef", memory: { usage: 1000 } },
  );
  board.boot();
  await board.untilIdle();
  assert.deepEqual(board.lines, ["a4cf1200-beef 2v29 ESP32 5886 4886", "true 1970", "2001"]);
});

test("several boards run beside each other without sharing variables", async (t) => {
  const boards = ["one", "two"].map((name) =>
    boardOf(
      t,
      `var name = ${JSON.stringify(name)}; Array.prototype.x = 1;
    setTimeout(function () { print(name) }, 5)`,
    ),
  );
  for (const board of boards) board.boot();
  await Promise.all(boards.map((board) => board.untilIdle()));
  assert.deepEqual(
    boards.map(({ lines }) => lines),
    [["one"], ["two"]],
  );
});

test("a wait for a line that does not come rejects with the whole log", async (t) => {
  const board = boardOf(t, 'print("something else")');
  board.boot();
  await assert.rejects(board.untilLine(/hello/, 0, 20), /hello.*\n.*something else/);
});
