// An upload to a real engine from start to end: over its console, then a restart, then the uploaded firmware says hello
// to mosquitto. Also while a program logs all the time, and from a Storage image.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { storageImage } from "../../tools/flash/image.ts";
import { SerialLine } from "../../tools/serial/serial.ts";
import { missing, mosquitto } from "../brokers/mosquitto.ts";
import { ESPRUINO_MODULES, noEngine, WIFI_STUB } from "../engine/engine.ts";
import { until } from "../support/until.ts";
import { fakeWs, flash, goodConfig, monitor, scratch } from "./command.ts";
import { EnginePort } from "./engine-port.ts";

const skip = noEngine || missing("socat") || missing("mosquitto");
const WS = ["--ws", join(ESPRUINO_MODULES, "ws.js")];
const BUNDLE = ["--bundle", "dist/hello.js"];
/** The Storage of a Linux build is smaller than a chip's. */
const ENGINE_STORAGE_BYTES = 262144;
/** An old program that logs all the time. */
const BUSY = 'setInterval(function(){console.log("1f 3 app I am busy "+process.memory().free)},5);';

test("an upload to a real engine: the firmware says hello and receives it", { skip }, async (t) => {
  const config = goodConfig(t, await mosquitto(t), { log: 4 });
  const engine = await EnginePort.start(t);
  const run = flash(t, [engine.path, ...BUNDLE, ...WS, "--config", config, "--decode"]);
  await run.until(/RECEIVED hello <- mg\/test\n[\s\S]*link DONE\n/);
  assert.match(run.out, /\.bootcde verified, CRC [0-9a-f]{8}\nrestarting the board\n/);
  assert.match(run.out, /-- the link is up\n/);
  assert.match(run.out, /wire > CONNECT level 4, .* client "esp32-/);
  assert.match(run.out, /wire < PUBLISH QoS 1 id \d+ "mg\/test", 5 bytes "hello"/);
  run.child.kill("SIGINT");
  assert.equal((await run.ended).code, 0);
  assert.ok(engine.boots > 1);
});

test("a real engine whose console has a password: the error says so, and an upload follows once it is typed", {
  skip,
}, async (t) => {
  const config = goodConfig(t, await mosquitto(t));
  const engine = await EnginePort.start(t);
  const args = [engine.path, ...BUNDLE, ...WS, "--config", config, "--no-monitor"];
  /** Types a line into the console and waits for the answer, as the monitor does at a terminal. */
  const type = async (text: string, answer: RegExp) => {
    const line = await SerialLine.open(engine.path);
    let heard = "";
    line.onBytes = (bytes) => {
      heard += Buffer.from(bytes).toString("latin1");
    };
    await line.write(Buffer.from(`${text}\n`));
    await until(
      () => answer.test(heard),
      `${answer}`,
      () => heard,
    );
    await line.close();
  };
  await type('E.setPassword("word");E.lockConsole()', /=undefined/);
  const { code, err } = await flash(t, args).ended;
  assert.equal(code, 23, err);
  assert.match(err, /wants a password: type it in npm run monitor and run again/);
  await type("word", /Logged in/);
  const again = await flash(t, args).ended;
  assert.equal(again.code, 0, again.out + again.err);
});

test("an upload over a program that never stops logging, twice", { skip }, async (t) => {
  const config = goodConfig(t, await mosquitto(t));
  const engine = await EnginePort.start(t);
  engine.write(".bootcde", BUSY);
  for (const profile of ["dist/hello-tiny.js", "dist/hello.js"]) {
    const { code, out, err } = await flash(t, [
      engine.path,
      "--bundle",
      profile,
      ...WS,
      "--config",
      config,
      "--no-monitor",
    ]).ended;
    assert.equal(code, 0, out + err);
  }
});

test("a Storage image: a real engine boots it, says hello and receives it", { skip }, async (t) => {
  const file = join(scratch(t), "image");
  const config = { wifi: { ssid: "lab" }, mqtt: { url: await mosquitto(t) } };
  const files = [
    { name: "Wifi", bytes: Buffer.from(WIFI_STUB) },
    { name: "ws", bytes: readFileSync(join(ESPRUINO_MODULES, "ws.js")) },
    { name: "config.json", bytes: Buffer.from(JSON.stringify(config)) },
    ...Object.entries(programOf("dist/hello.js")).map(([name, text]) => ({
      name,
      bytes: Buffer.from(text, "latin1"),
    })),
  ];
  writeFileSync(file, storageImage(files, ENGINE_STORAGE_BYTES));
  const engine = await EnginePort.start(t, file);
  const run = monitor(t, [engine.path, "--reset"]);
  await run.until(/RECEIVED hello <- mg\/test\n/);
});

test("a module that the board lacks: nothing is written", { skip }, async (t) => {
  const engine = await EnginePort.start(t);
  const ws = fakeWs(t, 'exports="Sec-WebSocket-Key";require("nosuch");');
  const { code, err } = await flash(t, [engine.path, ...BUNDLE, "--ws", ws, "--config", goodConfig(t)]).ended;
  assert.equal(code, 15);
  assert.match(err, /has no module nosuch/);
  assert.equal(engine.boots, 1);
});

test("the monitor's questions leave no trace on a real engine's console", { skip }, async (t) => {
  const engine = await EnginePort.start(t);
  const run = monitor(t, [engine.path]);
  await run.until(/watching/);
  run.child.stdin?.write("console.log('typed',1+1)\n");
  await run.until(/typed 2\n/);
  run.child.kill("SIGINT");
  assert.equal((await run.ended).code, 0);
  assert.equal(engine.boots, 1);
});
