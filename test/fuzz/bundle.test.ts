// The bundles on the virtual board with a hostile config.json, or hostile replies to the handshake: each ends in a line
// with a reason, never in an exception, and the board goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { randomOf, SEED } from "../support/random.ts";
import { hex } from "../support/wire.ts";
import { boardOf, QUICK, serverOf } from "../virtual/boards.ts";
import { reply } from "../ws/server.ts";
import { config } from "./config.ts";
import { webSocket } from "./frames.ts";
import { corpusOf, inputOf } from "./fuzzer.ts";

const CONFIGS = 40;
const HANDSHAKES = 25;

for (const bundle of ["hello", "signed"]) {
  test(`fuzz: dist/${bundle}.js: ${CONFIGS} times config.json`, async (t) => {
    const code = programOf(`dist/${bundle}.js`);
    const corpus = corpusOf(config);
    for (let i = 0; i < CONFIGS; i++) {
      const text = inputOf(config, corpus, randomOf(SEED + i));
      const note = `FUZZ_SEED=${SEED} ${i}: ${hex(text)}`;
      const board = boardOf(t, code, { wifi: { ...QUICK, ssid: "another" } });
      board.flash.set("config.json", text);
      board.boot();
      await board.untilLine(/ 1 config |config\.json| 2 wifi Joining /);
      assert.ok(!board.lines.some((line) => /Uncaught/.test(line)), `${note}\n${board.lines.join("\n")}`);
      board.off();
    }
  });
}

for (const bundle of ["hello", "hello-lean"]) {
  test(`fuzz: dist/${bundle}.js: ${HANDSHAKES} hostile replies`, async (t) => {
    const code = programOf(`dist/${bundle}.js`);
    const replies = { ...webSocket, make: () => reply() };
    let bytes = "";
    const port = await serverOf(t, (socket) => socket.once("data", () => socket.end(bytes, "latin1")));
    const settings = { wifi: { ssid: "net" }, mqtt: { url: `ws://127.0.0.1:${port}/mqtt` }, log: 3 };
    for (let i = 0; i < HANDSHAKES; i++) {
      bytes = inputOf(replies, [], randomOf(SEED + i));
      const board = boardOf(t, code, { files: { "config.json": JSON.stringify(settings) } });
      board.boot();
      await board.untilLine(/ 1 link DOWN: .*again in/);
      const note = `FUZZ_SEED=${SEED} ${i}: ${hex(bytes)}\n${board.lines.join("\n")}`;
      assert.ok(!board.lines.some((line) => /Uncaught/.test(line)), note);
      board.off();
    }
  });
}
