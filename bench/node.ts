// `npm run bench`: our codec and frames on Node, side by side with npm `mqtt-packet` and `ws`, which Node programs use.
// Shows that the design costs nothing under an optimizing compiler. The numbers of the chip come from bench:engine.

import { readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { generate, type Packet, parser } from "mqtt-packet";
import * as ws from "ws";
import { newClient } from "../src/mqtt/client";
import { deliver } from "../src/mqtt/delivery";
import { receive } from "../src/mqtt/receive";
import { READY } from "../src/mqtt/state";
import { full } from "../src/profile/full";
import { BINARY, type FrameReader, readFrames } from "../src/ws/frame";
import { send } from "../src/ws/outgoing";
import type { WebSocket } from "../src/ws/state";
import { encodePublish, encodeSubscribe } from "../test/support/packets.ts";

/** A measurement: its name, and one round of each side. */
type Pair = [what: string, ours: () => unknown, theirs: () => unknown];

// The types of `ws` do not know them.
const { Receiver, Sender } = ws as unknown as {
  Receiver: new (options: object) => Writable;
  Sender: { frame(data: Buffer, options: object): Buffer[] };
};

const TOPIC = "home/kitchen/temperature";
const SIZES = [20, 200, 1000];

/** Rounds per second, the best of five runs. */
function rate(round: () => unknown): number {
  let best = 0;
  for (let attempt = 0; attempt < 5; attempt++) {
    const began = process.hrtime.bigint();
    let rounds = 0;
    let took = 0n;
    while (took < 100_000_000n) {
      for (let i = 0; i < 200; i++) round();
      rounds += 200;
      took = process.hrtime.bigint() - began;
    }
    best = Math.max(best, (rounds * 1e9) / Number(took));
  }
  return best;
}

/** As on the board: four bytes per step, beginning at the key. */
function mask(head: string, payload: string, key: number): string {
  const start = head.length - 4;
  // The key is at the beginning of a word.
  const bytes = Buffer.from(new ArrayBuffer((payload.length + 11) & ~3));
  bytes.write(payload, 4, "latin1");
  const words = new Int32Array(bytes.buffer);
  for (let i = words.length; i--; ) words[i]! ^= key;
  return head.slice(0, start) + bytes.toString("latin1", 0, payload.length + 4);
}

function codec(): Pair[] {
  const log = { level: 0, print() {}, uptime: () => 0 };
  const limits = { maxPacket: 65536, maxInflight: 1, maxUnsent: 2048, outbox: { messages: 1, bytes: 1 } };
  const client = newClient({
    log,
    owner: undefined,
    handlers: full.handlers,
    limits,
    ready() {},
    received() {},
    wire: undefined,
    transmit: () => 0,
    untransmitted: () => 0,
  });
  client.state = READY;
  const theirs = parser();
  theirs.on("packet", () => {});
  const pairs: Pair[] = SIZES.flatMap((size): Pair[] => {
    const payload = "x".repeat(size);
    const packet: Packet = { cmd: "publish", topic: TOPIC, payload, qos: 0, retain: false, dup: false };
    const bytes = encodePublish(TOPIC, payload, 0, 0);
    const buffer = Buffer.from(bytes, "latin1");
    return [
      [`encode PUBLISH ${size} B`, () => encodePublish(TOPIC, payload, 0, 0), () => generate(packet)],
      [
        `decode PUBLISH ${size} B`,
        () => receive(client, bytes) && deliver(client),
        () => theirs.parse(buffer),
      ],
    ];
  });
  const subscribe: Packet = { cmd: "subscribe", messageId: 7, subscriptions: [{ topic: TOPIC, qos: 1 }] };
  pairs.push([
    "encode SUBSCRIBE",
    () => encodeSubscribe(7, [{ filter: TOPIC, qos: 1 }]),
    () => generate(subscribe),
  ]);
  return pairs;
}

function websocket(): Pair[] {
  const on = {
    log: { level: 0 },
    shownAt: 3,
    receiver: undefined,
    onFrame() {},
    onPayload: () => 0,
    onControl() {},
  };
  const reader: FrameReader = { unread: "", payloadLeft: 0, more: 0, over: 0, ...on };
  const receiver = new Receiver({ isServer: false });
  receiver.on("message", () => {});
  const board = {
    chance: Math.random,
    writeFrame: (...args: Parameters<typeof mask>) => mask(...args).length,
  };
  const writer = { board, zero: 0, log: { level: 0 } } as unknown as WebSocket;
  return SIZES.flatMap((size): Pair[] => {
    const payload = "x".repeat(size);
    const data = Buffer.from(payload);
    const options = { fin: true, rsv1: false, opcode: 2, mask: true, readOnly: true };
    const incoming = Buffer.concat(Sender.frame(data, { ...options, mask: false }));
    const text = incoming.toString("latin1");
    return [
      [
        `frame ${size} B, masked`,
        () => send(writer, payload, payload, BINARY),
        () => Sender.frame(data, { ...options }),
      ],
      [`read a frame of ${size} B`, () => readFrames(reader, text), () => receiver.write(incoming)],
    ];
  });
}

function sizes(): string[] {
  const bytes = (file: string) => `${readFileSync(file).length} bytes`;
  return ["hello", "hello-lean", "hello-tiny", "hello-tiny-lean"].map(
    (name) => `dist/${name}.js ${bytes(`dist/${name}.js`)}`,
  );
}

console.log("| rounds a second, thousands | ours | npm mqtt-packet, ws | |\n|---|---|---|---|");
for (const [what, ours, theirs] of [...codec(), ...websocket()]) {
  const [a, b] = [rate(ours), rate(theirs)];
  console.log(`| ${what} | ${Math.round(a / 1000)} | ${Math.round(b / 1000)} | ${(a / b).toFixed(1)}x |`);
}
console.log(`\n${sizes().join("\n")}`);
