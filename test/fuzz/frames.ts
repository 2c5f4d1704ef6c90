// Hostile frames: into the frame reader alone, and into a WebSocket whose handshake may be hostile too. Nothing throws,
// few bytes are kept, and the way in which the network cuts the bytes makes no difference.
import assert from "node:assert/strict";
import { frames, MAX_REPLY, websocket } from "#subject";
import { FakeBoard } from "../support/fake-board.ts";
import type { Random } from "../support/random.ts";
import { reply, serverFrame } from "../ws/server.ts";
import { ownerOf, readerOf } from "../ws/told.ts";
import { BAD, GOOD } from "../ws/vectors.ts";
import type { Target } from "./fuzzer.ts";

/** Longest incomplete header, control frame, or payload of a short frame. */
export const MOST_KEPT = frames.MAX_WHOLE - 1;
const SHORT = [...GOOD, ...BAD].map((vector) => vector[1]).filter((bytes) => bytes.length < 1000);

/** Frames that a server could send. */
export function frameStream(random: Random): string {
  if (random.below(20) === 0) return random.bytes(1 + random.below(300));
  let bytes = "";
  for (let n = random.below(5); n >= 0; n--) {
    const kind = random.below(4);
    if (kind === 0) bytes += random.bytes(random.below(20));
    else if (kind === 1)
      bytes += serverFrame(128 * random.below(2) + random.below(11), random.bytes(random.below(150)));
    else bytes += SHORT[random.below(SHORT.length)]!;
  }
  return bytes;
}

/** Events of the frame reader, payload of one frame joined. */
function read(pieces: string[]): string {
  let events = "";
  const on = {
    frame: (length: number) => {
      events += `\nframe ${length} `;
    },
    data: (payload: string) => {
      events += payload;
    },
    control: (opcode: number, payload: string) => {
      events += `\n${opcode} ${payload}`;
    },
  };
  const reader = readerOf(on);
  for (const piece of pieces) {
    const code = frames.readFrames(reader, piece);
    assert.ok(reader.unread.length <= MOST_KEPT, `${reader.unread.length} bytes kept`);
    assert.ok(reader.payloadLeft >= 0, "more payload than announced");
    if (code) return `${events}\ncode ${code}`;
  }
  return events;
}

/** Result of a server's bytes: the WebSocket's events, its answers, its last state. */
function converse(pieces: string[]): string {
  const board = new FakeBoard();
  const events: string[] = [];
  let data = "";
  const ws = websocket.newWebSocket(
    board,
    { level: 4, print: board.print, uptime: board.uptime },
    ownerOf({
      connected: () => events.push("connected"),
      open: () => events.push("open"),
      data: (payload) => {
        data += payload;
      },
      drained() {},
      closed: (why) => events.push(`closed ${why}`),
    }),
  );
  websocket.openWebSocket(ws, { host: "h", port: 80, path: "/", tls: 0 });
  board.line.data("");
  for (const piece of pieces) {
    board.line.data(piece);
    assert.ok(ws.unread.length <= MAX_REPLY + MOST_KEPT, `${ws.unread.length} bytes kept`);
  }
  assert.ok(events.filter((event) => event.startsWith("closed")).length <= 1, "closed once");
  const sent = board.sent();
  // The number of answered PINGs depends on the chunks. The last one is always answered.
  const answers = sent.map(({ first, payload }) => `${first} ${payload}`);
  const last = answers.filter((answer) => answer.startsWith("138")).at(-1) ?? "";
  const others = answers.filter((answer) => !answer.startsWith("138"));
  assert.ok(others.length <= 1, "nothing but one CLOSE");
  assert.ok(!others.length || answers.at(-1) === others[0], "and nothing behind it");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the log must not contain them
  for (const line of board.lines) assert.doesNotMatch(line, /[\0-\x1f\x7f]/);
  return [...events, data, last, ...others, ws.state].join("\n");
}

function sameHoweverCut(happens: (pieces: string[]) => string, bytes: string, random: Random): void {
  const whole = happens(bytes ? [bytes] : []);
  assert.equal(happens([...bytes]), whole, "byte by byte");
  assert.equal(happens(random.split(bytes, 40)), whole, "in pieces");
}

export const frameReader: Target = {
  name: "frames",
  cases: 3000,
  make: frameStream,
  check: (bytes, random) => sameHoweverCut(read, bytes, random),
};

export const webSocket: Target = {
  name: "websocket",
  cases: 500,
  make: (random) => reply() + frameStream(random) + (random.below(2) ? serverFrame(0x82, "end") : ""),
  check: (bytes, random) => sameHoweverCut(converse, bytes, random),
};
