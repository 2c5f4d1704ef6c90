// The module over wss:// with a pre-shared key: on the virtual board, and on the real engine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missing, mosquittoPorts } from "../brokers/mosquitto.ts";
import { PSK, pskServer, SECRETS } from "../brokers/psk.ts";
import { Front } from "../brokers/tls.ts";
import { noEngine } from "../engine/engine.ts";
import { real, virtual } from "./places.ts";

const skip = missing("mosquitto");

function program(port: number, tls: object): string {
  return `
var c = require("mqtt-ws").connect("wss://127.0.0.1:${port}/mqtt", { log: 4, tls: ${JSON.stringify(tls)} });
c.on("connect", function () { c.subscribe("t", function () { c.publish("t", "hello"); }); });
c.on("message", function (topic, payload) { print("got " + payload); });
c.on("error", function (error) { print("error " + error.message); });`;
}

test("the module over TLS on the virtual board, and with another key", { skip }, async (t) => {
  const front = await Front.start(t, (await mosquittoPorts(t)).ws, pskServer());
  const bad = virtual(t, program(front.port, { psk: { ...PSK, key: "ff".repeat(32) } }));
  bad.boot();
  await bad.untilLine(/^error TLS: the server has another key for this identity/);
  const board = virtual(t, program(front.port, { psk: PSK }), "mqtt-ws");
  board.boot();
  await board.untilLine(/^got hello/);
  assert.ok(board.lines.some((line) => / 2 boot wss: server authenticated by a pre-shared key/.test(line)));
  for (const secret of SECRETS) assert.doesNotMatch(board.lines.join("\n"), secret);
  assert.equal(board.flash.get("tls.0")?.length, 72);
});

test("mistakes in tls throw, and name the option", async (t) => {
  for (const [tls, said] of [
    [{ psk: { identity: "a", key: "short" } }, /tls\.psk\.key: expected a key of 16\.\.64 bytes/],
    [{ psk: { identity: "a", key: PSK.key, more: 1 } }, /unknown option tls\.psk\.more/],
    [{}, /tls\.psk/],
  ] as const) {
    const board = virtual(t, program(1, tls), "mqtt-ws-lean");
    board.boot();
    await board.untilLine(said);
  }
});

test("mqtt-ws-lean over TLS on the engine", { skip: skip || noEngine }, async (t) => {
  const front = await Front.start(t, (await mosquittoPorts(t)).ws, pskServer());
  const engine = real(t, program(front.port, { psk: PSK }));
  engine.boot();
  await engine.line(/^got hello/);
  for (const secret of SECRETS) assert.doesNotMatch(engine.lines.join("\n"), secret);
});
