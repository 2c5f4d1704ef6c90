// Texts shorter than what is looked for in them. The engine's `split` makes nothing of such a text (engine 4), so the log
// lost its reasons, its payloads and its frames to a long password. On the virtual board and on the real engine.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { EmbeddedBroker } from "../../tools/demo/broker.ts";
import { Engine, noEngine } from "../engine/engine.ts";
import { real, virtual } from "../module/places.ts";
import { upgrade } from "../support/upgrade.ts";
import { serverFrame } from "../ws/server.ts";
import { boardOf, serverOf } from "./boards.ts";

/** What both kinds of boards have. */
interface Booted {
  readonly lines: string[];
  line(pattern: RegExp): Promise<string>;
}

type Boot = (t: TestContext, bundle: string, url: string) => Booted;

const LONG = "p".repeat(50);

function files(url: string): Record<string, string> {
  return { "config.json": JSON.stringify({ wifi: { ssid: "net" }, mqtt: { url }, log: 4 }) };
}

const PLACES: [name: string, skip: string | false, boot: Boot][] = [
  [
    "virtual board",
    false,
    (t, bundle, url) => {
      const board = boardOf(t, programOf(`dist/${bundle}.js`), { files: files(url) });
      board.boot();
      return { lines: board.lines, line: (pattern) => board.untilLine(pattern) };
    },
  ],
  [
    "engine",
    noEngine,
    (t, bundle, url) => {
      const engine = new Engine({ ...files(url), ...programOf(`dist/${bundle}.js`) });
      t.after(() => engine.off());
      return engine.boot();
    },
  ],
];

/** A server that gets the whole upgrade request. */
function answering(t: TestContext, serve: (socket: Socket, request: string) => unknown): Promise<number> {
  return serverOf(t, (socket) => {
    socket.setNoDelay(true);
    socket.once("data", (request) => serve(socket, request.toString("latin1")));
  });
}

for (const [place, skip, boot] of PLACES) {
  test(`${place}: a password longer than the reason, the log has the reason`, { skip }, async (t) => {
    const port = await answering(t, (socket, request) => socket.end(upgrade(request)));
    const board = boot(t, "hello-lean", `ws://u:${LONG}@127.0.0.1:${port}/mqtt`);
    assert.match(await board.line(/link DOWN/), /DOWN: connection closed by the server, again in/);
  });

  test(`${place}: a token longer than payload and frames, the log has both`, { skip }, async (t) => {
    const broker = await EmbeddedBroker.start();
    t.after(() => broker.stop());
    const board = boot(t, "hello-lean", `${broker.url}?token=${LONG}`);
    await board.line(/RECEIVED hello <- mg\/test/);
    assert.ok(
      board.lines.some((line) => / 4 wire < .*20 02 00 00/.test(line)),
      "CONNACK",
    );
  });

  for (const length of [1, 2]) {
    test(`${place}: ${length} bytes first, then the rest of the reply, it opens`, { skip }, async (t) => {
      const port = await answering(t, (socket, request) => {
        const reply = upgrade(request) + serverFrame(0x82, "\x20\x02\0\0");
        socket.write(reply.slice(0, length));
        // The board has read the first bytes when it has done something since; the pause only makes that likely.
        setTimeout(() => socket.write(reply.slice(length), "latin1"), 50);
      });
      const board = boot(t, "hello-lean", `ws://127.0.0.1:${port}/mqtt`);
      await board.line(/CONNECTED/);
      assert.doesNotMatch(board.lines.join("\n"), /Uncaught|DOWN/);
    });
  }

  test(`${place}: a reply whose last header is empty, the log says what is wrong`, { skip }, async (t) => {
    const port = await answering(t, (socket, request) =>
      socket.write(upgrade(request).replace("Protocol: mqtt", "Protocol:")),
    );
    const board = boot(t, "hello-lean", `ws://127.0.0.1:${port}/mqtt`);
    assert.match(await board.line(/link DOWN|Uncaught/), /DOWN: no subprotocol mqtt/);
  });
}

const MODULE_PLACES: [
  name: string,
  skip: string | false,
  run: (t: TestContext, program: string) => Booted,
][] = [
  [
    "virtual board",
    false,
    (t, program) => {
      const board = virtual(t, program);
      board.boot();
      return { lines: board.lines, line: (pattern) => board.untilLine(pattern) };
    },
  ],
  ["engine", noEngine, (t, program) => real(t, program).boot()],
];

for (const [place, skip, run] of MODULE_PLACES) {
  test(`${place}: a password longer than the reason, the module's error has a message`, {
    skip,
  }, async (t) => {
    const port = await answering(t, (socket) => socket.end("HTTP/1.1 404 No\r\n\r\n"));
    const board = run(
      t,
      `var c = require("mqtt-ws").connect("ws://127.0.0.1:${port}/mqtt", { username: "u", password: "${LONG}" });
       c.on("error", function (e) { console.log("message:" + e.message); });`,
    );
    assert.match(await board.line(/^message:/), /^message:.*404/);
  });

  test(`${place}: JSON with several backslashes in a row is read whole`, { skip }, async (t) => {
    // Two backslashes and an escape; three; one and a word that is no escape; three and an escape.
    const json = String.raw`["\\\\\u00e9", "\\\\\\", "\\u00e9", "\\\\\\\u00e9"]`;
    const board = run(
      t,
      `console.log("read:" + require("mqtt-ws").fromJson(${JSON.stringify(json)}).map(function (s) {
        return s.split("").map(function (c) { return c.charCodeAt(0); }).join(); }).join(";"));`,
    );
    assert.equal(
      await board.line(/^read:/),
      `read:${["\\\\\xc3\xa9", "\\\\\\", "\\u00e9", "\\\\\\\xc3\xa9"]
        .map((text) => [...text].map((char) => char.charCodeAt(0)).join())
        .join(";")}`,
    );
  });
}
