// The same attacks on a real engine: whatever a hostile server sends, and whether or not it reads the answers, the
// engine keeps its memory and its handlers, its console answers, and the board leaves that server behind.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programOf } from "../../board/virtual/program.ts";
import { ATTACKS } from "../fuzz/attacks.ts";
import { MAX_PACKET } from "../fuzz/firmware.ts";
import { upgrade } from "../support/upgrade.ts";
import { serverOf } from "../virtual/boards.ts";
import { serverFrame } from "../ws/server.ts";
import { Engine, noEngine } from "./engine.ts";

/** Bytes of each attack: an engine takes some milliseconds for a message. */
const LENGTH = 6000;

/** A server that lets each board up and attacks it; reads what the board says only if it `reads`. */
async function hostile(
  t: TestContext,
  attack: string,
  reads: boolean,
): Promise<{ url: string; done(): boolean }> {
  let sent = false;
  const port = await serverOf(t, (socket) => {
    socket.once("data", (request) => {
      const hello = upgrade(request.toString("latin1")) + serverFrame(0x82, "\x20\x02\0\0");
      if (!reads) socket.pause();
      // The server ends the connection after the attack; otherwise the board would wait for its hello to come back.
      socket.end(hello + attack, "latin1", () => {
        sent = true;
      });
    });
  });
  return {
    url: `ws://s3cret:s3cret@127.0.0.1:${port}/mqtt`,
    done: () => sent,
  };
}

for (const [name, make] of Object.entries(ATTACKS)) {
  for (const reads of [true, false]) {
    test(`engine: ${name}${reads ? "" : ", and the server does not read"}`, { skip: noEngine }, async (t) => {
      const server = await hostile(t, make(LENGTH), reads);
      const config = { wifi: { ssid: "net" }, mqtt: { url: server.url, maxPacket: MAX_PACKET }, log: 2 };
      const engine = new Engine({
        "config.json": JSON.stringify(config),
        ...programOf("dist/hello-lean.js"),
      });
      t.after(() => engine.off());
      engine.boot();
      await engine.line(/ 1 link DOWN: /);
      assert.ok(server.done(), "it has taken everything, or has hung up");
      engine.type('print("answer", 6 * 7, E.getErrorFlags().join())');
      await engine.line(/^answer 42 $/);
      await engine.line(/ 2 ws Connecting to /);
      const log = engine.lines.join("\n");
      assert.doesNotMatch(log, /Uncaught|MEMORY|s3cret/);
    });
  }
}
