// The bundles, unchanged, on a real Espruino engine with the stock `ws` module, against mosquitto: from flash, by the
// loader, and from RAM. Only the radio is a stub.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { BOOT_CODE, programOf, scriptOf } from "../../board/virtual/program.ts";
import { missing, mosquitto } from "../brokers/mosquitto.ts";
import { upgrade } from "../support/upgrade.ts";
import { serverOf } from "../virtual/boards.ts";
import { serverFrame } from "../ws/server.ts";
import { Engine, noEngine } from "./engine.ts";

const skip = noEngine || missing("mosquitto");

function board(t: TestContext, files: Record<string, string>): Engine {
  const engine = new Engine(files);
  t.after(() => engine.off());
  return engine;
}

function config(url: unknown, more = {}): string {
  return JSON.stringify({ wifi: { ssid: "net" }, mqtt: { url }, ...more });
}

for (const name of ["hello", "hello-tiny", "hello-v5", "hello-lean", "hello-tiny-lean", "hello-v5-lean"]) {
  const program = programOf(`dist/${name}.js`);
  const { [BOOT_CODE]: _, ...withoutLoader } = program;

  for (const place of ["flash", "RAM"]) {
    test(`${name} from ${place} says hello and hears it`, { skip }, async (t) => {
      const url = await mosquitto(t);
      const files = { "config.json": config(url) };
      const engine = board(t, { ...files, ...(place === "RAM" ? withoutLoader : program) });
      engine.boot(place === "RAM" ? scriptOf(program) : undefined);
      await engine.line(/^[0-9a-f]+ 2 hello RECEIVED hello <- mg\/test$/);
      await engine.line(/^[0-9a-f]+ 2 link DONE$/);
      const log = engine.lines.join("\n");
      assert.match(log, /CONNECTED to ws:\/\/127\.0\.0\.1/);
      assert.match(log, /SUBSCRIBED to mg\/test \d+ ms/);
      assert.match(log, /PUBLISHED hello -> mg\/test \d+ ms/);
      assert.doesNotMatch(log, /Uncaught|MEMORY|Unknown opcode/);
      // Done: no timer is left.
      if (place === "RAM") return engine.ended();
      engine.type('print("left", Object.keys(global["\\xff"].timers).length)');
      await engine.line(/^left 0$/);
    });
  }
}

for (const name of ["hello-lean", "hello-v5-lean"])
  test(`${name}: with several brokers, of which one listens, it says hello and hears it`, {
    skip,
  }, async (t) => {
    const url = ["ws://127.0.0.1:1/mqtt", { url: await mosquitto(t) }, "ws://127.0.0.1:2/mqtt"];
    const engine = board(t, { "config.json": config(url), ...programOf(`dist/${name}.js`) });
    engine.boot();
    await engine.line(/^[0-9a-f]+ 2 hello RECEIVED hello <- mg\/test$/);
    await engine.line(/^[0-9a-f]+ 2 link DONE$/);
    const log = engine.lines.join("\n");
    assert.equal(log.match(/one of several servers: ws:\/\/127/g)?.length, 3);
    assert.doesNotMatch(log, /Uncaught|MEMORY/);
  });

for (const name of ["hello", "hello-lean"])
  test(`${name}: a large message leaves as one WebSocket message in frames and comes back whole`, {
    skip,
  }, async (t) => {
    const app = { qos: 1, message: "0123456789".repeat(210) };
    const url = await mosquitto(t);
    const engine = board(t, { "config.json": config(url, { app }), ...programOf(`dist/${name}.js`) });
    engine.boot();
    await engine.line(/^[0-9a-f]+ 2 link DONE$/);
    const log = engine.lines.join("\n");
    assert.match(log, /RECEIVED 0123456789/);
    assert.doesNotMatch(log, /DOWN: |Uncaught|MEMORY/);
  });

test("hello at QoS 2 and with bytes of every kind in the message", { skip }, async (t) => {
  const url = await mosquitto(t);
  const app = { qos: 2, message: "caf\u00e9 ".repeat(60), topic: "a/\u20ac" };
  const files = {
    "config.json": Buffer.from(config(url, { app })).toString("latin1"),
    ...programOf("dist/hello.js"),
  };
  const engine = board(t, files).boot();
  await engine.line(/2 link DONE$/);
  assert.match(engine.lines.join("\n"), /RECEIVED caf/);
});

test("log level 4: no line contains credentials", { skip }, async (t) => {
  const url = (await mosquitto(t)).replace("//", "//joe:s3cret@");
  const files = {
    "config.json": config(url, { log: 4 }),
    ...programOf("dist/hello.js"),
  };
  const engine = board(t, files).boot();
  await engine.line(/2 link DONE$/);
  const log = engine.lines.join("\n");
  assert.match(log, / 4 wire > 82 /);
  for (const secret of ["s3cret", "joe", "73 33 63 72 65 74", "6a 6f 65"])
    assert.ok(!log.includes(secret), secret);
});

test("a mistake in config.json is named, and the console answers", { skip: noEngine }, async (t) => {
  const files = {
    "config.json": '{"wifi":{"ssid":1},"mqtt":{"url":"http://x"},"colour":1}',
    ...programOf("dist/hello.js"),
  };
  const engine = board(t, files).boot();
  await engine.line(/2 config warning: unknown key colour, ignored/);
  await engine.line(/1 config wifi\.ssid: expected text of 1\.\.32 bytes/);
  await engine.line(/1 config mqtt\.url: expected ws:\/\//);
  engine.type("print(6 * 7)");
  await engine.line(/^42$/);
});

test("a port without a server: one line says so, and the board tries again", {
  skip: noEngine,
}, async (t) => {
  const files = {
    "config.json": config("ws://127.0.0.1:1/mqtt"),
    ...programOf("dist/hello.js"),
  };
  const engine = board(t, files).boot();
  await engine.line(/1 link DOWN: connection refused .*, again in 1 s/);
  await engine.line(/1 link DOWN: connection refused .*, again in [12] s/);
});

for (const name of ["hello", "hello-lean", "hello-v5-lean"])
  test(`${name}: a message at QoS 1 in the chunk of CONNACK, of a session that was kept, is received`, {
    skip: noEngine,
  }, async (t) => {
    const port = await serverOf(t, (socket) => {
      socket.once("data", (request) => {
        const five = "\x20\x03\x01\0\0";
        const connack = serverFrame(0x82, name.includes("v5") ? five : "\x20\x02\x01\0");
        const properties = name.includes("v5") ? "\0" : "";
        const rest = `\0\x07mg/test\0\x09${properties}waited`;
        const message = serverFrame(0x82, `\x32${String.fromCharCode(rest.length)}${rest}`);
        socket.write(upgrade(request.toString("latin1")), "latin1");
        // The upgrade and the board's CONNECT come first.
        socket.once("data", () => socket.write(connack + message, "latin1"));
      });
    });
    const files = {
      "config.json": config(`ws://127.0.0.1:${port}/mqtt`, {
        mqtt: { url: `ws://127.0.0.1:${port}/mqtt`, cleanSession: false },
      }),
      ...programOf(`dist/${name}.js`),
    };
    const engine = board(t, files).boot();
    await engine.line(/2 hello RECEIVED waited <- mg\/test$/);
    assert.doesNotMatch(engine.lines.join("\n"), /Uncaught|MEMORY|DOWN: /);
  });
