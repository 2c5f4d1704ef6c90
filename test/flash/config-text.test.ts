// The bytes of a config.json: what is not UTF-8 is refused with its place, before the board gets it; and so in npm start.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeConfig } from "../../tools/config-text.ts";
import { BUNDLE, fails, scratch } from "./command.ts";

const JSON_TEXT =
  '{\n  "wifi": { "ssid": "K\u00fcche", "password": "secret" },\n  "mqtt": { "url": "ws://h" }\n}\n';
const UTF8 = Buffer.from(JSON_TEXT);
const mark = (bytes: number[]) => Buffer.from(bytes);
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const UTF16 = Buffer.from(JSON_TEXT, "utf16le");

for (const [what, bytes] of [
  ["UTF-8", UTF8],
  ["UTF-8 with a byte order mark", Buffer.concat([mark([0xef, 0xbb, 0xbf]), UTF8])],
] as const)
  test(`${what} is read`, () => assert.deepEqual(decodeConfig(bytes), { text: JSON_TEXT }));

test("an empty file, and one of a single byte, are text", () => {
  assert.deepEqual(decodeConfig(Buffer.alloc(0)), { text: "" });
  assert.deepEqual(decodeConfig(Buffer.from("{")), { text: "{" });
});

const WRONG: [what: string, bytes: Buffer, sentence: RegExp][] = [
  [
    "Latin-1",
    Buffer.from(JSON_TEXT, "latin1"),
    /is not UTF-8 \(line 2, column 23\): save it as "UTF-8" in your editor\./,
  ],
  [
    "a sequence that is cut at the end",
    Buffer.concat([UTF8, mark([0xe2, 0x82])]),
    /is not UTF-8 \(line 5, column 1\): /,
  ],
  ["an overlong form", Buffer.concat([mark([0xc0, 0xaf]), UTF8]), /is not UTF-8 \(line 1, column 1\): /],
  [
    "a surrogate in UTF-8",
    Buffer.concat([UTF8, mark([0xed, 0xa0, 0x80])]),
    /is not UTF-8 \(line 5, column 1\): /,
  ],
  [
    "UTF-16",
    Buffer.concat([mark([0xff, 0xfe]), UTF16]),
    /is UTF-16 and not UTF-8, as some programs of Windows/,
  ],
  [
    "UTF-16, the other way round",
    Buffer.concat([mark([0xfe, 0xff]), swapped(UTF16)]),
    /is UTF-16 and not UTF-8/,
  ],
  ["UTF-16 without a byte order mark", UTF16, /is UTF-16 and not UTF-8/],
  [
    "a character that was lost before",
    Buffer.from(JSON_TEXT.replace("\u00fc", "\ufffd")),
    /has a lost character, U\+FFFD \(line 2, column 23\): type it again/,
  ],
  [
    "half of a surrogate pair",
    Buffer.from(JSON_TEXT.replace("\u00fc", "\\ud83d")),
    /half of a surrogate pair/,
  ],
];

for (const [what, bytes, sentence] of WRONG) {
  test(`${what}: flash.sh and npm start refuse it in one sentence`, async (t) => {
    const file = join(scratch(t), "config.json");
    writeFileSync(file, bytes);
    await fails(t, [...BUNDLE, "--config", file, "nosuch"], 3, sentence);
    const args = ["bin/espruino-mqtt-ws.js", "start", "--config", file];
    const result = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(result.status, 2, result.stderr);
    assert.match(result.stderr, /^--config: /);
    assert.match(result.stderr, sentence);
    assert.doesNotMatch(result.stderr, /secret/);
  });
}
