// A link that speaks MQTT 5: DISCONNECT says why, another version and another server are tried, waits by class.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fall } from "../../src/link/ladder";
import { v5 } from "../../src/profile/v5";
import { booted, climb, deliver, noting, packets, secondsUntil, WS } from "../support/climb.ts";
import type { FakeBoard } from "../support/fake-board.ts";
import { hex, wire } from "../support/wire.ts";
import { reply } from "../ws/server.ts";
import { connack } from "./peer5.ts";

const start = (mqtt: object = {}) => booted(noting([]), { mqtt, link: { rebootAfterS: 0 } }, v5);

/** Up to CONNACK of MQTT 5. */
function up(mqtt: object = {}) {
  const subject = start(mqtt);
  climb(subject.board, WS);
  deliver(subject.board, connack());
  subject.board.sent();
  return subject;
}

/** The version in the CONNECT that was sent. */
const version = (board: FakeBoard) =>
  packets(board)
    .find((packet) => packet.startsWith("10"))
    ?.slice(16, 18);

/** Waits for the next attempt and takes it up to CONNECT. */
function again(board: FakeBoard): number {
  const opened = board.opens.length;
  const seconds = secondsUntil(board, () => board.opens.length > opened);
  board.line.data("");
  board.line.data(reply());
  return seconds;
}

for (const [name, bytes, code] of [
  ["malformed", wire`30 02 00 00`, "81"],
  ["not allowed", wire`c0 00`, "82"],
  ["too large", wire`30 ffff7f`, "95"],
  ["a topic alias over ours", wire`30 07 0001 't' 03 23 0009`, "94"],
] as const) {
  test(`${name}: DISCONNECT with 0x${code}, then CLOSE`, () => {
    const { board } = up();
    deliver(board, bytes);
    assert.deepEqual(packets(board), [`e001${code}`, "close 03e9"]);
  });
}

test("disconnect with a reason that is not a client's: 0x80 is sent", () => {
  for (const reason of [0x87, 0x102, 503]) {
    const { board, link } = up();
    fall(link, "the application says so", reason);
    assert.deepEqual(packets(board), ["e00180", "close 03e9"]);
  }
});

for (const [name, bytes] of [
  ["a refused CONNACK", connack({}, 0, 0x87)],
  ["DISCONNECT", wire`e0 01 8e`],
] as const) {
  test(`after ${name} nothing more is said`, () => {
    const { board } = start();
    const subject = name === "DISCONNECT" ? up() : undefined;
    const to = subject?.board ?? board;
    if (!subject) climb(board, WS);
    to.sent();
    deliver(to, bytes);
    assert.deepEqual(packets(to), ["close 03e9"]);
  });
}

const NETWORK = [0, 2];
const BUSY = [15, 31];
const REFUSED = [300, 365];

/** Every Reason Code that a server may end a connection with (2.4), the wait after it, and words for the log. */
const REASONS: [code: number, wait: number[], words: RegExp][] = [
  [0x80, NETWORK, /0x80/],
  [0x81, NETWORK, /malformed/],
  [0x82, NETWORK, /protocol/],
  [0x83, NETWORK, /reason of its own/],
  [0x84, REFUSED, /does not speak MQTT 5/],
  [0x85, REFUSED, /refused mqtt.clientId/],
  [0x86, REFUSED, /user name or password/],
  [0x87, REFUSED, /not authorized/],
  [0x88, BUSY, /not available/],
  [0x89, BUSY, /busy/],
  [0x8a, REFUSED, /banned/],
  [0x8b, BUSY, /shutting down/],
  [0x8c, REFUSED, /authentication method/],
  [0x8d, NETWORK, /PINGRESP/],
  [0x8e, BUSY, /another client has this mqtt.clientId/],
  [0x90, REFUSED, /topic of mqtt.will/],
  [0x93, NETWORK, /too many QoS 2/],
  [0x95, NETWORK, /maxPacket/],
  [0x96, BUSY, /too many messages/],
  [0x97, BUSY, /quota/],
  [0x98, BUSY, /administrative/],
  [0x99, REFUSED, /mqtt.will/],
  [0x9a, REFUSED, /retain/],
  [0x9b, REFUSED, /QoS of mqtt.will/],
  [0x9c, REFUSED, /another server/],
  [0x9d, REFUSED, /moved/],
  [0x9e, REFUSED, /share/],
  [0x9f, BUSY, /too many connections/],
  [0xa0, NETWORK, /too long/],
  [0xa1, REFUSED, /identifiers/],
  [0xa2, REFUSED, /wildcards/],
];

for (const [code, [least, most], words] of REASONS) {
  test(`0x${code.toString(16)} of the server: what the log says, and how long it waits`, () => {
    const { board } = up();
    deliver(board, wire`e0 01` + String.fromCharCode(code));
    assert.match(board.log.at(-1)!, words);
    const seconds = again(board);
    assert.ok(seconds >= least! && seconds <= most!, `${seconds} s`);
  });
}

test("refused for good, twice in different ways: both are said in full", () => {
  const { board } = start();
  climb(board, WS);
  for (const code of [0x8a, 0x9d, 0x9d]) {
    deliver(board, connack({}, 0, code));
    board.sent();
    if (code === 0x8a) assert.match(board.log.at(-1)!, /banned/);
    again(board);
  }
  const falls = board.log.filter((line) => / DOWN/.test(line));
  assert.match(falls[1]!, /moved/);
  assert.match(falls[2]!, /refused as before/);
});

test("config.json: user properties of CONNECT and of the will, in their order, and not in the log", () => {
  const pairs = [
    ["b", "1"],
    ["a", "secret"],
    ["b", "2"],
  ];
  const will = { topic: "w", properties: { userProperties: [["x", ""]] } };
  const { board } = booted(noting([]), { mqtt: { properties: { userProperties: pairs }, will }, log: 4 }, v5);
  climb(board, WS);
  const sent = packets(board).join("");
  assert.ok(sent.includes(hex(wire`26 0001 'b' 0001 '1' 26 0001 'a' 0006 'secret' 26 0001 'b' 0001 '2'`)));
  assert.ok(sent.includes(hex(wire`06 26 0001 'x' 0000 0001 'w'`)));
  const wired = board.log.filter((line) => / wire > /.test(line)).map((line) => line.split("> ")[1]);
  assert.ok(!wired.join("").replaceAll(" ", "").includes(hex("secret")));
});

test("config.json: what are no user properties is named", () => {
  for (const bad of [
    "a",
    [["a"]],
    [["a", "b", "c"]],
    ["ab"],
    { a: "b" },
    [["a", "\xff"]],
    Array(17).fill(["a", "b"]),
  ])
    assert.throws(
      () => start({ properties: { userProperties: bad } }),
      /mqtt\.properties\.userProperties: expected a list of at most 16 pairs/,
    );
});

const REFUSALS: [name: string, refuse: (board: FakeBoard) => void][] = [
  ["0x84", (board) => deliver(board, connack({}, 0, 0x84))],
  ["CONNACK 1", (board) => deliver(board, "\x20\x02\0\x01")],
  ["a close", (board) => board.line.closed("")],
];
for (const [name, refuse] of REFUSALS) {
  test(`auto: goes on with 3.1.1 after ${name}, soon, and for the rest of this boot`, () => {
    const { board } = start({ version: "auto" });
    climb(board, WS);
    assert.equal(version(board), "05");
    refuse(board);
    assert.ok(again(board) <= 2);
    assert.equal(version(board), "04");
    deliver(board, "\x20\x02\0\0");
    board.line.closed("");
    again(board);
    assert.equal(version(board), "04");
  });
}

test("auto: stays with 5 once it was accepted, whatever closes then", () => {
  const { board } = start({ version: "auto" });
  climb(board, WS);
  deliver(board, connack());
  board.line.closed("");
  again(board);
  board.line.closed("");
  board.sent();
  again(board);
  assert.equal(version(board), "05");
});

test("auto: a server that closes on both is asked for 5 again", () => {
  const { board } = start({ version: "auto" });
  climb(board, WS);
  const versions = [version(board)];
  for (let i = 0; i < 3; i++) {
    board.line.closed("");
    again(board);
    versions.push(version(board));
  }
  assert.deepEqual(versions, ["05", "04", "05", "04"]);
});

test("5 stays 5: a server that does not speak it is asked again much later", () => {
  const { board } = start({ version: 5 });
  climb(board, WS);
  deliver(board, connack({}, 0, 0x84));
  board.sent();
  assert.ok(again(board) > 300);
  assert.equal(version(board), "05");
});

test("a Server Reference is followed once where it is allowed, then the configured server is asked again", () => {
  const { board } = start({ followServer: true });
  climb(board, WS);
  const to = () => `${board.opens.at(-1)!.target.host}:${board.opens.at(-1)!.target.port}`;
  assert.equal(to(), "broker:8080");
  deliver(board, connack({ 28: "other:81 third" }, 0, 0x9c));
  assert.ok(again(board) <= 2);
  assert.equal(to(), "other:81");
  assert.equal(board.opens.at(-1)!.target.authority, "other:81");
  deliver(board, connack({ 28: "[fe80::1]" }, 0, 0x9d));
  again(board);
  assert.equal(to(), "broker:8080");
  deliver(board, connack({ 28: "[fe80::1]" }, 0, 0x9d));
  again(board);
  assert.equal(to(), "fe80::1:8080");
});

test("a Server Reference in DISCONNECT is followed, too", () => {
  const { board } = up({ followServer: true });
  deliver(board, wire`e0 0c 9d 0a 1c 0007 'other:9'`);
  assert.ok(again(board) <= 2);
  assert.equal(board.opens.at(-1)!.target.authority, "other:9");
});

test("a Server Reference that is none, or is not allowed, changes nothing", () => {
  for (const [allowed, reference] of [
    [true, "b:99999"],
    [false, "other:81"],
  ] as const) {
    const { board } = start({ followServer: allowed });
    climb(board, WS);
    deliver(board, connack({ 28: reference }, 0, 0x9c));
    again(board);
    assert.equal(board.opens.at(-1)!.target.host, "broker");
  }
});

test("config.json: what 5 adds, and what a build without it says", () => {
  const { board } = start({ version: 4, properties: { sessionExpiry: 60 }, will: { topic: "w" } });
  climb(board, WS);
  assert.equal(version(board), "04");
  assert.throws(() => start({ version: 3 }), /mqtt\.version: expected 4, 5 or "auto"/);
  assert.throws(() => start({ properties: { receiveMaximum: 0 } }), /properties\.receiveMaximum: expected/);
  assert.throws(() => start({ will: { topic: "w", properties: { responseTopic: "#" } } }), /responseTopic/);
  assert.throws(
    () => booted(noting([]), { mqtt: { version: 5 } }),
    /mqtt\.version: .*only the build v5 has it/,
  );
  booted(noting([]), { mqtt: { version: 4 } });
});
