// How deep the calls of a bundle are nested, counted from the listener of the socket on (engine 19): a C3's stack holds 13 to 15 of
// them. Every function of the bundle gets a counter, and a server sends what leads deepest: a kept session, whose messages
// come in the same chunk as the CONNACK, commands for a device, and every attack.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnyNode, type Comment, parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import MagicString from "magic-string";
import { programIn } from "../../board/virtual/program.ts";
import { DEEPEST } from "../../build/bundles.ts";
import { compiled } from "../../build/compiled.ts";
import { buildRow } from "../../build/own.ts";
import { ATTACKS } from "../fuzz/attacks.ts";
import { MAX_PACKET } from "../fuzz/firmware.ts";
import { upgrade } from "../support/upgrade.ts";
import { serverFrame } from "../ws/server.ts";
import { boardOf, serverOf } from "./boards.ts";

/** Bytes of each attack. */
const LENGTH = 1500;
/** Listeners of a socket: of data, with or without the `ws` module, of drain, of its end (board/esp32/lean.ts, socket.ts, line.ts). */
const LISTENERS = /^(received|parseData|drained|lost)\b/;

/** Notes the functions that run, and the deepest path of them below a listener. */
const METER = `
var $path = [], $deepest = [];
function $in(name) {
  $path.push(name);
  if ($path.length > $deepest.length && ${LISTENERS}.test($path[0])) $deepest = $path.slice();
}
`;

/** The code with a counter in each function. */
function metered(code: string, inlined: string[]): string {
  const text = new MagicString(code);
  const comments: Comment[] = [];
  const program = parse(code, { ecmaVersion: 5, onComment: comments });
  // The parts of a program stand in a comment.
  for (const { start, end } of comments) text.remove(start, end);
  const [wrapper] = program.body;
  fullAncestor(program, (node: AnyNode, _, ancestors: AnyNode[]) => {
    if (node.type !== "FunctionDeclaration" && node.type !== "FunctionExpression") return;
    // The function around the whole bundle.
    if (ancestors.filter(({ type }) => /^Function/.test(type)).length === 1 && within(node, wrapper)) return;
    const parent = ancestors.at(-2);
    const key =
      parent?.type === "Property" && parent.key.type === "Identifier" ? parent.key.name : "function";
    // Its body goes to its one caller (build/inline.ts).
    if (inlined.includes(node.id?.name ?? key)) return;
    text.appendRight(node.body.start + 1, `$in("${node.id?.name ?? key}");try{`);
    text.appendLeft(node.body.end - 1, "}finally{$path.pop()}");
  });
  return text.toString();
}

function within(node: AnyNode, outer: AnyNode | undefined): boolean {
  return outer?.type === "ExpressionStatement" && node.start - outer.start < 3;
}

const u16 = (n: number) => String.fromCharCode(n >> 8, n & 255);
const field = (text: string) => u16(text.length) + text;
const packet = (first: number, rest: string) => String.fromCharCode(first, rest.length) + rest;
const publish = (topic: string, payload: string, qos: number, id: number) =>
  packet(0x30 | (qos << 1), field(topic) + (qos ? u16(id) : "") + payload);

/** CONNACK of a session that the server has kept, or of a new one. */
const connack = (present: number, five: boolean) =>
  packet(0x20, String.fromCharCode(present, 0) + (five ? "\0" : ""));

/** Messages that wait in a kept session, one or many of them in one frame, at any QoS. */
const SESSION: Record<string, string> = Object.fromEntries(
  [0, 1, 2].flatMap((qos) => [
    [`a message at QoS ${qos}`, serverFrame(0x82, publish("mg/test", "hello", qos, 7))],
    [
      `messages at QoS ${qos}, and the answer to each packet`,
      serverFrame(
        0x82,
        publish("mg/test", "hello", qos, 7) +
          packet(0x90, `${u16(1)}\x01`) +
          packet(0x40, u16(2)) +
          packet(0x62, u16(7)) +
          publish("mg/test", "again", qos, 8),
      ),
    ],
  ]),
);

const COMMANDS: Record<string, string> = Object.fromEntries(
  [
    ...["on", "off", " toggle ", "pulse 10", "50"].map((word) => ["pin/relay/set", word]),
    ["pin/dim/set", "50"],
    ["pin/nobody/set", "on"],
    ...["memory", "identify", "log", "telemetry", "config-get", "scan", "reboot", "update"].map((name) => [
      `cmd/${name}`,
      "",
    ]),
    ["cmd/config-set", "{}"],
  ].map(([topic, payload]) => [
    `the command ${topic} ${payload}`,
    serverFrame(0x82, publish(`devices/d/${topic}`, payload!, 1, 9)),
  ]),
);

/** How a bundle is met: in 3.1.1 or in MQTT 5, with topics in ASCII or beyond. */
interface Meeting {
  name: string;
  streams: Record<string, string>;
  version?: number;
  topic?: string;
}

const BUNDLES: Meeting[] = [
  { name: "hello-lean", streams: SESSION },
  { name: "hello-lean", streams: {}, topic: "caf\xc3\xa9" },
  { name: "hello-smallest-lean", streams: SESSION },
  { name: "hello-v5-lean", streams: SESSION },
  { name: "hello-v5-lean", streams: {}, version: 5 },
  { name: "signed", streams: SESSION },
  { name: "device-lean", streams: { ...SESSION, ...COMMANDS } },
  { name: "device-v5-lean", streams: {}, version: 5 },
];

/** Answers the requests and messages of the client in these bytes, which have no mask, in one frame for each packet. */
function answersTo(bytes: string, five: boolean): string {
  let answers = "";
  for (let at = 0; at + 8 < bytes.length; ) {
    const first = bytes.charCodeAt(at + 6);
    const size = bytes.charCodeAt(at + 1) & 127;
    let from = at + 6;
    const end = Math.min(from + size, bytes.length);
    if (size > 125) return answers;
    while (from + 1 < end) {
      const kind = bytes.charCodeAt(from) >> 4;
      const rest = bytes.slice(from + 2, from + 2 + bytes.charCodeAt(from + 1));
      const topic = (rest.charCodeAt(0) << 8) | rest.charCodeAt(1);
      const more = five ? "\0" : "";
      if (kind === 8)
        answers += serverFrame(
          0x82,
          packet(0x90, rest.slice(0, 2) + more + "\x01".repeat(filters(rest, five))),
        );
      if (kind === 3 && bytes.charCodeAt(from) & 2)
        answers += serverFrame(0x82, packet(0x40, rest.slice(2 + topic, 4 + topic)));
      if (kind === 3)
        answers += serverFrame(
          0x82,
          packet(0x30, rest.slice(0, 2 + topic) + rest.slice(topic + (bytes.charCodeAt(from) & 2 ? 4 : 2))),
        );
      from += 2 + rest.length;
    }
    at = end;
    if (first >> 4 === 14) break;
  }
  return answers;
}

/** The number of filters in a SUBSCRIBE. */
function filters(rest: string, five: boolean): number {
  let count = 0;
  for (let at = five ? 3 : 2; at + 2 < rest.length; count++)
    at += 3 + ((rest.charCodeAt(at) << 8) | rest.charCodeAt(at + 1));
  return count;
}

for (const { name, streams, version = 4, topic = "mg/test" } of BUNDLES) {
  const five = version === 5;
  const last = name.startsWith("device") ? "\x90" : "\x30";
  test(`depth: no path from the socket of ${name} is deeper than it may be, MQTT ${version}, topic ${topic}`, async (t) => {
    const { code } = await buildRow(name, { minify: false });
    const { tags } = await compiled();
    const inlined = tags.filter(({ tag }) => tag === "inline").map((each) => each.name);
    const program = programIn({ code: metered(code, inlined), before: METER });
    const all = { ...streams };
    for (const [attack, make] of Object.entries(ATTACKS)) all[attack] = make(LENGTH);
    let deepest: string[] = [];
    let by = "";
    for (const [what, stream] of Object.entries(all))
      for (const late of [false, true]) {
        const port = await serverOf(t, (socket) => {
          socket.once("data", (request): void => {
            const begin =
              upgrade(request.toString("latin1")) + serverFrame(0x82, connack(late ? 0 : 1, five));
            if (late) socket.write(begin, "latin1");
            else socket.end(begin + stream, "latin1");
            socket.on("data", (bytes) => {
              const answers = answersTo(bytes.toString("latin1"), five);
              // The stream comes when the client has asked for all that it asks for.
              if (!answers.includes(last)) socket.write(answers, "latin1");
              else socket.end(answers + stream, "latin1");
            });
          });
        });
        const config = {
          wifi: { ssid: "net" },
          app: { topic },
          sign: name === "signed" ? { key: "00".repeat(32) } : undefined,
          mqtt: {
            ...{
              url: `ws://127.0.0.1:${port}/mqtt`,
              mask: "zero",
              maxPacket: MAX_PACKET,
              cleanSession: false,
            },
            ...(name.includes("v5") ? { version } : {}),
          },
          device: {
            id: "d",
            identify: "relay",
            pins: { relay: { pin: "D5", use: "output" }, dim: { pin: "D18", use: "pwm" } },
          },
        };
        const board = boardOf(t, program, { files: { "config.json": JSON.stringify(config) } });
        board.boot();
        await board.untilLine(/ link D(OWN: |ONE)/);
        const path = board.global.$deepest as string[];
        if (path.length > deepest.length) [deepest, by] = [[...path], what];
        board.off();
      }
    t.diagnostic(`${deepest.length} by ${by}: ${deepest.join(" > ")}`);
    const most = DEEPEST[name]!;
    assert.ok(deepest.length <= most, `${deepest.length} calls, at most ${most}: ${deepest.join(" > ")}`);
  });
}
