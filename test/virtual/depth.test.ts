// How deep the calls of a bundle are nested, counted from the listener of the socket on (engine 19): a C3's stack holds 13 to 15 of
// them. Every function of the bundle gets a counter, and a server sends what leads deepest.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { programIn } from "../../board/virtual/program.ts";
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { DEEPEST } from "../../build/bundles.ts";
import { PSK, pskServer } from "../brokers/psk.ts";
import { Front } from "../brokers/tls.ts";
import { ATTACKS } from "../fuzz/attacks.ts";
import { MAX_PACKET } from "../fuzz/firmware.ts";
import { boardOf, online, serverOf } from "./boards.ts";
import { COMMANDS, SESSION, SIGN_KEY, SIGNED, type Streams, serving } from "./depth-server.ts";
import { METER, meteredRow } from "./meter.ts";

/** Bytes of each attack. */
const LENGTH = 1500;

/** How a bundle is met. */
interface Meeting {
  /** What is met, and how, where a bundle is met in several ways. */
  name: string;
  bundle?: string;
  streams?: Streams;
  version?: number;
  topic?: string;
  sign?: boolean;
  psk?: boolean;
}

/** The bundle of a meeting has its name, if there is no other word. */
const bundleOf = ({ name, bundle = name }: Meeting) => bundle;

const MEETINGS: Meeting[] = [
  { name: "hello-lean", streams: SESSION },
  { name: "hello-lean, topics beyond ASCII", bundle: "hello-lean", topic: "caf\xc3\xa9" },
  { name: "hello-lean, wss", bundle: "hello-lean", streams: SESSION, psk: true },
  { name: "hello-tiny-lean", streams: SESSION },
  { name: "hello-smallest-lean", streams: SESSION },
  { name: "hello-v5-lean", streams: SESSION },
  { name: "hello-v5-lean, MQTT 5", bundle: "hello-v5-lean", version: 5 },
  { name: "signed", streams: { ...SESSION, ...SIGNED }, sign: true },
  { name: "device-lean", streams: { ...SESSION, ...COMMANDS } },
  { name: "device-lean, signed", bundle: "device-lean", streams: { ...COMMANDS, ...SIGNED }, sign: true },
  { name: "device-v5-lean, MQTT 5", bundle: "device-v5-lean", version: 5 },
  { name: "mqtt-ws-lean", streams: SESSION },
];

/** A program that uses the module as `hello` uses the client. */
const program = (url: string) => `
var client = require("mqtt-ws").connect("${url}", { clean: false, clientId: "d", mask: "zero" });
client.on("connect", function () {
  client.subscribe("mg/test", { qos: 1 }, function () { client.publish("mg/test", "hello", { qos: 1 }); });
});
client.on("message", function (topic, payload) { print(topic + payload); });
client.on("close", function () { print("0 link DOWN: closed"); });
`;

/** A board with a bundle that counts, which connects to this port. */
function boardWith(t: TestContext, code: string, port: number, met: Meeting): VirtualBoard {
  const url = `${met.psk ? "wss" : "ws"}://127.0.0.1:${port}/mqtt`;
  if (met.name.startsWith("mqtt-ws"))
    return boardOf(t, METER + online(program(url)), { files: { "mqtt-ws": code } });
  const config = {
    wifi: { ssid: "net" },
    app: { topic: met.topic ?? "mg/test" },
    sign: met.sign ? { key: SIGN_KEY } : undefined,
    mqtt: {
      url,
      mask: "zero",
      maxPacket: MAX_PACKET,
      cleanSession: false,
      tls: met.psk ? { psk: PSK } : undefined,
      version: bundleOf(met).includes("v5") ? (met.version ?? 4) : undefined,
    },
    device: {
      id: "d",
      identify: "relay",
      pins: { relay: { pin: "D5", use: "output" }, dim: { pin: "D18", use: "pwm" } },
    },
  };
  return boardOf(t, programIn({ code, before: METER }), { files: { "config.json": JSON.stringify(config) } });
}

for (const met of MEETINGS) {
  const { name, streams = {} } = met;
  const bundle = bundleOf(met);
  const last = bundle.startsWith("device") ? "\x90" : "\x30";
  test(`depth: no path from the socket of ${name} is deeper than it may be`, async (t) => {
    const code = await meteredRow(bundle);
    const all = { ...streams };
    for (const [attack, make] of Object.entries(ATTACKS)) all[attack] = make(LENGTH);
    let deepest: string[] = [];
    let by = "";
    for (const [what, stream] of Object.entries(all))
      for (const late of [false, true]) {
        let port = await serverOf(t, serving(stream, late, met.version === 5, last));
        if (met.psk) port = (await Front.start(t, port, pskServer())).port;
        const board = boardWith(t, code, port, met);
        board.boot();
        await board.untilLine(/ link D(OWN: |ONE)/);
        const path = board.global.$deepest as string[];
        if (path.length > deepest.length) [deepest, by] = [[...path], what];
        board.off();
      }
    t.diagnostic(`${deepest.length} by ${by}: ${deepest.join(" > ")}`);
    assert.ok(
      deepest.length <= DEEPEST,
      `${deepest.length} calls, at most ${DEEPEST}: ${deepest.join(" > ")}`,
    );
  });
}
