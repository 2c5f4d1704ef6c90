// A hundred boards at one broker take one update at the same time, each at its own pace.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, programOf } from "../../board/virtual/program.ts";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Crank, roundTrip } from "../../testing/crank.ts";
import { clientOf } from "../brokers/client.ts";
import { Mosquitto, missing } from "../brokers/mosquitto.ts";
import { nextProgram, PUBLIC_KEY, publish, published } from "./publisher.ts";

const BOARDS = 100;
/** Half of the boards load at the same time at least, whatever random delays they draw: the longest is ten minutes. */
const LIMIT_MS = 3_600_000;
const STEP_MS = 250;

test("a hundred boards at once: each loads, checks, tries and keeps the program", {
  skip: missing("mosquitto"),
}, async (t) => {
  const broker = await Mosquitto.start({});
  t.after(() => broker.stop());
  const client = await clientOf(t, broker.ports.tcp, { protocolVersion: 5 });
  const states = new Map<string, string>();
  client.on("message", (topic, bytes) => states.set(topic.split("/")[1]!, JSON.parse(`${bytes}`).state));
  await client.subscribeAsync("devices/+/update");
  const crank = new Crank(() => roundTrip(client), STEP_MS);
  const next = nextProgram("dist/device-lean.js");
  await publish(client, published(next, { transport: "lean" }));
  const boards = Array.from({ length: BOARDS }, (_, i) => {
    const board = new VirtualBoard({
      code: programOf("dist/device-lean.js"),
      serial: `a4cf1200-${`${1000 + i}`}`,
      entropy: i + 1,
      clock: crank.clock,
      files: {
        "config.json": JSON.stringify({
          wifi: { ssid: "home" },
          mqtt: { url: `ws://127.0.0.1:${broker.ports.ws}/mqtt` },
          device: {
            id: `board-${i}`,
            telemetryS: 0,
            update: { channel: "stable", key: PUBLIC_KEY, auto: true },
          },
          log: 1,
        }),
      },
    });
    t.after(() => board.off());
    board.boot();
    return board;
  });
  const done = () => [...states.values()].filter((state) => state === "done").length;
  const log = () => [...states].map(([id, state]) => `${id} ${state}`).join("\n");
  await crank.until(() => done() === BOARDS, "every board to be done", log, LIMIT_MS);
  for (const board of boards) {
    assert.ok(board.flash.has(`fw.${nameOf(next).slice(0, 8)}`));
    assert.equal(board.boots, 2);
  }
});
