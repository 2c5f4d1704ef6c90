// Fifty boards at one broker that is restarted in the middle: no message is lost or, at QoS 2, doubled, and every board is back.
// The large fleets are `npm run fleet`.
import assert from "node:assert/strict";
import { test } from "node:test";
import mqtt from "mqtt";
import { spreadOf } from "../../bench/fleet/figures.ts";
import { MOST_ATTEMPTS } from "../../bench/fleet/report.ts";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { Crank, roundTrip } from "../../testing/crank.ts";
import { Mosquitto, missing } from "../brokers/mosquitto.ts";
import { virtual } from "../module/places.ts";
import { busiestMinute } from "../support/busiest-minute.ts";
import { until } from "../support/until.ts";

const BOARDS = 50;
/** Seconds of the boards: they publish for a minute, and the broker is away for some of it. */
const PUBLISH_S = 60;
const DOWN_FROM_S = 25;
const DOWN_S = 4;
/** Most seconds that a board may be away after the broker listens again. */
const AWAY_S = 90;
const STEP_MS = 250;

/** Publishes one message at each of QoS 1 and 2 every five seconds, and says which ones were told to have arrived. */
const program = (name: string, port: number, log = 2) => `
  var n = 0;
  var client = require("mqtt-ws").connect("ws://127.0.0.1:${port}/mqtt", { clientId: "${name}", clean: false, log: ${log} });
  function put(qos) {
    var text = qos + " ${name} " + n;
    client.publish("fleet/up", text, { qos: qos }, function (error) { print(error ? "= failed " + text : "= told " + text); });
  }
  setInterval(function () { if (n < ${PUBLISH_S / 5}) { n++; put(1); put(2); } }, 5000);`;

/** Milliseconds since boot of the log lines with this text. */
function times(board: VirtualBoard, text: string): number[] {
  return board.lines
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(/[0-9a-f]+(?= \d \w)/.exec(line)![0], 16));
}

test("a fleet of fifty: after a restart of the broker nothing is lost or doubled, and every board is back", {
  skip: missing("mosquitto"),
}, async (t) => {
  const broker = await Mosquitto.start({ persistence: true });
  t.after(() => broker.stop());
  const got = new Map<string, number>();
  const consumer = mqtt.connect({
    host: "127.0.0.1",
    port: broker.ports.tcp,
    clientId: "consumer",
    clean: false,
    reconnectPeriod: 20,
  });
  t.after(() => consumer.endAsync(true));
  consumer.on("error", () => {});
  consumer.on("message", (_topic, bytes) => got.set(`${bytes}`, (got.get(`${bytes}`) ?? 0) + 1));
  await consumer.subscribeAsync("fleet/up", { qos: 2 });
  const crank = new Crank(async () => {
    if (consumer.connected) await roundTrip(consumer);
  }, STEP_MS);
  const boards = Array.from({ length: BOARDS }, (_, i) =>
    virtual(t, program(`b${i}`, broker.ports.ws), "mqtt-ws-lean", {
      clock: crank.clock,
      entropy: i + 1,
      serial: `a4cf1200-${1000 + i}`,
    }),
  );
  for (const board of boards) board.boot();
  await crank.pass(DOWN_FROM_S * 1000);
  await broker.end();
  await crank.pass(DOWN_S * 1000);
  await broker.launch();
  await until(() => consumer.connected, "the consumer to be back");
  const listensMs = crank.clock.now();
  const backs = () => boards.map((board) => times(board, "mqtt CONNECTED")[1]);
  const told = () => boards.flatMap((board) => board.lines.filter((line) => line.startsWith("= ")));
  const log = () => boards.map((board) => board.lines.slice(-3).join("\n")).join("\n");
  await crank.until(
    () => backs().every((at) => at !== undefined),
    "every board to be back",
    log,
    AWAY_S * 1000,
  );
  await crank.until(
    () => crank.clock.now() > PUBLISH_S * 1000 && told().length === BOARDS * 2 * (PUBLISH_S / 5),
    "every message to be told",
    log,
  );
  await crank.pass(1000);
  const messages = told();
  assert.deepEqual(
    messages.filter((line) => !line.startsWith("= told ")),
    [],
  );
  const texts = messages.map((line) => line.slice("= told ".length));
  assert.deepEqual(
    texts.filter((text) => !got.has(text)),
    [],
    "lost",
  );
  assert.deepEqual(
    [...got].filter(([text, count]) => text.startsWith("2 ") && count > 1),
    [],
    "doubled at QoS 2",
  );
  const attempts = Math.max(...boards.map((board) => busiestMinute(times(board, "ws Connecting to"))));
  assert.ok(attempts <= MOST_ATTEMPTS, `${attempts} attempts in a minute`);
  const ups = backs().map((at) => (at! - listensMs) / 1000);
  t.diagnostic(
    `${attempts} attempts a board a minute at most; peak over mean ${spreadOf(ups).ratio.toFixed(2)}`,
  );
});
