// A real engine whose memory runs out inside a handler: it removes the handler, and the bundle notices, makes a new
// connection, and the second time restarts the board with its reason kept.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { until } from "../support/until.ts";
import { broker } from "../virtual/boards.ts";
import { Engine, noEngine } from "./engine.ts";

/** Runs before the bundle: uses up all memory where the test wants it, and restarts as a chip does. */
const PRELUDE = `var print0 = console.log, fed = 0;
ESP32 = { reboot: function () { load(); } };
function eat() {
  var a = [], all = process.memory().total;
  while (a.length % 1000 || process.memory().total === all) a.push("01234567890123456789");
  print0("NO BOUND");
}`;
/** Inside the handler of a socket's bytes: that is where a PING is logged. */
const IN_DATA = `console.log = function (line) { print0(line); if (line.split("< 89 00").length > 1) eat(); };`;
/** Inside the tick. */
const IN_INTERVAL = `E.kickWatchdog = function () { if (++fed % 4 === 0) eat(); };`;

async function boot(t: TestContext, how: string) {
  const { port, sockets } = await broker(t);
  const config = { wifi: { ssid: "lab" }, mqtt: { url: `ws://127.0.0.1:${port}` }, log: 4 };
  const engine = new Engine({
    ".boot0": PRELUDE + how,
    ...programOf("dist/hello.js"),
    "config.json": JSON.stringify(config),
  }).boot();
  t.after(() => engine.off());
  await engine.line(/CONNECTED/);
  return { engine, sockets };
}

/** Waits until the engine has printed so many lines that match. */
async function printed(engine: Engine, times: number, pattern: RegExp): Promise<void> {
  const count = () => engine.lines.filter((line) => pattern.test(line)).length;
  await until(
    () => count() >= times,
    `${pattern}, ${times} times`,
    () => engine.lines.join("\n"),
  );
  assert.equal(count(), times);
}

for (const [name, how, removed] of [
  ["a data handler", IN_DATA, /data handler - removing it/],
  ["the tick", IN_INTERVAL, /processing interval - removing it/],
] as const) {
  test(`engine: out of memory in ${name}: a new connection; the second time, a restart`, {
    skip: noEngine,
  }, async (t) => {
    const { engine, sockets } = await boot(t, how);
    sockets.at(-1)?.write(Buffer.from([0x89, 0]));
    if (/^NO BOUND/.test(await engine.line(/removing it|^NO BOUND/)))
      return t.skip("this engine takes as much memory as it likes");
    await engine.line(removed);
    await engine.line(/link DOWN: the engine has lost something: CALLBACK,LOW_MEMORY,MEMORY/);
    await printed(engine, 2, /CONNECTED/);
    sockets.at(-1)?.write(Buffer.from([0x89, 0]));
    await engine.line(/RESTARTING: the engine has lost something twice/);
    await engine.line(/boot restarted by itself: the engine has lost something twice/);
    await printed(engine, 3, /CONNECTED/);
  });
}
