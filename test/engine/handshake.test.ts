// The server's reply in the smallest pieces on a real engine, whose indexOf finds more than is there; and what else
// goes wrong before MQTT begins.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { Engine, noEngine } from "./engine.ts";

/** Runs a bundle against a server that gets the whole upgrade request. */
async function against(
  t: TestContext,
  bundle: string,
  files: Record<string, string>,
  serve: Serve,
): Promise<Engine> {
  const server = createServer((socket) => {
    socket.setNoDelay(true).on("error", () => {});
    socket.once("data", (request) => serve(socket, request.toString("latin1")));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const config = { wifi: { ssid: "net" }, mqtt: { url: `ws://127.0.0.1:${port}/mqtt?token=s3cret` }, log: 4 };
  const engine = new Engine({
    "config.json": JSON.stringify(config),
    ...programOf(`dist/${bundle}.js`),
    ...files,
  });
  t.after(async () => {
    await engine.off();
    server.close();
  });
  return engine.boot();
}

type Serve = (socket: Socket, request: string) => void;

const BETWEEN_BYTES_MS = 4;

const trickle: Serve = async (socket, request) => {
  const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(request)?.[1];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const reply = `HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`;
  for (const byte of reply) {
    socket.write(byte);
    // No wait for anything: it only makes it likely that the engine reads each byte by itself.
    await new Promise((done) => setTimeout(done, BETWEEN_BYTES_MS));
  }
};

for (const bundle of ["hello", "hello-lean"]) {
  test(`${bundle}: a reply that comes byte by byte opens the WebSocket`, { skip: noEngine }, async (t) => {
    const engine = await against(t, bundle, {}, trickle);
    await engine.line(/Connected to WS|DOWN/);
    await engine.line(/4 wire > 82 /);
    assert.doesNotMatch(engine.lines.join("\n"), /DOWN/);
  });
}

test("what a server echoes of the URL's query is not logged", { skip: noEngine }, async (t) => {
  const engine = await against(t, "hello", {}, (socket, request) =>
    socket.write(`HTTP/1.1 404 no ${request.split(" ")[1]} here\r\n\r\n`),
  );
  assert.match(await engine.line(/DOWN/), /404 no \/mqtt\?token=\* here: check the path/);
  assert.doesNotMatch(engine.lines.join("\n"), /s3cret/);
});

for (const [name, ws] of Object.entries({
  "an object": "exports.a = 1;",
  "a function of another kind": "exports = function () { return {}; };",
})) {
  test(`a ws module that is ${name} is named in one line`, { skip: noEngine }, async (t) => {
    const engine = await against(t, "hello", { ws }, () => {});
    assert.match(await engine.line(/DOWN/), /module ws is not Espruino's own/);
  });
}
