// The bundle on the virtual board during lasting failures: refusals, a Wi-Fi that comes and goes or hangs, an engine
// that loses handlers. The clock is cranked, the sockets are real.
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { ManualClock } from "../../board/virtual/clock.ts";
import { programOf } from "../../board/virtual/program.ts";
import type { BoardOptions } from "../../board/virtual/virtual-board.ts";
import { RELEASES } from "../../board/virtual/wifi-driver.ts";
import { Crank } from "../../testing/crank.ts";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { boardOf, broker, QUICK, serverOf } from "./boards.ts";

/** A board with the bundle, and its clock, which `line` cranks. */
function booted(t: TestContext, port: number, config: object = {}, options: Partial<BoardOptions> = {}) {
  // Real sockets need real time.
  const pace = () => new Promise<void>((done) => setTimeout(done, board.load.sockets ? 1 : 0));
  const crank = new Crank(pace, 100);
  const { clock } = crank;
  const code = programOf("dist/hello.js");
  const json = { wifi: { ssid: "net" }, mqtt: { url: `ws://127.0.0.1:${port}/mqtt` }, ...config };
  const files = { "config.json": JSON.stringify(json) };
  const board = boardOf(t, code, { files, clock, wifi: QUICK, ...options });
  board.boot();
  /** Lets the board's time pass until it has printed a line that matches, from number `from` on; returns the line. */
  const line = async (pattern: RegExp, from = 0) => {
    const find = () => board.lines.slice(from).find((text) => pattern.test(text));
    await crank.until(find, `${pattern}`, () => board.lines.join("\n"));
    return find()!;
  };
  return { board, clock, line };
}

/** A port of 127.0.0.1 where nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Lets seconds of the board's time pass. */
async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let s = 0; s < seconds; s++) await clock.advance(1000);
}

const http = (status: string) => (socket: Socket) =>
  socket.once("data", () => socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`));

/** The server's answer, the line that the board logs, and its shortest wait before the next attempt. */
const REFUSALS: [name: string, port: (t: TestContext) => Promise<number>, said: RegExp, leastS: number][] = [
  ["HTTP 401", (t) => serverOf(t, http("401 Unauthorized")), /DOWN: HTTP\/1.1 401 .*credentials/, 300],
  ["HTTP 503", (t) => serverOf(t, http("503 Service Unavailable")), /DOWN: HTTP\/1.1 503 .*busy/, 15],
  ["CONNACK 3", async (t) => (await broker(t, 3)).port, /DOWN: 0x88 .*not available/, 15],
  ["CONNACK 4", async (t) => (await broker(t, 4)).port, /DOWN: 0x86 .*user name or password/, 300],
];

for (const [name, port, said, leastS] of REFUSALS) {
  test(`${name}: the next attempt comes after more than ${leastS} s, and no socket is open until then`, async (t) => {
    const { board, clock, line } = booted(t, await port(t));
    const first = await line(said);
    const seconds = Number(/again in (\d+) s/.exec(first)?.[1]);
    assert.ok(seconds > leastS && seconds <= leastS + 64, first);
    while (board.load.sockets) await clock.advance(1);
    assert.deepEqual(board.load, { timers: 1, sockets: 0 });
    const known = board.lines.length;
    await pass(clock, seconds - 1);
    assert.equal(board.lines.length, known);
    const again = await line(/DOWN/, known);
    assert.match(again, leastS === 300 ? /DOWN: refused as before/ : said);
  });
}

test("the Wi-Fi vanishes while the link is up, and comes back: the link is up again", async (t) => {
  const { board, clock, line } = booted(t, (await broker(t)).port);
  await line(/CONNECTED/);
  board.wifi.vanish();
  await line(/DOWN: Wi-Fi: /);
  await pass(clock, 100);
  board.wifi.comeBack();
  await line(/CONNECTED/, board.lines.length);
  assert.deepEqual(board.load, { timers: 1, sockets: 1 });
});

test("a radio that got no answer: the board switches it off and on, then joins", async (t) => {
  const { board, line } = booted(t, (await broker(t)).port);
  board.wifi.silent = true;
  await line(/DOWN: no answer from Wi-Fi/);
  board.wifi.comeBack();
  await line(/CONNECTED/);
  const wifi = board.lines.flatMap((text) => /wifi (Join.*)/.exec(text)?.[1] ?? []);
  assert.deepEqual(wifi, ["Joining net", "Joining net, the radio off and on first", "Joined"]);
});

for (const release of RELEASES) {
  test(`${release}: a broker away for five failures: the radio is switched off and on, and the link is up again`, async (t) => {
    const port = await closedPort();
    const { board, clock, line } = booted(t, port, {}, { release });
    let known = 0;
    for (let n = 0; n < 5; n++) {
      const down = await line(/link DOWN: connection refused/, known);
      known = board.lines.indexOf(down, known) + 1;
    }
    const since = clock.now();
    await broker(t, 0, port);
    await line(/CONNECTED/);
    // The wait after the fifth failure, and some seconds for the radio.
    assert.ok(clock.now() - since < 22_000, board.lines.join("\n"));
    assert.ok(board.lines.some((text) => text.includes("Joining net, the radio off and on first")));
  });

  test(`${release}: the program begins while the Wi-Fi is joined: it comes up at once`, async (t) => {
    const { board, clock, line } = booted(t, (await broker(t)).port, {}, { release });
    await line(/CONNECTED/);
    const [known, since] = [board.lines.length, clock.now()];
    (board.global.load as () => void)();
    await line(/CONNECTED/, known);
    assert.ok(clock.now() - since < 5000, board.lines.join("\n"));
    assert.equal(board.boots, 2);
  });
}

test("after link.rebootAfterS the board restarts; the next boot logs why; the note is deleted once the link is up", async (t) => {
  const { board, clock, line } = booted(t, (await broker(t)).port, { link: { rebootAfterS: 120 } });
  board.wifi.refuse("AUTH_FAIL");
  await line(/RESTARTING: not connected for 120 s: Wi-Fi: AUTH_FAIL/);
  const seconds = clock.now() / 1000;
  assert.ok(seconds >= 120 && seconds < 123, `${seconds}`);
  await line(/1 boot restarted by itself: not connected for 120 s: Wi-Fi: AUTH_FAIL/);
  assert.equal(board.boots, 2);
  board.wifi.comeBack();
  await line(/CONNECTED/);
  assert.equal(board.flash.has("link.restart"), false);
});

test("a full Storage: the board does not compact it, and says that the reason of the restart is lost", async (t) => {
  const { board, line } = booted(t, 1, { link: { rebootAfterS: 30 } }, { storage: 40_000 });
  board.flash.trash = board.flash.free;
  board.wifi.refuse("AUTH_FAIL");
  await line(/the reason is lost with the restart: Storage is full, flash the board again/);
  await line(/2 boot hello/, board.lines.length);
  assert.equal(board.flash.compactions, 0);
});

for (const victim of ["data", "interval"] as const) {
  test(`out of memory in a handler of kind ${victim}: a new connection; the second time, a restart`, async (t) => {
    const { port, sockets } = await broker(t);
    const { board, line } = booted(t, port);
    await line(/CONNECTED/);
    const starve = () => {
      board.starve(victim);
      sockets.at(-1)?.write(Buffer.from([0x89, 0]));
    };
    starve();
    assert.match(await line(/link DOWN/), /lost something: CALLBACK,LOW_MEMORY,MEMORY/);
    await line(/CONNECTED/, board.lines.length);
    assert.deepEqual(board.load, { timers: 1, sockets: 1 });
    starve();
    await line(/RESTARTING/);
    await line(/restarted by itself: the engine has lost something twice/);
    assert.equal(board.boots, 2);
  });
}

test("the tick has stopped for good: the watchdog restarts the board", async (t) => {
  const { board, clock, line } = booted(t, (await broker(t)).port, { mqtt: { url: "ws://127.0.0.1:1" } });
  await line(/DOWN/);
  (board.global.E as { removeAllListeners(event: string): void }).removeAllListeners("errorFlag");
  board.starve("interval");
  await pass(clock, 298);
  assert.equal(board.boots, 1);
  await pass(clock, 5);
  assert.equal(board.boots, 2);
});

test("a board that is done: the watchdog does not restart it", async (t) => {
  const embedded = await EmbeddedBroker.start();
  t.after(() => embedded.stop());
  const { board, clock, line } = booted(t, 0, { mqtt: { url: embedded.url } });
  await line(/link DONE/);
  await pass(clock, 1000);
  assert.equal(board.boots, 1);
});
