// Failures before MQTT begins, on a real engine: the server's reply in the smallest pieces (the engine's indexOf finds
// matches beyond the end), an echo of the URL, a wrong ws module.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { upgrade } from "../support/upgrade.ts";
import { serverOf } from "../virtual/boards.ts";
import { Engine, noEngine } from "./engine.ts";

/** Runs a bundle against a server that gets the whole upgrade request. */
async function against(
  t: TestContext,
  bundle: string,
  files: Record<string, string>,
  serve: Serve,
  path = "/mqtt?token=s3cret",
): Promise<Engine> {
  const port = await serverOf(t, (socket) => {
    let request = "";
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      const before = request.includes("\r\n\r\n");
      request += bytes.toString("latin1");
      if (!before && request.includes("\r\n\r\n")) serve(socket, request);
    });
  });
  const config = { wifi: { ssid: "net" }, mqtt: { url: `ws://127.0.0.1:${port}${path}` }, log: 4 };
  const engine = new Engine({
    "config.json": JSON.stringify(config),
    ...programOf(`dist/${bundle}.js`),
    ...files,
  });
  t.after(() => engine.off());
  return engine.boot();
}

type Serve = (socket: Socket, request: string) => void;

const BETWEEN_BYTES_MS = 4;

const trickle: Serve = async (socket, request) => {
  for (const byte of upgrade(request)) {
    socket.write(byte);
    // Not a wait for anything: the pause only makes it likely that the engine reads each byte on its own.
    await new Promise((done) => setTimeout(done, BETWEEN_BYTES_MS));
  }
};

for (const bundle of ["hello", "hello-lean"]) {
  test(`${bundle}: a reply that comes byte by byte opens the WebSocket`, { skip: noEngine }, async (t) => {
    const engine = await against(t, bundle, {}, trickle);
    await engine.line(/Connected to WS|DOWN/);
    await engine.line(/4 wire > 82 /);
    assert.doesNotMatch(engine.lines.join("\n"), /DOWN|Uncaught/);
  });
}

for (const bundle of ["hello", "hello-lean"]) {
  test(`${bundle}: a reply of 5 KB, most of it cookies, opens the WebSocket`, {
    skip: noEngine,
  }, async (t) => {
    const cookie = `\r\nSet-Cookie: a=${"c".repeat(700)}`;
    const engine = await against(t, bundle, {}, (socket, request) =>
      socket.write(upgrade(request).replace("\r\n", `${cookie.repeat(7)}\r\n`)),
    );
    await engine.line(/4 wire > 82 /);
    assert.doesNotMatch(engine.lines.join("\n"), /DOWN|Uncaught/);
  });
}

for (const bundle of ["hello", "hello-lean"]) {
  test(`${bundle}: a URL of 4 KB arrives whole`, { skip: noEngine }, async (t) => {
    const path = `/mqtt?X-Amz-Security-Token=${"Tok%2Fen%2B".repeat(365)}`;
    let first = "";
    const serve: Serve = (socket, request) => {
      first = request.split("\r\n")[0]!;
      socket.write(upgrade(request));
    };
    const engine = await against(t, bundle, {}, serve, path);
    await engine.line(/4 wire > 82 /);
    assert.equal(first, `GET ${path} HTTP/1.1`);
    assert.doesNotMatch(engine.lines.join("\n"), /DOWN|Uncaught|Tok%2F/);
  });

  for (const [value, words, least] of [
    ["120", /it asks to wait 120 s, again in \d+ s/, 121],
    ["86400", /it asks to wait 86400 s, 600 are obeyed, again in \d+ s/, 601],
    ["9".repeat(30), /600 are obeyed, again in \d+ s/, 601],
    ["Fri, 31 Dec 1999 23:59:59 GMT", /its Retry-After has no seconds: not obeyed, again in \d+ s/, 16],
  ] as const)
    test(`${bundle}: Retry-After: ${value.substr(0, 8)}, byte by byte`, { skip: noEngine }, async (t) => {
      const serve: Serve = async (socket) => {
        for (const byte of `HTTP/1.1 503 Busy\r\nRetry-After: ${value}\r\n\r\n`) {
          socket.write(byte);
          await new Promise((done) => setTimeout(done, BETWEEN_BYTES_MS));
        }
      };
      const line = await (await against(t, bundle, {}, serve)).line(/DOWN/);
      assert.match(line, words);
      const again = Number(/again in (\d+) s/.exec(line)![1]);
      assert.ok(again >= least && again < least + 64, line);
    });
}

test("a server that closes with 1013: the engine waits as at a busy server", {
  skip: noEngine,
}, async (t) => {
  const engine = await against(t, "hello-lean", {}, (socket, request) =>
    socket.write(`${upgrade(request)}\x88\x02\x03\xf5`, "latin1"),
  );
  const line = await engine.line(/DOWN/);
  const [, again] = /DOWN: server closed the WebSocket: 1013 , again in (\d+) s/.exec(line) ?? [];
  assert.ok(Number(again) >= 16 && Number(again) <= 47, line);
});

test("a server that echoes the URL's query: the log hides it", { skip: noEngine }, async (t) => {
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
  test(`a ws module that is ${name}: one line says so`, { skip: noEngine }, async (t) => {
    const engine = await against(t, "hello", { ws }, () => {});
    assert.match(await engine.line(/DOWN/), /module ws is not Espruino's own/);
  });
}
