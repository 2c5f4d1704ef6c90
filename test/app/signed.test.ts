// The application `signed`: obeys signed commands only and signs its answers; its keys in config.json; no byte of the key
// on the console.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Signer as Reference } from "../../docs/signing.mjs";
import { hello } from "../../src/app/hello";
import { signed } from "../../src/app/signed";
import { boot } from "../../src/link/power-on";
import { full } from "../../src/profile/full";
import { booted, climb, deliver, MQTT, packets } from "../support/climb.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { hmac } from "../support/hmac.ts";
import { publishPacket, u16 } from "./packets.ts";

const KEY = "s3cret+KEYs3cret+KEYs3cret+KEYs3cret+KEYABA=";
const app = signed(hmac);

/** Up, and what it has sent so far is forgotten. */
function up(sign: object = { key: KEY }, log = 4) {
  const subject = booted(app, { sign, app: { topic: "lab" }, log });
  climb(subject.board, MQTT);
  assert.match(packets(subject.board).at(-1)!, /^82.*6c61622f636f6d6d616e64/, "subscribes to lab/command");
  deliver(subject.board, `\x90\x03${u16(1)}\x01`);
  return subject;
}

/** Topic and envelope of the PUBLISH at QoS 1 that was sent last. */
function published(board: FakeBoard): { topic: string; envelope: Buffer } {
  const packet = Buffer.from(
    packets(board)
      .filter((bytes) => bytes.startsWith("32"))
      .at(-1)!,
    "hex",
  );
  const at = packet[1]! < 128 ? 2 : 3;
  const end = at + 2 + packet.readUInt16BE(at);
  return { topic: packet.toString("latin1", at + 2, end), envelope: packet.subarray(end + 2) };
}

test("signed: its hello is signed, a signed command is obeyed, the answer is signed", () => {
  const { board, link } = up({ key: KEY, id: "esp" });
  const node = new Reference(KEY, "node");
  const hi = published(board);
  assert.equal(hi.topic, "lab/answer");
  const opened = node.open(hi.topic, hi.envelope);
  assert.deepEqual([opened.sender, opened.payload?.toString()], ["esp", "hello"]);
  deliver(board, publishPacket("lab/command", node.seal("lab/command", "light on").toString("latin1")));
  assert.ok(board.log.includes("2 signed RECEIVED light on <- lab/command"));
  const answer = published(board);
  assert.equal(node.open(answer.topic, answer.envelope).payload?.toString(), "light on");
  assert.equal((link.app as { sign?: unknown }).sign, undefined, "the key is kept in one place only");
});

test("signed: an unsigned or repeated message is dropped and logged", () => {
  const { board } = up();
  const node = new Reference(KEY, "node");
  const envelope = node.seal("lab/command", "open the door").toString("latin1");
  deliver(board, publishPacket("lab/command", "open the door"));
  deliver(board, publishPacket("lab/command", envelope));
  deliver(board, publishPacket("lab/command", envelope));
  const said = board.log.filter((line) => / signed RECEIVED | sign /.test(line));
  assert.deepEqual(said, [
    "1 sign dropped, not signed: lab/command",
    "2 signed RECEIVED open the door <- lab/command",
    "1 sign dropped, old message of node: lab/command",
  ]);
});

test("signed: after a lost connection its count goes on", () => {
  const { board, link } = up();
  const node = new Reference(KEY, "node");
  const first = published(board);
  assert.ok(node.open(first.topic, first.envelope).payload);
  board.line.closed("gone");
  board.seconds(2);
  climb(board, MQTT, 1);
  deliver(board, `\x90\x03${u16(link.client.lastId)}\x01`);
  const second = published(board);
  assert.ok(node.open(second.topic, second.envelope).payload);
  assert.equal(board.saves.length, 1);
});

test("signed: no byte of the key on the console at any level", () => {
  for (const log of [0, 1, 2, 3, 4]) {
    const { board } = up({ key: KEY }, log);
    deliver(board, publishPacket("lab/command", KEY.slice(0, 4)));
    const node = new Reference(KEY, "node");
    deliver(board, publishPacket("lab/command", node.seal("lab/command", "on").toString("latin1")));
    for (const text of [
      "s3cret",
      Buffer.from(KEY, "base64")
        .toString("hex")
        .slice(0, 8)
        .replace(/..(?=.)/g, "$& "),
    ])
      assert.ok(!board.text.includes(text), text);
  }
});

const REFUSED: [name: string, sign: unknown, line: RegExp][] = [
  ["no sign", undefined, /^1 config sign\.key: expected a key of 16\.\.64 bytes/],
  ["a number", { key: 5 }, /^1 config sign\.key: expected a key of 16\.\.64 bytes/],
  [
    "a password",
    { key: "correct horse battery staple" },
    /^1 config sign\.key: expected a key of 16\.\.64 bytes/,
  ],
  ["a short key", { key: "00112233445566778899aabbccddee" }, /^1 config sign\.key: expected a key of 16/],
  ["no object", "key", /^1 config sign: expected an object/],
  ["a long id", { key: KEY, id: "i".repeat(33) }, /^1 config sign\.id: expected text of 1\.\.32 bytes/],
  ["an empty id", { key: KEY, id: "" }, /^1 config sign\.id: expected text of 1\.\.32 bytes/],
];

for (const [name, sign, line] of REFUSED) {
  test(`signed: config.json with ${name} is refused, and not quoted`, () => {
    const board = new FakeBoard();
    board.files["config.json"] = JSON.stringify({ wifi: { ssid: "n" }, mqtt: { url: "ws://h" }, sign });
    assert.equal(boot(board, app, full), undefined);
    assert.match(board.log[0]!, line);
    assert.doesNotMatch(board.text, /horse|0011|iii/);
  });
}

test("signed: on an engine without SHA-256 the log says so, and no Wi-Fi is joined", () => {
  const board = new FakeBoard();
  board.files["config.json"] = JSON.stringify({
    wifi: { ssid: "n" },
    mqtt: { url: "ws://h" },
    sign: { key: KEY },
  });
  assert.equal(
    boot(
      board,
      signed(() => undefined),
      full,
    ),
    undefined,
  );
  assert.match(board.log[0]!, /^1 config sign\.key: expected an Espruino with SHA-256/);
});

test("hello: the key `sign` of another application is named and ignored, so one config.json serves both", () => {
  const board = new FakeBoard();
  board.files["config.json"] = JSON.stringify({
    wifi: { ssid: "n" },
    mqtt: { url: "ws://h" },
    sign: { key: KEY },
  });
  assert.notEqual(boot(board, hello, full), undefined);
  assert.equal(board.log[0], "2 config warning: unknown key sign, ignored");
});
