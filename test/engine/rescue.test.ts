// A real engine whose memory runs out inside a handler: it removes the handler, and the bundle notices, makes a new
// connection, and the second time restarts the board with its reason kept.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { broker } from "../virtual/boards.ts";
import { Engine, noEngine } from "./engine.ts";

/** Runs before the bundle: eats all memory where the test wants it, and restarts as a chip does. */
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

/** Lines that match, so far. */
const count = ({ lines }: Engine, pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;

async function until(engine: Engine, condition: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !condition(); n++) await new Promise((done) => setTimeout(done, 100));
  assert.ok(condition(), engine.lines.join("\n"));
}

for (const [name, how, removed] of [
  ["a data handler", IN_DATA, /data handler - removing it/],
  ["the tick", IN_INTERVAL, /processing interval - removing it/],
] as const) {
  test(`engine: out of memory in ${name}: connected anew, then restarted`, { skip: noEngine }, async (t) => {
    const { engine, sockets } = await boot(t, how);
    sockets.at(-1)?.write(Buffer.from([0x89, 0]));
    if (/^NO BOUND/.test(await engine.line(/removing it|^NO BOUND/)))
      return t.skip("this engine takes as much memory as it likes");
    await engine.line(removed);
    await engine.line(/link DOWN: the engine has lost something: CALLBACK,LOW_MEMORY,MEMORY/);
    await until(engine, () => count(engine, /CONNECTED/) === 2);
    sockets.at(-1)?.write(Buffer.from([0x89, 0]));
    await engine.line(/RESTARTING: the engine has lost something twice/);
    await engine.line(/boot restarted by itself: the engine has lost something twice/);
    await until(engine, () => count(engine, /CONNECTED/) === 3);
  });
}
