// What a server refuses, never answers or ends connections for: the module tells it in the callback, or as an event "error".
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { RealClock } from "../../board/virtual/clock.ts";
import { scriptedServer } from "../brokers/scripted-server.ts";
import { noEngine } from "../engine/engine.ts";
import { CLOSE, idOf } from "../support/scripted.ts";
import { real, virtual } from "./places.ts";

/** Time of the board runs so much faster. */
const SPEED = 50;

/** `c` is a client, and every event that has a meaning here is printed. */
function client(port: number, more: string): string {
  return `
var mqtt = require("mqtt-ws"), c = mqtt.connect("ws://127.0.0.1:${port}/mqtt");
c.on("error", function (e) { print("error [" + e.code + "] " + e.message); });
function told(name) { return function (e) { print(name + " " + (e ? "[" + e.code + "]" : "done")); }; }
${more}`;
}

/** Boots a board whose time is fast, and waits for each of these lines in turn. */
async function says(t: TestContext, program: string, lines: RegExp[], module?: string): Promise<string[]> {
  const board = virtual(t, program, module, { clock: new RealClock(SPEED) });
  board.boot();
  for (const line of lines) await board.untilLine(line);
  return board.lines;
}

test("module: the server closes on one PUBLISH without a callback: an event error names it, the rest is done", async (t) => {
  const served = await scriptedServer(t, (packet) =>
    packet.cmd === "publish" && packet.topic === "forbidden" ? CLOSE : undefined,
  );
  const lines = await says(
    t,
    client(
      served.port,
      'c.publish("forbidden", "", { qos: 1 }); c.publish("a", "", { qos: 1 }, told("a")); c.subscribe("b", told("b"));',
    ),
    [/^b done$/],
  );
  assert.deepEqual(lines, [
    "error [263] PUBLISH to forbidden: given up, it ended each connection",
    "a done",
    "b done",
  ]);
});

test("module: the server closes on one PUBLISH with a callback: the callback gets the reason", async (t) => {
  const served = await scriptedServer(t, (packet) =>
    packet.cmd === "publish" && packet.topic === "forbidden" ? CLOSE : undefined,
  );
  const program = client(served.port, 'c.publish("forbidden", "", { qos: 1 }, told("forbidden"));');
  assert.deepEqual(await says(t, program, [/^forbidden/], "mqtt-ws-v5-lean"), ["forbidden [263]"]);
});

test("module: a restored subscription is refused: an event error, and it is asked for again", async (t) => {
  let asked = 0;
  const served = await scriptedServer(t, (packet, connection) => {
    if (packet.cmd === "publish") return connection === 1 ? CLOSE : undefined;
    return packet.cmd === "subscribe" && ++asked === 2 ? `\x90\x03${idOf(packet)}\x80` : undefined;
  });
  const program = client(
    served.port,
    'c.subscribe("a", function () { c.publish("b", "", { qos: 1 }); }); c.on("error", function () { setTimeout(c.subscribe.bind(c), 60000, "b", told("b")); });',
  );
  const lines = await says(t, program, [/^error/, /^b done/]);
  assert.equal(lines[0], "error [128] the broker refused the subscription to a, asked again in 15 s");
  const filters = served.packets.flatMap((packet) =>
    packet.cmd === "subscribe" ? packet.subscriptions.map(({ topic }) => topic) : [],
  );
  assert.deepEqual(filters, ["a", "a", "a", "b"]);
});

for (const [place, on, skip] of [
  ["the virtual board", virtual, false],
  ["a real engine", real, noEngine],
] as const) {
  test(`module on ${place}: twenty filters, and an UNSUBACK that is malformed twice`, { skip }, async (t) => {
    const served = await scriptedServer(t, (packet) =>
      packet.cmd === "unsubscribe" ? `\xb0\x03${idOf(packet)}\0` : undefined,
    );
    const program = client(
      served.port,
      `var filters = [];
       for (var i = 0; i < 20; i++) filters.push("f" + i);
       c.subscribe(filters, function (e, granted) {
         print("granted " + granted.length + " " + granted[19].topic + " " + granted[19].qos);
         c.unsubscribe("f0", told("f0"));
         c.publish("a", "", { qos: 2 }, told("a"));
       });`,
    );
    const board = on(t, program, undefined, { clock: new RealClock(SPEED) });
    board.boot();
    const line = (words: RegExp) => ("line" in board ? board.line(words) : board.untilLine(words));
    await line(/^granted/);
    await line(/^f0/);
    await line(/^a done/);
    assert.ok(board.lines.includes("granted 20 f19 0"), board.lines.join("\n"));
    assert.ok(board.lines.includes("f0 [129]"));
    const counts = served.packets.flatMap((packet) =>
      packet.cmd === "subscribe" ? [packet.subscriptions.length] : [],
    );
    assert.ok(counts.every((count) => count <= 8));
    assert.deepEqual(counts.slice(0, 3), [8, 8, 4]);
    assert.equal(served.connections, 3);
  });
}
