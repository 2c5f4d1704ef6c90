// The frame reader (RFC 6455 5.2 to 5.5): every vector whole, byte by byte, in random pieces, cut short, and followed by
// another one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frames } from "#subject";
import type { FrameReader } from "../../src/ws/frame.ts";
import { randomOf, SEED } from "../support/random.ts";
import { hex, serverFrame } from "./server.ts";
import { readerOf } from "./told.ts";
import { BAD, GOOD, type Vector } from "./vectors.ts";

/** Feeds pieces until the end of the stream and notes the events; the payload of one frame is joined. */
function read(pieces: string[], onReader = (_: FrameReader) => {}): string[] {
  const events: string[] = [];
  let open = false;
  const on = {
    frame(length: number) {
      events.push(`frame ${length}`);
      open = false;
    },
    data(payload: string) {
      assert.notEqual(payload, "", "data without payload");
      if (open) events[events.length - 1] += payload;
      else events.push(`data ${payload}`);
      open = true;
    },
    control(opcode: number, payload: string) {
      events.push(`${opcode} ${payload}`);
      open = false;
    },
  };
  const reader = readerOf(on);
  onReader(reader);
  for (const piece of pieces) {
    const code = frames.readFrames(reader, piece);
    assert.ok(reader.unread.length <= frames.MAX_WHOLE, "more was kept than a short frame");
    if (code) events.push(`code ${code}`);
    // The owner closes. Only after a CLOSE the reader itself stops reading.
    if (code && !reader.over) break;
  }
  return events;
}

const joined = (events: string[]) => events.join("\n");

for (const [name, bytes, events] of [...GOOD, ...BAD]) {
  test(`frame reader: ${name}, the same events in any pieces`, () => {
    assert.equal(joined(read([bytes])), joined(events), "whole");
    assert.equal(joined(read([...bytes])), joined(events), "byte by byte");
    const random = randomOf(SEED);
    for (let i = 0; i < 5; i++) {
      assert.equal(joined(read(random.split(bytes, 9))), joined(events), `split, FUZZ_SEED=${SEED}`);
    }
  });
}

test("frame reader: two streams one after the other, the events of both", () => {
  for (const [name, bytes, events] of GOOD.filter(short)) {
    for (const [next, more, then] of [...GOOD, ...BAD].filter(short)) {
      assert.equal(joined(read([bytes + more])), joined([...events, ...then]), `${name}, ${next}`);
    }
  }
});

test("frame reader: a stream that is cut short, the reader waits for more", () => {
  for (const [name, bytes, events] of [...GOOD, ...BAD].filter(short)) {
    for (let length = 0; length < bytes.length; length++) {
      const seen = read([bytes.slice(0, length)]);
      const whole = joined(events);
      assert.ok(whole.startsWith(joined(seen)), `${name}, ${length} bytes: ${joined(seen)}`);
    }
  }
});

function short(vector: Vector): boolean {
  return vector[1].length < 1000;
}

test("frame reader: of a long payload all but its end is passed on as it arrives, a short one as a whole", () => {
  const seen: string[] = [];
  const reader = readerOf({ frame() {}, data: (payload) => seen.push(payload), control() {} });
  const long = "x".repeat(frames.MAX_WHOLE);
  for (const [piece, kept] of [
    [`${hex("82 7e 021b")}a`, ""],
    ["bc", ""],
    [long.slice(1), long.length - 1],
    [`d${hex("82 02")}g`, 1],
    ["h", 0],
  ] as const) {
    assert.equal(frames.readFrames(reader, piece), 0);
    assert.equal(reader.unread.length, kept || 0, piece);
  }
  assert.deepEqual(seen, ["a", "bc", `${long.slice(1)}d`, "gh"]);
});

test("frame reader: the header is reported when it is complete, before any payload", () => {
  assert.deepEqual(read([hex("82 7e 01")]), []);
  assert.deepEqual(read([hex("82 7e 0100")]), ["frame 256"]);
  assert.deepEqual(read([hex("82 7f 00000000000100")]), []);
  assert.deepEqual(read([hex("82 7f 0000000000010000")]), ["frame 65536"]);
});

test("frame reader: a frame of nearly the largest length is counted, not kept", () => {
  let reader: FrameReader | undefined;
  const events = read([hex("82 7f 001fffffffffffff 61 62")], (its) => {
    reader = its;
  });
  assert.deepEqual(events, [`frame ${2 ** 53 - 1}`, "data ab"]);
  assert.equal(reader?.payloadLeft, 2 ** 53 - 3);
  assert.equal(reader?.unread, "");
});

test("frame reader: a bad header is refused before its payload arrives", () => {
  assert.deepEqual(read([hex("89 7e")]), ["code 1002"]);
  assert.deepEqual(read([hex("81 7f")]), ["code 1003"]);
  assert.deepEqual(read([hex("88 7d")]), []);
});

test("frame reader: after a CLOSE nothing is read", () => {
  const after = [serverFrame(0x82, "abc"), hex("c2 00"), hex("89 00")];
  assert.deepEqual(read([hex("88 02 03e8"), ...after]), [`8 ${hex("03e8")}`, "code 1000"]);
});

test("frame reader: stopped inside any event, it reports no further event", () => {
  for (const at of ["frame", "data", "control"]) {
    const seen: string[] = [];
    const note = (event: string) => () => {
      seen.push(event);
      if (event === at) reader.over = 1;
    };
    const reader = readerOf({ frame: note("frame"), data: note("data"), control: note("control") });
    assert.equal(frames.readFrames(reader, hex("89 00 82 01 61 82 01 62 c2 00")), 0);
    assert.equal(seen.filter((event) => event === at).length, 1, at);
    assert.equal(seen.at(-1), at);
  }
});

test("frame reader: an empty chunk causes no event", () => {
  assert.deepEqual(read(["", ""]), []);
});
