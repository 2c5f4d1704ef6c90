// wss:// on the virtual board, with real TLS servers: what it says before, what ends a handshake, what is left of it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import type { TlsOptions } from "node:tls";
import { ManualClock } from "../../board/virtual/clock.ts";
import { programOf } from "../../board/virtual/program.ts";
import type { BoardOptions, VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { certificate, Front, type Identity, noOpenssl } from "../brokers/tls.ts";
import { boardOf, QUICK, serverOf } from "./boards.ts";

const BUNDLES = ["hello", "hello-lean"];
const options = { skip: noOpenssl };
/** Bytes of heap that a C3 keeps for TLS. A classic ESP32 has too few. */
const C3_HEAP = 70_000;
const TRUTH = / 2 ws wss: server NOT authenticated, keys from a weak generator$/;

let own: Identity | undefined;
const identity = () => (own ??= certificate());

function booted(
  t: TestContext,
  url: string,
  {
    bundle = "hello",
    before = "",
    files = {},
    memory = { heap: C3_HEAP },
    ...more
  }: Partial<BoardOptions> & { bundle?: string; before?: string } = {},
): VirtualBoard {
  const config = { wifi: { ssid: "net" }, mqtt: { url, tls: "unverified" }, log: 4 };
  const code = programOf(`dist/${bundle}.js`, before);
  const board = boardOf(t, code, {
    ...more,
    memory,
    files: { "config.json": JSON.stringify(config), ...files },
  });
  board.boot();
  return board;
}

/** A board, connected through TLS to a broker; the servers end with the test. */
async function brokered(t: TestContext, tls: TlsOptions, more: Parameters<typeof booted>[2] = {}) {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  const front = await Front.start(t, Number(new URL(broker.url).port), tls);
  return { front, board: booted(t, `wss://127.0.0.1:${front.port}/mqtt`, more) };
}

/** How many listeners for uncaught exceptions the program has. */
function listeners(board: VirtualBoard): number {
  const process = board.global.process as Record<string, unknown[] | undefined>;
  return process["#onuncaughtException"] ? process["#onuncaughtException"].length : -1;
}

async function failed(board: VirtualBoard, said: RegExp): Promise<void> {
  await board.untilLine(said);
  await board.until(() => board.load.sockets === 0, "the socket to be closed");
  assert.equal(listeners(board), -1, "no listener is left");
  assert.ok(!board.lines.some((line) => line.startsWith("Uncaught")), board.lines.join("\n"));
  assert.equal(board.lines.filter((line) => / 1 link DOWN/.test(line)).length, 1);
}

for (const bundle of BUNDLES) {
  for (const [name, make] of Object.entries({
    "its own": () => identity(),
    "an expired certificate": () => certificate({ expired: true }),
    "one of another host": () => certificate({ name: "somebody.else" }),
    "one of an authority": () => certificate({ issuer: certificate({ name: "authority" }) }),
  })) {
    test(
      `${bundle} says hello over wss to a server with ${name}, and says what that is worth`,
      options,
      async (t) => {
        const { cert, key } = make();
        const { front, board } = await brokered(t, { cert, key }, { bundle });
        await board.untilLine(TRUTH);
        await board.untilLine(/CONNECTED to wss:\/\/127\.0\.0\.1:\d+\/mqtt$/);
        await board.untilLine(/RECEIVED hello <- mg\/test/);
        await board.untilIdle();
        assert.deepEqual(board.load, { timers: 0, sockets: 0 });
        assert.equal(listeners(board), -1);
        assert.equal(front.secured, 1);
        assert.ok(!board.lines.some((line) => /Uncaught|^[0-9a-f]+ 1 /.test(line)), board.lines.join("\n"));
        // The engine sends this constant name. So no server can choose a certificate by name, and the name proves
        // nothing.
        assert.deepEqual(front.names, ["mbed TLS Server 1"]);
      },
    );
  }

  test(`${bundle}: a server with TLS 1.3 only: refused, in one line of the log`, options, async (t) => {
    const { board, front } = await brokered(t, { ...identity(), minVersion: "TLSv1.3" }, { bundle });
    await failed(board, /link DOWN: TLS refused by the server: it may want another version than 1\.2/);
    assert.equal(front.secured, 0);
  });

  test(
    `${bundle}: a broker that asks for a client's certificate gets client.crt and client.key`,
    options,
    async (t) => {
      const ca = certificate({ name: "authority" });
      const client = certificate({ name: "device", issuer: ca });
      const tls = { ...identity(), ca: [ca.cert], requestCert: true, rejectUnauthorized: true };
      const { der } = client;
      const files = { "client.crt": latin1(der.cert), "client.key": latin1(der.key) };
      const { board, front } = await brokered(t, tls, { bundle, before: raw(files) });
      await board.untilLine(/RECEIVED hello/);
      assert.equal(front.authorized, true);
      for (const secret of [
        der.key.slice(100, 120),
        Buffer.from(der.key.slice(100, 108), "latin1").toString("hex"),
      ])
        assert.ok(!board.lines.some((line) => line.includes(secret)));
    },
  );

  test(`${bundle}: a client certificate without its key, or not in DER: no attempt`, options, async (t) => {
    const half = await brokered(t, identity(), {
      bundle,
      before: raw({ "client.key": latin1(identity().der.key) }),
    });
    await failed(half.board, /DOWN: client\.crt and client\.key: one of them is missing/);
    const pem = await brokered(t, identity(), { bundle, files: { "client.crt": identity().cert } });
    await failed(pem.board, /DOWN: client\.crt: expected DER/);
    assert.equal(half.front.failed + pem.front.failed, 0);
  });

  test(
    `${bundle}: too little memory for TLS: one line says so, and no attempt is made`,
    options,
    async (t) => {
      const heap = await brokered(t, identity(), { bundle, memory: { heap: 31_999 } });
      await failed(heap.board, /DOWN: too little memory for TLS: 31999 bytes of heap free, 32000 needed/);
      const jsVars = await brokered(t, identity(), {
        bundle,
        memory: { total: 2800, usage: 2501, heap: C3_HEAP },
      });
      await failed(jsVars.board, /DOWN: too little memory for TLS: 299 JsVars free, 300 needed/);
      assert.equal(heap.front.failed + jsVars.front.failed, 0);
    },
  );

  test(`${bundle}: wss:// to a port that speaks ws://: one line says so`, async (t) => {
    const http = createServer();
    await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
    t.after(() => http.close());
    const board = booted(t, `wss://127.0.0.1:${(http.address() as AddressInfo).port}/`, { bundle });
    await failed(board, /link DOWN: not a TLS port: is it the one of ws:\/\/\?/);
  });

  test(`${bundle}: a server that hangs up during the TLS handshake: one line says so`, async (t) => {
    const port = await serverOf(t, (socket) => socket.once("data", () => socket.end()));
    const board = booted(t, `wss://127.0.0.1:${port}/`, { bundle });
    await failed(board, /link DOWN: closed during the TLS handshake/);
  });

  test(`${bundle}: a TLS handshake without an end: the board gives up after 20 s and tries again`, async (t) => {
    const clock = new ManualClock();
    let hellos = 0;
    const port = await serverOf(t, (socket) => socket.once("data", () => hellos++));
    const board = booted(t, `wss://127.0.0.1:${port}/`, { bundle, clock, wifi: QUICK });
    while (!hellos) await clock.advance(1);
    await clock.advance(18_000);
    assert.ok(!board.lines.some((line) => line.includes("DOWN")));
    assert.equal(listeners(board), 1);
    while (!board.lines.some((line) => line.includes("DOWN"))) await clock.advance(500);
    await failed(board, /link DOWN: no end of the TLS handshake in 20 s/);
    while (hellos < 2) await clock.advance(1000);
  });

  test(`${bundle}: a refused connection and an exception of the application are each reported as what they are`, async (t) => {
    const board = booted(t, "wss://127.0.0.1:1/", { bundle });
    await failed(board, /link DOWN: connection refused or no way to the host/);
    const port = await serverOf(t, () => {});
    const other = booted(t, `wss://127.0.0.1:${port}/`, {
      bundle,
      before: "setTimeout(function () { throw 'mine' }, 200);",
    });
    await other.until(() => listeners(other) === 1, "the handshake");
    await other.untilLine(/^Uncaught mine/);
  });
}

test("a wss:// URL on an engine without TLS: one line says so", async (t) => {
  const before =
    'var built = require; require = function (n) { if (n === "tls") throw new Error(\'Module "tls" not found\'); return built(n); };';
  for (const bundle of BUNDLES) {
    const board = booted(t, "wss://127.0.0.1:1/", { bundle, before });
    await board.untilLine(/link DOWN: this Espruino has no TLS/);
  }
});

test(
  "the server answers over TLS and closes: the log gives its answer, not an unknown error",
  options,
  async (t) => {
    const port = await serverOf(t, (socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 404 Not Found\r\n\r\n")),
    );
    const front = await Front.start(t, port, identity());
    const board = booted(t, `wss://127.0.0.1:${front.port}/`);
    await board.untilLine(/link DOWN: HTTP\/1\.1 404 Not Found/);
  },
);

/** Files are given as text; these are bytes. */
function latin1(bytes: string): string {
  return bytes;
}

/** Code that puts files of bytes into Storage. */
function raw(files: Record<string, string>): string {
  return Object.entries(files)
    .map(
      ([name, bytes]) =>
        `require("Storage").write(${JSON.stringify(name)}, atob("${Buffer.from(bytes, "latin1").toString("base64")}"));\n`,
    )
    .join("");
}
