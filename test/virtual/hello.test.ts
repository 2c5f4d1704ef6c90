// The bundle, as it goes to the board, on the virtual board: with the embedded broker, with mosquitto, with servers
// that are no brokers, and with a radio that fails.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { ManualClock } from "../../board/virtual/clock.ts";
import { programOf } from "../../board/virtual/program.ts";
import type { BoardOptions } from "../../board/virtual/virtual-board.ts";
import { type BrokerOptions, EmbeddedBroker } from "../../tools/demo/broker.ts";
import { missing, mosquitto } from "../brokers/mosquitto.ts";
import { boardOf, QUICK, serverOf } from "./boards.ts";

const BUNDLES = ["hello", "hello-tiny", "hello-lean", "hello-tiny-lean"];
/** Bundles that speak MQTT 5, which the embedded broker does not. */
const V5 = ["hello-v5", "hello-v5-lean"];

function booted(t: TestContext, url: string, options: Partial<BoardOptions> & { bundle?: string } = {}) {
  const config = { wifi: { ssid: "net" }, mqtt: { url }, log: 4 };
  const code = programOf(`dist/${options.bundle ?? "hello"}.js`);
  const board = boardOf(t, code, { files: { "config.json": JSON.stringify(config) }, ...options });
  board.boot();
  return board;
}

async function brokerOf(t: TestContext, options?: BrokerOptions): Promise<EmbeddedBroker> {
  const broker = await EmbeddedBroker.start(options);
  t.after(() => broker.stop());
  return broker;
}

for (const bundle of BUNDLES) {
  test(`${bundle} says hello, receives it, and is done: link down, no timer, Wi-Fi still joined`, async (t) => {
    const broker = await brokerOf(t);
    const board = booted(t, broker.url, { bundle });
    await board.untilLine(/RECEIVED hello <- mg\/test/);
    await board.untilIdle();
    assert.deepEqual(board.load, { timers: 0, sockets: 0 });
    assert.equal(board.wifi.linked, true);
    assert.ok(!board.lines.some((line) => /Uncaught|Unknown opcode/.test(line)));
    await board.until(() => broker.happenings.some(({ what }) => what === "left"), "the broker to notice");
    assert.deepEqual(
      broker.happenings.map(({ what }) => what),
      ["connected", "subscribed", "published", "left"],
    );
  });

  test(`${bundle} says hello through mosquitto`, { skip: missing("mosquitto") }, async (t) => {
    const url = await mosquitto(t);
    const board = booted(t, url, { bundle });
    await board.untilLine(/RECEIVED hello <- mg\/test/);
    await board.untilIdle();
    assert.deepEqual(board.load, { timers: 0, sockets: 0 });
  });
}

for (const bundle of V5) {
  test(`${bundle} says hello in MQTT 5 through mosquitto`, { skip: missing("mosquitto") }, async (t) => {
    const board = booted(t, await mosquitto(t), { bundle });
    await board.untilLine(/RECEIVED hello <- mg\/test/);
    await board.untilIdle();
    assert.deepEqual(board.load, { timers: 0, sockets: 0 });
    assert.ok(board.lines.some((line) => / 4 wire > 82 \w\w 10 \w\w 00 04 4d 51 54 54 05 /.test(line)));
  });
}

for (const bundle of ["hello", "hello-lean"]) {
  test(`${bundle}: every frame goes out in one write, masked`, async (t) => {
    const broker = await brokerOf(t);
    const writes: string[] = [];
    const board = booted(t, broker.url, { bundle, onWrite: (bytes) => writes.push(bytes) });
    await board.untilLine(/RECEIVED/);
    await board.untilIdle();
    assert.match(writes[0] as string, /^GET /);
    for (const frame of writes.slice(1)) {
      assert.equal(frame.length, 6 + (frame.charCodeAt(1) & 127));
      assert.ok(frame.charCodeAt(1) & 128);
    }
  });
}

test("credentials reach the broker and never appear in the log", async (t) => {
  const broker = await brokerOf(t, { user: "me", password: "p:a ss" });
  const board = booted(t, broker.url.replace("//", "//me:p%3Aa%20ss@"));
  await board.untilLine(/RECEIVED/);
  await board.untilIdle();
  const hex = Buffer.from("p:a ss")
    .toString("hex")
    .replace(/..(?=.)/g, "$& ");
  assert.ok(!board.lines.some((line) => /p:a ss|p%3Aa|me:/.test(line) || line.includes(hex)));
});

test("wrong credentials: one clear line in the log", async (t) => {
  const broker = await brokerOf(t, { user: "me", password: "right" });
  const board = booted(t, broker.url.replace("//", "//me:wrong@"));
  const line = await board.untilLine(/link DOWN: /);
  assert.match(line, /user|password|credential|authori/i);
});

/** The server's reaction to the request, and the line that the board logs. */
const FAILURES: [name: string, serve: (socket: Socket) => void, said: RegExp][] = [
  ...["401 Unauthorized", "403 Forbidden", "404 Not Found", "301 Moved", "400 Bad Request"].map(
    (status): [string, (socket: Socket) => void, RegExp] => [
      `HTTP ${status}`,
      (socket) => socket.once("data", () => socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`)),
      new RegExp(`DOWN: .*${status}`),
    ],
  ),
  ["no HTTP server", (socket) => socket.once("data", () => socket.write("SSH-2.0-x\r\n\r\n")), /DOWN: ./],
  ["a server that hangs up", (socket) => socket.once("data", () => socket.end()), /DOWN: .*clos/],
  [
    "a reply that never ends",
    (socket) => socket.once("data", () => socket.write("x".repeat(9000))),
    /DOWN: ./,
  ],
];

for (const bundle of ["hello", "hello-lean"]) {
  for (const [name, serve, said] of FAILURES) {
    test(`${bundle}: handshake: ${name} ends the attempt with a line`, async (t) => {
      const board = booted(t, `ws://127.0.0.1:${await serverOf(t, serve)}/mqtt`, { bundle });
      await board.untilLine(said);
      await board.until(() => board.load.sockets === 0, "the socket to be closed");
      assert.ok(!board.lines.some((line) => line.startsWith("Uncaught")));
    });
  }
}

test("handshake: the board gives up after 10 s without an answer", async (t) => {
  const clock = new ManualClock();
  let asked = false;
  const port = await serverOf(t, (socket) => socket.on("data", () => (asked = true)));
  const board = booted(t, `ws://127.0.0.1:${port}/mqtt`, { clock, wifi: QUICK });
  while (!asked) await clock.advance(1);
  await clock.advance(9000);
  assert.ok(!board.lines.some((line) => line.includes("DOWN")));
  for (let s = 0; s < 3; s++) await clock.advance(1000);
  await board.untilLine(/link DOWN: /);
});

test("a TCP connect that blocks for longer than any deadline: the link comes up all the same", async (t) => {
  const clock = new ManualClock();
  const broker = await brokerOf(t);
  const board = booted(t, broker.url, { clock, blockConnectMs: 75_000 });
  while (!board.lines.some((line) => line.includes("RECEIVED"))) await clock.advance(1);
  assert.ok(!board.lines.some((line) => line.includes("DOWN")));
});

test("the Wi-Fi is lost and comes back: the board joins it again", async (t) => {
  const broker = await brokerOf(t);
  const board = booted(t, broker.url, { wifi: QUICK });
  board.wifi.refuse("AUTH_FAIL");
  await board.untilLine(/link DOWN: .*AUTH_FAIL/);
  board.wifi.comeBack();
  await board.untilLine(/RECEIVED/);
});

test("from power-on to MQTT the board waits only for the radio and the network", async (t) => {
  for (const bundle of ["hello", "hello-lean"]) {
    const clock = new ManualClock();
    const broker = await brokerOf(t);
    const board = booted(t, broker.url, { bundle, clock, wifi: QUICK });
    // The shortest wait of the engine and of this radio is a millisecond. After a few of them the clock stands still.
    await clock.advance(5);
    await board.untilLine(/CONNECTED/);
  }
});
