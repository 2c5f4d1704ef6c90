// A second of seeded chance: random bytes and mutated vectors into the frame reader and into a WebSocket. Nothing
// throws, little is kept, and how the network cuts the bytes makes no difference. FUZZ_SEED repeats a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frames, websocket } from "#subject";
import { FakeBoard } from "../fake-board.ts";
import { type Random, randomOf, SEED } from "../random.ts";
import { reply, serverFrame } from "./server.ts";
import { BAD, GOOD } from "./vectors.ts";

const ROUNDS = 1500;
/** What a header or a control frame can have at most, less the byte that completes it. */
const MOST_KEPT = 2 + 125 - 1;
const SHORT = [...GOOD, ...BAD].map((vector) => vector[1]).filter((bytes) => bytes.length < 1000);

/** Bytes that a server could send, with something wrong in them more often than not. */
function stream(random: Random): string {
  let bytes = "";
  for (let n = random.below(5); n >= 0; n--) {
    if (random.below(4) === 0) bytes += random.bytes(random.below(20));
    else bytes += SHORT[random.below(SHORT.length)]!;
  }
  for (let n = random.below(4); n > 0; n--) bytes = mutated(bytes, random);
  return bytes;
}

/** One byte changed, taken out or put in. */
function mutated(bytes: string, random: Random): string {
  const at = random.below(bytes.length + 1);
  const kind = random.below(3);
  return bytes.slice(0, at) + (kind < 2 ? random.bytes(1) : "") + bytes.slice(kind === 1 ? at : at + 1);
}

/** Events of the frame reader, payload of one frame joined. */
function read(pieces: string[]): string {
  const reader = { head: "", left: 0, more: 0, over: 0 };
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
  for (const piece of pieces) {
    const code = frames.readFrames(reader, piece, on);
    assert.ok(reader.head.length <= MOST_KEPT, `${reader.head.length} bytes kept`);
    assert.ok(reader.left >= 0, "more payload than announced");
    if (code) return `${events}\ncode ${code}`;
  }
  return events;
}

/** Everything a WebSocket does with a server's bytes: its events, its answers, its last state. */
function converse(pieces: string[]): string {
  const board = new FakeBoard();
  const events: string[] = [];
  let data = "";
  const ws = websocket.newWebSocket(
    board,
    { level: 4, print: board.print, now: board.now },
    {
      connected: () => events.push("connected"),
      open: () => events.push("open"),
      data: (payload) => {
        data += payload;
      },
      drained() {},
      closed: (why) => events.push(`closed ${why}`),
    },
  );
  websocket.openWebSocket(ws, { host: "h", port: 80, path: "/", authority: "h", tls: 0 });
  board.line.data("");
  for (const piece of pieces) {
    board.line.data(piece);
    assert.ok(ws.head.length <= 2048 + MOST_KEPT, `${ws.head.length} bytes kept`);
  }
  assert.ok(events.filter((event) => event.startsWith("closed")).length <= 1, "closed once");
  const sent = board.sent();
  // How many PINGs are answered depends on how many come in a chunk; that the last one is does not.
  const answers = sent.map(({ first, payload }) => `${first} ${payload}`);
  const last = answers.filter((answer) => answer.startsWith("138")).at(-1) ?? "";
  const others = answers.filter((answer) => !answer.startsWith("138"));
  assert.ok(others.length <= 1, "nothing but one CLOSE");
  assert.ok(!others.length || answers.at(-1) === others[0], "and nothing behind it");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  for (const line of board.lines) assert.doesNotMatch(line, /[\0-\x1f\x7f]/);
  return [...events, data, last, ...others, ws.state].join("\n");
}

test("fuzz: the frame reader", () => {
  const random = randomOf(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = stream(random);
    const note = `FUZZ_SEED=${SEED}, round ${round}: ${Buffer.from(bytes, "latin1").toString("hex")}`;
    const whole = read([bytes]);
    assert.equal(read([...bytes]), whole, note);
    assert.equal(read(random.split(bytes, 20)), whole, note);
  }
});

test("fuzz: a WebSocket, its handshake included", () => {
  const random = randomOf(SEED + 1);
  for (let round = 0; round < ROUNDS / 3; round++) {
    let hello = reply();
    if (random.below(3) === 0) hello = mutated(hello, random);
    const bytes = hello + stream(random) + (random.below(2) ? serverFrame(0x82, "end") : "");
    const note = `FUZZ_SEED=${SEED}, round ${round}: ${Buffer.from(bytes, "latin1").toString("hex")}`;
    const whole = converse([bytes]);
    assert.equal(converse([...bytes]), whole, note);
    assert.equal(converse(random.split(bytes, 40)), whole, note);
  }
});

test("fuzz: nothing but noise", () => {
  const random = randomOf(SEED + 2);
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = random.bytes(1 + random.below(300));
    assert.equal(read(random.split(bytes, 50)), read([bytes]), `FUZZ_SEED=${SEED}, round ${round}`);
  }
});
