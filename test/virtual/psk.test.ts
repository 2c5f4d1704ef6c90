// wss:// with a pre-shared key: whole bundles on the virtual board against Node's TLS, which is OpenSSL's.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { TlsOptions } from "node:tls";
import { programOf } from "../../board/virtual/program.ts";
import type { BoardOptions, VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { PSK, pskServer, SECRETS } from "../brokers/psk.ts";
import { certificate, Front, noOpenssl } from "../brokers/tls.ts";
import { boardOf, serverOf } from "./boards.ts";

const BUNDLES = ["hello", "hello-lean"];
const AUTHENTICATED = / 2 boot wss: server authenticated by a pre-shared key, no forward secrecy$/;

interface Options extends Partial<BoardOptions> {
  bundle?: string;
  before?: string;
  psk?: { identity: string; key: string };
}

function booted(t: TestContext, url: string, options: Options = {}): VirtualBoard {
  const { bundle = "hello", before = "", psk = PSK, ...more } = options;
  const config = { wifi: { ssid: "net" }, mqtt: { url, tls: { psk } }, log: 4 };
  const board = boardOf(t, programOf(`dist/${bundle}.js`, before), {
    ...more,
    files: { "config.json": JSON.stringify(config), ...more.files },
  });
  board.boot();
  return board;
}

async function brokered(t: TestContext, tls: TlsOptions, options: Options = {}) {
  const broker = await EmbeddedBroker.start();
  t.after(() => broker.stop());
  const front = await Front.start(t, Number(new URL(broker.url).port), tls);
  return { broker, front, board: booted(t, `wss://127.0.0.1:${front.port}/mqtt`, options) };
}

/** The attempt fails with one line, and nothing is left of it. */
async function failed(board: VirtualBoard, said: RegExp): Promise<void> {
  await board.untilLine(said);
  await board.until(() => board.load.sockets === 0, "the socket to be closed");
  assert.ok(!board.lines.some((line) => line.startsWith("Uncaught")), board.lines.join("\n"));
  assert.equal(board.lines.filter((line) => / 1 link DOWN/.test(line)).length, 1);
}

function assertNoSecret(board: VirtualBoard): void {
  for (const secret of SECRETS) assert.doesNotMatch(board.lines.join("\n"), secret);
}

for (const bundle of BUNDLES) {
  test(`${bundle} says hello to a server that has its key, and says what that is worth`, async (t) => {
    const { front, board } = await brokered(t, pskServer(), { bundle });
    await board.untilLine(AUTHENTICATED);
    await board.untilLine(/CONNECTED to wss:\/\/127\.0\.0\.1:\d+\/mqtt$/);
    await board.untilLine(/RECEIVED hello <- mg\/test/);
    await board.untilIdle();
    assert.deepEqual(board.load, { timers: 0, sockets: 0 });
    assert.equal(front.secured, 1);
    const bad = board.lines.filter((line) => /Uncaught|NOT authenticated|^[0-9a-f]+ 1 /.test(line));
    assert.deepEqual(bad, []);
    assertNoSecret(board);
    // Frames are dumped before they are encrypted: CONNECT is readable, as without TLS.
    assert.ok(board.lines.some((line) => / 4 wire > 82 .* 10 /.test(line)));
  });

  test(`${bundle}: the server has another key: one line says which to compare`, async (t) => {
    const { board, front } = await brokered(t, pskServer({ [PSK.identity]: "ff".repeat(32) }), { bundle });
    await failed(
      board,
      /DOWN: TLS: the server has another key for this identity: compare mqtt\.tls\.psk\.key/,
    );
    assert.equal(front.secured, 0);
    assertNoSecret(board);
  });

  test(`${bundle}: the server does not know the identity: one line says so`, async (t) => {
    const { board } = await brokered(t, pskServer({ other: PSK.key }), { bundle });
    await failed(board, /DOWN: TLS: the server does not know the identity: give it mqtt\.tls\.psk\.identity/);
  });

  test(`${bundle}: a server with a certificate only: one line says so`, { skip: noOpenssl }, async (t) => {
    const { cert, key } = certificate();
    const { board } = await brokered(t, { cert, key }, { bundle });
    await failed(board, /DOWN: TLS: the server has no PSK-AES128-CBC-SHA256: give it pre-shared keys/);
  });

  test(`${bundle}: a server with TLS 1.3 only: one line says so`, { skip: noOpenssl }, async (t) => {
    const { cert, key } = certificate();
    const { board } = await brokered(t, { cert, key, minVersion: "TLSv1.3" }, { bundle });
    await failed(board, /DOWN: TLS: the server refuses TLS 1\.2: allow it there/);
  });

  for (const [name, serve, said] of [
    [
      "an HTTP server",
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      /DOWN: TLS: no TLS in the answer: is it the port of ws/,
    ],
    ["one that hangs up", "", /DOWN: TLS: closed without an answer: is it the port of wss/],
  ] as const)
    test(`${bundle}: a plain server: one line says so: ${name}`, async (t) => {
      const port = await serverOf(t, (socket) => socket.once("data", () => socket.end(serve)));
      await failed(booted(t, `wss://127.0.0.1:${port}/`, { bundle }), said);
    });

  test(`${bundle}: TCP that ends without close_notify is told as a truncation`, async (t) => {
    const { front, board } = await brokered(t, pskServer(), { bundle });
    await board.untilLine(/mqtt CONNECTED/);
    front.cut();
    await board.untilLine(/DOWN: TCP ended without TLS's close_notify: something may be cut off/);
  });

  test(`${bundle}: an engine without AES: one line says so`, async (t) => {
    const before = 'require("crypto").AES = undefined;';
    const board = booted(t, "wss://127.0.0.1:1/", { bundle, before });
    await failed(board, /DOWN: this Espruino has no AES in its crypto, which mqtt\.tls\.psk needs/);
  });

  for (const until of ["for one record", "from one record on"])
    test(`${bundle}: no memory to encrypt, ${until}, whichever: one line says so, and nothing is left`, async (t) => {
      for (let nth = 1; nth <= 5; nth++) {
        const failing = until === "for one record" ? `count === ${nth}` : `count >= ${nth}`;
        const before = `(function (AES, encrypt, count) {
          AES.encrypt = function (bytes, key, options) {
            count++;
            if (${failing}) throw new Error("no memory");
            return encrypt.call(AES, bytes, key, options);
          };
        })(require("crypto").AES, require("crypto").AES.encrypt, 0);`;
        const { board } = await brokered(t, pskServer(), { bundle, before });
        await failed(board, /DOWN: TLS: .*no memory/);
        assertNoSecret(board);
        board.off();
      }
    });

  test(`${bundle}: each start takes another number, and writes one byte of a file`, async (t) => {
    const { board } = await brokered(t, pskServer(), { bundle });
    await board.untilLine(/mqtt CONNECTED/);
    const first = board.flash.get("tls.0")!;
    board.boot();
    board.lines.length = 0;
    await board.untilLine(/mqtt CONNECTED/);
    const second = board.flash.get("tls.0")!;
    assert.equal(first.length, second.length);
    assert.deepEqual(
      [...first].flatMap((byte, i) => (byte === second[i] ? [] : [i])),
      [9],
    );
    assert.equal(board.flash.trash, 0);
  });
}
