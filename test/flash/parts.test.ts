// The parts of flash.sh and the monitor that need no port: console noise, decoding, status, ports, error texts,
// options.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { crc32 } from "../../board/virtual/crc32.ts";
import { storageImage } from "../../tools/flash/image.ts";
import { modulesIn } from "../../tools/flash/load.ts";
import { MAX_LINE_BYTES } from "../../tools/limits.ts";
import { Decoder } from "../../tools/monitor/decode.ts";
import { readLine } from "../../tools/monitor/log-line.ts";
import { Status } from "../../tools/monitor/status.ts";
import { cacheFolder } from "../../tools/paths.ts";
import { literal } from "../../tools/serial/bytes.ts";
import { ConsoleStream } from "../../tools/serial/console-stream.ts";
import { candidates, choosePort } from "../../tools/serial/ports.ts";
import { question } from "../../tools/serial/question.ts";
import { openFailure } from "../../tools/serial/serial.ts";
import { scratch } from "./command.ts";

/** Bytes of a console, and the lines and answers in them, whole and byte by byte. */
function heard(text: string): string[] {
  const bytes = Buffer.from(text, "latin1");
  const listen = (pieces: Uint8Array[]) => {
    const events: string[] = [];
    const stream = new ConsoleStream({
      line: (line) => events.push(line),
      ack: () => events.push("ACK"),
      nak: () => events.push("NAK"),
      packet: (payload) => events.push(`packet ${payload}`),
    });
    for (const piece of pieces) stream.take(piece);
    return events;
  };
  const whole = listen([bytes]);
  assert.deepEqual(listen([...bytes].map((byte) => Uint8Array.of(byte))), whole);
  return whole;
}

const CONSOLE: [what: string, bytes: string, events: string[]][] = [
  ["a line", "abc\r\n", ["abc"]],
  ["a prompt that is taken away", ">\r\x1b[Jabc\r\n>", ["abc"]],
  ["what was typed and is taken away", ">let x\r\x1b[Jabc\r\n>let x", ["abc"]],
  ["a prompt that stayed", ">>abc\r\n", ["abc"]],
  ["colours and cursors", "\x1b[?7la\x1b[31mb\x1bOH\x1b[Dc\n", ["abHc"]],
  ["flow control, bells, zeroes", "a\x11b\x13c\x07\0\n", ["abc"]],
  ["a spinner", "Compacting... /\b-\b|\n", ["Compacting... |"]],
  ["answers between lines", "a\n\x06\x10\x01\x00\x03[1]b\n\x15", ["a", "ACK", "packet [1]", "b", "NAK"]],
  ["an answer in the middle of a line", "ab\x06c\n", ["ACK", "abc"]],
  ["an empty packet", "\x10\x01\x00\x00", ["packet "]],
  ["UTF-8, and what is none", "gr\xc3\xbc\xff\n", ["grü\ufffd"]],
  ["C1 controls", "a\xc2\x9b2Jb\n", ["a.2Jb"]],
  ["a line without end", "x".repeat(MAX_LINE_BYTES), ["x".repeat(MAX_LINE_BYTES)]],
];

for (const [what, bytes, events] of CONSOLE)
  test(`console: ${what}`, () => assert.deepEqual(heard(bytes), events));

const DECODED: [dump: string[], words: string[]][] = [
  [
    [
      "> 82 2b 10 29 00 04 4d 51 54 54 04 c6 00 2d 00 02",
      "> 69 64 00 01 77 00 02 62 79 00 03 2a 2a 2a 00 0a",
      "> 2a 2a 2a 2a 2a 2a 2a 2a 2a 2a 00 00 00",
    ],
    [
      "> WebSocket data frame, 43 bytes",
      '> CONNECT level 4, keepAlive 45 s, clean session, client "id", will "w" "by" QoS 0, user "***", password "**********"',
    ],
  ],
  [["< 82 04 20 02 00 05"], ["< WebSocket data frame, 4 bytes", "< CONNACK not authorized"]],
  [
    ["> 82 0e 82 0c 00 01 00 07 6d 67 2f 74 65 73 74 01"],
    ["> WebSocket data frame, 14 bytes", '> SUBSCRIBE id 1 "mg/test" QoS 1'],
  ],
  [["< 82 05 90 03 00 01 80"], ["< WebSocket data frame, 5 bytes", "< SUBACK id 1 refused"]],
  [["< 82 02", "< 31 10 00 07 6d 67 2f 74 65 73 74 68 65 6c 6c 6f"], ["< WebSocket data frame, 2 bytes"]],
  [
    ["< 02 03 30 0a 00", "< 80 09 03 61 2f 62 68 65 6c 0a 6f"],
    [
      "< WebSocket data frame, 3 bytes",
      "< WebSocket data frame, 9 bytes",
      '< PUBLISH QoS 0 "a/b", 5 bytes "hel.o"',
    ],
  ],
  [["> 88 02 03 e8", "> 8a 00"], ["> WebSocket CLOSE 1000, 2 bytes"]],
  [["> 82 04 c0 00 e0 00"], ["> WebSocket data frame, 4 bytes", "> PINGREQ", "> DISCONNECT"]],
  [["< f0 00", "< 82 00"], ["< not a WebSocket frame (1002): decoding goes on with the next connection"]],
];

for (const [dump, words] of DECODED) {
  test(`decode ${dump[0]}`, () => {
    const decoder = new Decoder();
    const got = dump.flatMap((line) => decoder.take(line) ?? ["?"]);
    assert.deepEqual(got.slice(0, words.length), words);
  });
}

/** The CONNECT that makes the decoder expect MQTT 5; packets behind it, and their words. */
const CONNECT5 = "> 82 0f 10 0d 00 04 4d 51 54 54 05 02 00 3c 00 00 00";
const FIVE: [direction: string, packet: string, words: string][] = [
  [
    ">",
    "10 2d 00 04 4d 51 54 54 05 c6 00 2d 0b 21 00 40 22 00 08 27 00 00 10 00 00 01 63 07 18 00 00 00 05 01 01 00 01 77 00 01 78 00 01 2a 00 01 2a",
    'CONNECT level 5, keepAlive 45 s, clean start, Receive Maximum 64, Topic Alias Maximum 8, Maximum Packet Size 4096, client "c", will "w" "x" QoS 0, Payload Format Indicator 1, Will Delay Interval 5, user "*", password "*"',
  ],
  ["<", "20 06 01 00 03 22 00 0a", "CONNACK accepted, session present, Topic Alias Maximum 10"],
  ["<", "20 03 00 87 00", "CONNACK 0x87 not authorized"],
  ["<", "20 08 00 9c 05 1c 00 02 62 3a", 'CONNACK 0x9c use another server, Server Reference "b:"'],
  [">", "32 0b 00 01 74 00 07 03 23 00 01 68 69", 'PUBLISH QoS 1 id 7 "t", Topic Alias 1, 2 bytes "hi"'],
  [
    "<",
    "31 12 00 01 74 0e 26 00 01 61 00 01 62 26 00 01 61 00 01 63",
    'PUBLISH QoS 0 retain "t", User Property "a" = "b", User Property "a" = "c", 0 bytes',
  ],
  ["<", "30 08 00 01 74 04 0b 05 0b 06", 'PUBLISH QoS 0 "t", Subscription Identifier 5, 6, 0 bytes'],
  ["<", "40 02 00 07", "PUBACK id 7"],
  ["<", "40 03 00 07 10", "PUBACK id 7 0x10 no matching subscribers"],
  ["<", "50 08 00 07 97 04 1f 00 01 78", 'PUBREC id 7 0x97 quota exceeded, Reason String "x"'],
  [">", "62 02 00 07", "PUBREL id 7"],
  [
    ">",
    "82 09 00 01 02 0b 05 00 01 61 2e",
    'SUBSCRIBE id 1, Subscription Identifier 5 "a" QoS 2 no local retain as published retain handling 2',
  ],
  ["<", "90 05 00 01 00 01 87", "SUBACK id 1 QoS 1, 0x87 not authorized"],
  [">", "a2 06 00 02 00 00 01 61", 'UNSUBSCRIBE id 2 "a"'],
  ["<", "b0 05 00 02 00 00 11", "UNSUBACK id 2 done, 0x11 no subscription existed"],
  ["<", "d0 00", "PINGRESP"],
  ["<", "e0 02 8e 00", "DISCONNECT 0x8e session taken over"],
  [">", "e0 00", "DISCONNECT"],
  [">", "f0 06 18 04 15 00 01 4d", 'AUTH 0x18 continue authentication, Authentication Method "M"'],
  ["<", "30 06 00 01 74 02 13 00", 'PUBLISH QoS 0 "t", Server Keep Alive ?, 0 bytes (malformed)'],
];
for (const [direction, packet, words] of FIVE) {
  test(`decode MQTT 5: ${direction} ${packet}`, () => {
    const decoder = new Decoder();
    decoder.take(CONNECT5);
    if (direction === "<" && !packet.startsWith("20")) decoder.take("< 82 05 20 03 00 00 00");
    const length = packet.split(" ").length.toString(16).padStart(2, "0");
    assert.equal(decoder.take(`${direction} 82 ${length} ${packet}`)!.at(-1), `${direction} ${words}`);
  });
}

test("decode forgets the version with the connection", () => {
  const decoder = new Decoder();
  decoder.take(CONNECT5);
  decoder.restart();
  assert.deepEqual(decoder.take("< 82 04 20 02 00 05")?.at(-1), "< CONNACK not authorized");
});

test("decode leaves other lines alone", () => {
  assert.equal(new Decoder().take("GOT 4 bytes WS msg"), undefined);
});

test("status follows the ladder", () => {
  const status = new Status();
  const take = (line: string, at: number) => status.take(readLine(line, new Date(at)));
  assert.equal(status.text(new Date(0)), "[? | up ? | reconnects 0 | free ? | in 0 out 0]");
  take("0 2 wifi Joining lab", 1000);
  assert.match(status.text(new Date(1000)), /^\[JOINING \| up 0:00 /);
  for (const line of [
    "1 2 mqtt CONNECTED to ws://h/",
    "2 2 hello PUBLISHED a -> b 3 ms",
    "3 2 hello RECEIVED a <- b",
  ])
    take(line, 1000);
  take("4 1 link DOWN: why, again in 1 s", 1000);
  take("5 2 mqtt CONNECTED to ws://h/", 1000);
  status.free = 4000;
  assert.equal(status.text(new Date(3_700_000)), "[UP | up 1:01:39 | reconnects 1 | free 4000 | in 1 out 1]");
  assert.equal(take("1 2 boot hello", 4_000_000), true, "its clock went back: it has restarted");
  assert.match(status.text(new Date(4_000_000)), /reconnects 0 \| free \?/);
  status.attached = false;
  assert.equal(status.text(new Date(0)), "[unplugged]");
});

test("one port is used, several are listed in an error, none is an error", async (t) => {
  assert.equal(await choosePort("/dev/x"), "/dev/x");
  assert.equal(await choosePort(undefined, async () => ["/dev/a"]), "/dev/a");
  await assert.rejects(
    choosePort(undefined, async () => ["/dev/a", "/dev/b"]),
    /several ports: \/dev\/a, \/dev\/b: name the one/,
  );
  await assert.rejects(
    choosePort(undefined, async () => []),
    /no serial port with a board is there: plug the board in/,
  );
  const root = scratch(t);
  mkdirSync(join(root, "dev"));
  for (const name of ["ttyUSB1", "ttyACM0", "ttyS0", "cu.usbserial-1", "cu.Bluetooth"])
    writeFileSync(join(root, "dev", name), "");
  assert.deepEqual(
    await candidates("linux", root),
    ["ttyACM0", "ttyUSB1"].map((name) => join(root, "dev", name)),
  );
  assert.deepEqual(await candidates("darwin", root), [join(root, "dev", "cu.usbserial-1")]);
});

const OPENING: [words: string, kind: string][] = [
  ["Error: No such file or directory, cannot open /dev/x", "port"],
  ["Error: Permission denied, cannot open /dev/x", "permission"],
  ["Error Resource temporarily unavailable Cannot lock port", "busy"],
  ["Error: Device or resource busy, cannot open /dev/x", "busy"],
  ["Opening COM9: File not found", "port"],
  ["Error: Inappropriate ioctl for device", "port"],
];

for (const [words, kind] of OPENING) {
  test(`opening: ${words}`, () => assert.equal(openFailure("/dev/x", new Error(words)).kind, kind));
}

test("checksums are Espruino's, literals are JavaScript", () => {
  assert.equal(crc32(Buffer.from("123456789")), 0xcbf43926);
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  // biome-ignore lint/security/noGlobalEval: the test is that it is JavaScript
  assert.equal(globalThis.eval(literal(bytes)), bytes.toString("latin1"));
  assert.match(literal(bytes), /^[ -~]+$/);
});

test("modules that a program asks for", () => {
  assert.deepEqual(modulesIn(`var a=require("ws"),b=require('net');require("ws");x.require("no"+1)`), [
    "ws",
    "net",
  ]);
});

test("an image too small for its files is refused", () => {
  const files = [{ name: "a", bytes: Buffer.alloc(100) }];
  assert.throws(() => storageImage(files, 128), /more than the 128 bytes/);
});

test("the cache folder follows XDG_CACHE_HOME and the system's defaults", () => {
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/x" }, "linux"), join("/x", "espruino-mqtt-ws"));
  assert.match(cacheFolder({}, "darwin"), /Library.Caches.espruino-mqtt-ws$/);
  assert.match(cacheFolder({}, "linux"), /\.cache.espruino-mqtt-ws$/);
});

test("a question has no byte that a console takes for a key", () => {
  for (let length = 0; length < 600; length++) {
    const bytes = question("x".repeat(length), 1);
    assert.deepEqual([...bytes.subarray(0, 2)], [16, 1]);
    assert.equal(bytes.readUInt16BE(2), 0x2000 | (bytes.length - 4));
    assert.ok(
      bytes.subarray(2).every((byte) => byte >= 32),
      `${length}`,
    );
  }
});
