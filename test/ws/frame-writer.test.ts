// The frame writer (RFC 6455 5.2, 5.3): headers byte by byte at every boundary of the length, and masks that the receiver of
// npm `ws` undoes.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { frames, websocket } from "#subject";
import { maskFrame } from "../support/fake-board.ts";
import { hex, parseClientFrame } from "./server.ts";

/** The frame that a WebSocket writes, with this masking key. The lowest bit of a key is always 1. */
function frame(opcode: number, payload: string, key: number): string {
  let written = "";
  const board = {
    chance: () => (key >>> 0) / 2 ** 32,
    writeFrame(head: string, bytes: string, drawn: number) {
      assert.equal(drawn, key | 1);
      written = maskFrame(head, bytes, drawn);
      return 0;
    },
  };
  websocket.send({ board, zero: 0, log: { level: 0 } } as never, payload, payload, opcode);
  return written;
}

const PAYLOAD = Array.from({ length: 65537 }, (_, i) => String.fromCharCode((i * 7) & 255)).join("");

/** Payload length; FIN and opcode, MASK bit and length. */
const HEADERS: [length: number, header: string][] = [
  [0, "82 80"],
  [1, "82 81"],
  [125, "82 fd"],
  [126, "82 fe 007e"],
  [127, "82 fe 007f"],
  [65535, "82 fe ffff"],
  [65536, "82 ff 0000000000010000"],
  [65537, "82 ff 0000000000010001"],
];

for (const [length, header] of HEADERS) {
  test(`frame writer: a payload of ${length} bytes has the right header and mask`, () => {
    const payload = PAYLOAD.slice(0, length);
    const bytes = frame(frames.BINARY, payload, 0x04030201);
    const start = hex(header);
    assert.equal(bytes.slice(0, start.length), start);
    assert.equal(bytes.slice(start.length, start.length + 4), hex("01 02 03 04"), "key, lowest byte first");
    assert.equal(bytes.length, start.length + 4 + length);
    assert.deepEqual(parseClientFrame(bytes), { first: 0x82, payload });
  });

  test(`frame writer: a payload of ${length} bytes for the log is unmasked`, () => {
    const payload = PAYLOAD.slice(0, length);
    const start = hex(header);
    const plain = start[0]! + String.fromCharCode(start.charCodeAt(1) & 127) + start.slice(2);
    assert.equal(frames.unmasked(frames.BINARY, payload), plain + payload);
  });
}

test("frame writer: a masked Hello is the example of RFC 6455 5.7", () => {
  // Its key is 37 fa 21 3d.
  assert.equal(frame(1, "Hello", 0x3d21fa37), hex("81 85 37fa213d 7f9f4d5158"));
});

test("frame writer: keys with the top bit set (negative numbers in JavaScript) mask correctly, and no key is zero", () => {
  for (const key of [-1, -2147483648, 0, 0x80000000 | 0]) {
    assert.deepEqual(parseClientFrame(frame(9, "ping", key)), {
      first: 0x89,
      payload: "ping",
    });
  }
  assert.equal(frame(frames.CLOSE, hex("03e8"), -1), hex("88 82 ffffffff fc17"));
});

test("frame writer: the receiver of npm ws accepts every frame", async () => {
  const require = createRequire(import.meta.url);
  const { Receiver } = require("ws") as { Receiver: new (options: object) => NodeJS.WritableStream };
  const receiver = new Receiver({ isServer: true, binaryType: "nodebuffer" });
  const seen: string[] = [];
  receiver.on("message", (data: Buffer, binary: boolean) =>
    seen.push(`${binary} ${data.toString("latin1")}`),
  );
  receiver.on("ping", (data: Buffer) => seen.push(`ping ${data}`));
  const over = new Promise<void>((resolve, reject) => {
    receiver.on("conclude", (code: number, reason: Buffer) => {
      seen.push(`close ${code} ${reason}`);
      resolve();
    });
    receiver.on("error", reject);
  });
  const wanted: string[] = [];
  for (const [length] of HEADERS) {
    const payload = PAYLOAD.slice(0, length);
    wanted.push(`true ${payload}`);
    receiver.write(Buffer.from(frame(frames.BINARY, payload, 0x9abcdef0 | 0), "latin1"));
  }
  receiver.write(Buffer.from(frame(frames.PING, "hi", 77), "latin1"));
  receiver.write(Buffer.from(frame(frames.CLOSE, hex("03e8"), -7), "latin1"));
  wanted.push("ping hi", "close 1000 ");
  await over;
  // The receiver emits one message per turn of the event loop, control frames perhaps sooner.
  assert.deepEqual(seen.sort(), wanted.sort());
});

test("frame writer: with the zero key the payload stays as it is", () => {
  let written = "";
  const board = {
    chance: () => assert.fail("no random number is needed"),
    writeFrame(head: string, bytes: string, key: number) {
      written = maskFrame(head, bytes, key);
      return 0;
    },
  };
  websocket.send({ board, zero: 1, log: { level: 0 } } as never, "abc", "abc", frames.BINARY);
  assert.equal(written, "\x82\x83\0\0\0\0abc");
});
