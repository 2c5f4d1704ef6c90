// Bytes that a server can send after the handshake, and the expected result: a table for the frame reader.
// The bytes follow RFC 6455 5.2 and 5.7. Each row is fed whole, byte by byte, in random pieces and cut short.

import { closeFrame, hex, serverFrame } from "./server.ts";

/** Name, bytes, and the events in order: `frame n`, `data ...`, `9 payload` of control frames, `code n` at the end. */
export type Vector = [name: string, bytes: string, events: string[]];

/** Streams that may continue. */
export const GOOD: Vector[] = [
  ["a binary frame", `${hex("82 03")}abc`, ["frame 3", "data abc"]],
  ["an empty binary frame", hex("82 00"), ["frame 0"]],
  ["a binary frame of 125 bytes", hex("82 7d") + "x".repeat(125), ["frame 125", `data ${"x".repeat(125)}`]],
  ["a 16-bit length of 126", hex("82 7e 007e") + "x".repeat(126), ["frame 126", `data ${"x".repeat(126)}`]],
  [
    "a 16-bit length of 65535",
    hex("82 7e ffff") + "x".repeat(65535),
    ["frame 65535", `data ${"x".repeat(65535)}`],
  ],
  [
    "a 64-bit length of 65536",
    hex("82 7f 0000000000010000") + "x".repeat(65536),
    ["frame 65536", `data ${"x".repeat(65536)}`],
  ],
  // 5.2 requires the shortest form. A longer one is accepted.
  ["a 16-bit length of 2", `${hex("82 7e 0002")}ab`, ["frame 2", "data ab"]],
  ["a 64-bit length of 2", `${hex("82 7f 0000000000000002")}ab`, ["frame 2", "data ab"]],
  ["a 64-bit length of 0", `${hex("82 7f 0000000000000000 82 01")}a`, ["frame 0", "frame 1", "data a"]],
  [
    "a message of three fragments", // FIN=0 BINARY, FIN=0 CONTINUATION, FIN=1 CONTINUATION
    hex("02 02 6162 00 01 63 80 01 64"),
    ["frame 2", "data ab", "frame 1", "data c", "frame 1", "data d"],
  ],
  ["fragments that are empty", hex("02 00 00 00 80 00"), ["frame 0", "frame 0", "frame 0"]],
  [
    "a PING between fragments",
    hex("02 01 61 89 02 4849 80 01 62"),
    ["frame 1", "data a", "9 HI", "frame 1", "data b"],
  ],
  [
    "a message behind a fragmented one",
    hex("02 01 61 80 00 82 01 62"),
    ["frame 1", "data a", "frame 0", "frame 1", "data b"],
  ],
  ["an empty PING", hex("89 00"), ["9 "]],
  ["a PING of 125 bytes", serverFrame(0x89, "p".repeat(125)), [`9 ${"p".repeat(125)}`]],
  ["a PONG nobody asked for", hex("8a 01 61"), ["10 a"]],
  [
    "payload that looks like frames",
    serverFrame(0x82, hex("88 00 89 00")),
    ["frame 4", `data ${hex("88008900")}`],
  ],
];

/** Streams that end, with the code to close with. */
export const BAD: Vector[] = [
  ["a masked frame", hex("82 81 00000000 61"), ["code 1002"]],
  ["RSV1", hex("c2 00"), ["code 1002"]],
  ["RSV2", hex("a2 00"), ["code 1002"]],
  ["RSV3", hex("92 00"), ["code 1002"]],
  ["RSV1 on a PING", hex("c9 00"), ["code 1002"]],
  ["a masked PING", hex("89 80 00000000"), ["code 1002"]],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): Vector => {
    return [`unknown opcode ${opcode}`, String.fromCharCode(0x80 | opcode, 0), ["code 1002"]];
  }),
  ...[8, 9, 10].flatMap((opcode): Vector[] => [
    [`control frame ${opcode} of 126 bytes`, serverFrame(0x80 | opcode, "x".repeat(126)), ["code 1002"]],
    [
      `control frame ${opcode} with a 64-bit length`,
      `${String.fromCharCode(0x80 | opcode)}\x7f`,
      ["code 1002"],
    ],
    [`control frame ${opcode} without FIN`, `${String.fromCharCode(opcode)}\0`, ["code 1002"]],
  ]),
  ["a text frame", hex("81 01 61"), ["code 1003"]],
  ["a fragmented text message", hex("01 01 61"), ["code 1003"]],
  ["a text frame inside a fragmented message", hex("02 00 81 00"), ["frame 0", "code 1002"]],
  ["a continuation without a start", hex("80 00"), ["code 1002"]],
  ["a continuation behind the last fragment", hex("02 00 80 00 80 00"), ["frame 0", "frame 0", "code 1002"]],
  ["a new message inside a fragmented one", hex("02 01 61 82 00"), ["frame 1", "data a", "code 1002"]],
  ["a length with the top bit set", hex("82 7f 8000000000000000"), ["code 1002"]],
  ["the longest length with the top bit set", hex("82 7f ffffffffffffffff"), ["code 1002"]],
  ["a bad frame behind a good one", hex("82 01 61 c2 00 82 01 62"), ["frame 1", "data a", "code 1002"]],
  // A CLOSE: its code is the answer's (5.5.1).
  ["a CLOSE without a code", hex("88 00"), ["8 ", "code 1005"]],
  ["a CLOSE of one byte", hex("88 01 03"), ["code 1002"]],
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1014, 3000, 3999, 4000, 4999].map((code): Vector => {
    return [
      `a CLOSE ${code}`,
      closeFrame(code),
      [`8 ${String.fromCharCode(code >> 8, code & 255)}`, `code ${code}`],
    ];
  }),
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999, 5000, 65535].map((code): Vector => {
    return [`a CLOSE ${code}, which no peer may send`, closeFrame(code), ["code 1002"]];
  }),
  ["a CLOSE with a reason", closeFrame(1000, "bye"), [`8 ${hex("03e8")}bye`, "code 1000"]],
  [
    "a CLOSE with a reason of 123 bytes",
    closeFrame(1001, "r".repeat(123)),
    [`8 ${hex("03e9")}${"r".repeat(123)}`, "code 1001"],
  ],
  [
    "a CLOSE with a reason in UTF-8",
    closeFrame(1000, hex("e282ac 00")),
    [`8 ${hex("03e8 e282ac 00")}`, "code 1000"],
  ],
  ["a CLOSE with half a character", closeFrame(1000, hex("e282")), ["code 1007"]],
  ["a CLOSE with a surrogate", closeFrame(1000, hex("eda080")), ["code 1007"]],
  ["a CLOSE with an over-long form", closeFrame(1000, hex("c080")), ["code 1007"]],
  ["a CLOSE with a byte that is never UTF-8", closeFrame(1000, hex("61ff")), ["code 1007"]],
  ["a bad code with a bad reason", closeFrame(999, hex("ff")), ["code 1002"]],
  ["frames behind a CLOSE", hex("88 02 03e8 82 01 61 89 00"), [`8 ${hex("03e8")}`, "code 1000"]],
  [
    "a CLOSE inside a fragmented message",
    hex("02 01 61 88 02 03e9"),
    ["frame 1", "data a", `8 ${hex("03e9")}`, "code 1001"],
  ],
];
