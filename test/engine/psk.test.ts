// wss:// with a pre-shared key on a real engine: the bundles against Node's TLS, openssl's s_server, and mosquitto behind
// stunnel.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { noStunnel, PSK, pskServer, SECRETS, sServer, stunnel } from "../brokers/psk.ts";
import { Front, noOpenssl } from "../brokers/tls.ts";
import { upgrade } from "../support/upgrade.ts";
import { serverOf } from "../virtual/boards.ts";
import { Engine, noEngine } from "./engine.ts";

const skip = noEngine || missing("mosquitto");
const BUNDLES = ["hello", "hello-lean"];

function booted(t: TestContext, port: number, bundle: string, psk = PSK): Engine {
  const mqtt = { url: `wss://127.0.0.1:${port}/mqtt`, tls: { psk } };
  const engine = new Engine({
    "config.json": JSON.stringify({ wifi: { ssid: "net" }, mqtt, log: 4 }),
    ...programOf(`dist/${bundle}.js`),
  });
  t.after(() => engine.off());
  return engine.boot();
}

function assertClean(engine: Engine): void {
  const log = engine.lines.join("\n");
  assert.doesNotMatch(log, /Uncaught|MEMORY|NOT authenticated/);
  for (const secret of SECRETS) assert.doesNotMatch(log, secret);
}

for (const bundle of BUNDLES) {
  test(`${bundle} says hello to mosquitto behind Node's TLS`, { skip }, async (t) => {
    const ports = await mosquittoPorts(t);
    const front = await Front.start(t, ports.ws, pskServer());
    const engine = booted(t, front.port, bundle);
    await engine.line(/2 boot wss: server authenticated by a pre-shared key, no forward secrecy/);
    await engine.line(/2 hello RECEIVED hello <- mg\/test$/);
    await engine.line(/2 link DONE$/);
    engine.type('print("left", Object.keys(global["\\xff"].timers).length)');
    await engine.line(/^left 0$/);
    assert.equal(front.secured, 1);
    assertClean(engine);
  });

  test(`${bundle} says hello to mosquitto behind stunnel`, { skip: skip || noStunnel }, async (t) => {
    const engine = booted(t, await stunnel(t, (await mosquittoPorts(t)).ws), bundle);
    await engine.line(/2 hello RECEIVED hello <- mg\/test$/);
    await engine.line(/2 link DONE$/);
    assertClean(engine);
  });

  test(`${bundle} and openssl s_server read each other`, { skip: noEngine || noOpenssl }, async (t) => {
    const { port, child } = await sServer(t, "-quiet");
    const engine = booted(t, port, bundle);
    const request = await new Promise<string>((done) => {
      let all = "";
      child.stdout!.on("data", (chunk: Buffer) => {
        all += chunk.toString("latin1");
        if (all.includes("\r\n\r\n")) done(all);
      });
    });
    child.stdin!.write(upgrade(request));
    await engine.line(/2 link Connected to WS/);
    assertClean(engine);
  });

  test(`${bundle}: another key, an unknown identity, a plain server: one line each`, { skip }, async (t) => {
    const front = await Front.start(t, 1, pskServer({ [PSK.identity]: "ff".repeat(32) }));
    const other = booted(t, front.port, bundle);
    await other.line(/DOWN: TLS: the server has another key for this identity/);
    assertClean(other);
    const unknown = booted(t, front.port, bundle, { ...PSK, identity: "nobody" });
    await unknown.line(/DOWN: TLS: the server does not know the identity/);
    assertClean(unknown);
    const port = await serverOf(t, (socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad\r\n\r\n")),
    );
    const plain = booted(t, port, bundle);
    await plain.line(/DOWN: TLS: no TLS in the answer: is it the port of ws/);
    assertClean(plain);
  });
}

test("records on the engine: large messages in both directions, in several records", { skip }, async (t) => {
  const ports = await mosquittoPorts(t);
  const front = await Front.start(t, ports.ws, pskServer());
  const message = "0123456789".repeat(250);
  const mqtt = { url: `wss://127.0.0.1:${front.port}/mqtt`, tls: { psk: PSK } };
  const config = { wifi: { ssid: "net" }, mqtt, app: { message } };
  const engine = new Engine({ "config.json": JSON.stringify(config), ...programOf("dist/hello-lean.js") });
  t.after(() => engine.off());
  engine.boot();
  await engine.line(/2 hello RECEIVED 01234567890123.*\.\.\.$/);
  await engine.line(/2 link DONE$/);
});
