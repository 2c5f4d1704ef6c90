// What a server sends to a board to lead its calls deep: a kept session, whose messages come in the same chunk as the
// CONNACK, commands for a device, signed ones, and the answer to each packet.
import type { Socket } from "node:net";
import { Signer } from "../../docs/signing.mjs";
import { upgrade } from "../support/upgrade.ts";
import { serverFrame } from "../ws/server.ts";

/** What a server sends, by what it is called. */
export type Streams = Record<string, string>;

/** The key of signed messages, of `signed` and of a device. */
export const SIGN_KEY = "00".repeat(32);

const u16 = (n: number) => String.fromCharCode(n >> 8, n & 255);
const field = (text: string) => u16(text.length) + text;
const packet = (first: number, rest: string) => String.fromCharCode(first, rest.length) + rest;
const publish = (topic: string, payload: string, qos: number, id: number) =>
  packet(0x30 | (qos << 1), field(topic) + (qos ? u16(id) : "") + payload);

/** CONNACK of a session that the server has kept, or of a new one. */
const connack = (present: number, five: boolean) =>
  packet(0x20, String.fromCharCode(present, 0) + (five ? "\0" : ""));

/** Messages that wait in a kept session, one or many of them in one frame, at any QoS. */
export const SESSION: Streams = Object.fromEntries(
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

export const COMMANDS: Streams = Object.fromEntries(
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

/** A command that is signed, from a sender of whom nothing is known: it is noted in flash. */
export const SIGNED: Streams = Object.fromEntries(
  ["mg/test/command", "devices/d/pin/relay/set", "devices/d/cmd/memory"].map((topic) => {
    const envelope = new Signer(SIGN_KEY, "friend").seal(topic, "on").toString("latin1");
    return [`the signed ${topic}`, serverFrame(0x82, publish(topic, envelope, 1, 9))];
  }),
);

/**
 * A server for one connection: it sends a stream with the CONNACK of a kept session, or, `late`, when the client has asked
 * for all that it asks for.
 * @param last the answer to what the client asks for last
 */
export function serving(stream: string, late: boolean, five: boolean, last: string) {
  return (socket: Socket): void => {
    socket.once("data", (request): void => {
      const begin = upgrade(request.toString("latin1")) + serverFrame(0x82, connack(late ? 0 : 1, five));
      if (late) socket.write(begin, "latin1");
      else socket.end(begin + stream, "latin1");
      socket.on("data", (bytes) => {
        const answers = answersTo(bytes.toString("latin1"), five);
        if (!answers.includes(last)) socket.write(answers, "latin1");
        else socket.end(answers + stream, "latin1");
      });
    });
  };
}

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
