// wss:// on a real engine: the bundles through a TLS server to mosquitto, with the stock `ws` module and without it;
// and what its TLS throws where nobody can catch it.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { certificate, ecdsa, Front, type Identity, LINUX_ENGINE, noOpenssl } from "../brokers/tls.ts";
import { serverOf } from "../virtual/boards.ts";
import { Engine, noEngine } from "./engine.ts";

const skip = noEngine || noOpenssl || missing("mosquitto");
const BUNDLES = ["hello", "hello-lean"];
/** JsVars that a whole TLS handshake takes on a Linux build, which has no other memory for it. */
const ROOM = 5000;

let own: Identity | undefined;
const identity = () => {
  own ??= certificate();
  return own;
};

/** An engine with a bundle in flash and what else it needs. */
function booted(
  t: TestContext,
  url: string,
  {
    bundle = "hello",
    files = {},
    before = "",
  }: { bundle?: string; files?: Record<string, string>; before?: string } = {},
): Engine {
  const config = { wifi: { ssid: "net" }, mqtt: { url, tls: "unverified" } };
  const engine = new Engine({
    "config.json": JSON.stringify(config),
    ...programOf(`dist/${bundle}.js`, before),
    ...files,
  });
  t.after(() => engine.off());
  return engine.boot();
}

/** Why the engine cannot finish a handshake; "" if it can. One that fails takes less memory. */
async function noRoom(engine: Engine): Promise<string> {
  engine.type('var m = process.memory(); print("room", m.total, m.blocksize)');
  const [, total, size] = (await engine.line(/^room \d+ \d+/)).split(" ").map(Number);
  return total! > ROOM || size! > 14 ? "" : "a whole TLS handshake takes more JsVars than this engine has";
}

async function nothingLeft(engine: Engine): Promise<void> {
  engine.type('print("listeners", typeof process["#onuncaughtException"])');
  await engine.line(/^listeners undefined$/);
  assert.doesNotMatch(engine.lines.join("\n"), /Uncaught|MEMORY/);
}

for (const bundle of BUNDLES) {
  test(`${bundle} says hello over wss through mosquitto`, { skip }, async (t) => {
    const ports = await mosquittoPorts(t);
    const { cert, key } = identity();
    const front = await Front.start(t, ports.ws, { cert, key, ...LINUX_ENGINE });
    const engine = booted(t, `wss://127.0.0.1:${front.port}/mqtt`, { bundle });
    const small = await noRoom(engine);
    if (small) return t.skip(small);
    await engine.line(/2 hello RECEIVED hello <- mg\/test$/);
    await engine.line(/2 link DONE$/);
    const log = engine.lines.join("\n");
    assert.match(log, /2 ws wss: server NOT authenticated, keys from a weak generator/);
    assert.match(log, /CONNECTED to wss:\/\/127\.0\.0\.1/);
    engine.type('print("left", Object.keys(global["\\xff"].timers).length)');
    await engine.line(/^left 0$/);
    await nothingLeft(engine);
  });

  test(`${bundle}: client.crt and client.key satisfy a server that asks for them`, { skip }, async (t) => {
    const ports = await mosquittoPorts(t);
    const ca = certificate({ name: "authority" });
    const { der } = certificate({ name: "device", issuer: ca });
    const { cert, key } = identity();
    const asking = { ca: [ca.cert], requestCert: true, rejectUnauthorized: true };
    const front = await Front.start(t, ports.ws, { cert, key, ...LINUX_ENGINE, ...asking });
    const files = { "client.crt": der.cert, "client.key": der.key };
    const engine = booted(t, `wss://127.0.0.1:${front.port}/mqtt`, { bundle, files });
    const small = await noRoom(engine);
    if (small) return t.skip(small);
    await engine.line(/2 link DONE$/);
    assert.equal(front.authorized, true);
  });

  test(`${bundle}: a server with an ECDSA certificate only: this engine cannot, and one line says so`, {
    skip,
  }, async (t) => {
    const front = await Front.start(t, 1, { ...ecdsa(), maxVersion: "TLSv1.2" });
    const engine = booted(t, `wss://127.0.0.1:${front.port}/mqtt`, { bundle });
    await engine.line(/DOWN: TLS refused by the server/);
    assert.equal(front.secured, 0);
  });

  for (const [name, serve, said] of [
    ["another version", undefined, /DOWN: TLS refused by the server/],
    ["no TLS", "HTTP/1.1 400 Bad Request\r\n\r\n", /DOWN: not a TLS port/],
    ["hangs up", "", /DOWN: closed during the TLS handshake/],
  ] as const) {
    test(`${bundle}: a handshake that fails is one line, and no exception: ${name}`, { skip }, async (t) => {
      const { cert, key } = identity();
      const port =
        serve === undefined
          ? (await Front.start(t, 1, { cert, key, minVersion: "TLSv1.3" })).port
          : await serverOf(t, (socket) => socket.once("data", () => socket.end(serve)));
      const engine = booted(t, `wss://127.0.0.1:${port}/mqtt`, { bundle });
      await engine.line(said);
      await nothingLeft(engine);
    });
  }

  test(`${bundle}: too little heap is said, and nothing tried`, { skip }, async (t) => {
    const before = "ESP32={getState:function(){return{freeHeap:20000}}};";
    const engine = booted(t, "wss://127.0.0.1:1/", { bundle, before });
    await engine.line(/DOWN: too little memory for TLS: 20000 bytes of heap free, 32000 needed/);
  });
}

test("an exception of the application is printed during the TLS handshake and after it", {
  skip,
}, async (t) => {
  let hangUp = () => {};
  const port = await serverOf(t, (socket) => {
    hangUp = () => socket.end();
  });
  const engine = booted(t, `wss://127.0.0.1:${port}/`);
  await engine.line(/NOT authenticated/);
  engine.type("setTimeout(function () { throw 'first' }, 1)");
  await engine.line(/Uncaught first/);
  hangUp();
  await engine.line(/DOWN: closed during/);
  engine.type("setTimeout(function () { throw 'second' }, 1)");
  await engine.line(/Uncaught second/);
});
