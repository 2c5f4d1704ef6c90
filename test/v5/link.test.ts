// A link with MQTT 5: DISCONNECT has a Reason Code, another version or server is tried, and the wait depends on the code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { authorityOf } from "../../board/esp32/authority.ts";
import { fall } from "../../src/link/ladder";
import { chars } from "../../src/mqtt/bytes";
import { publish, unsubscribe } from "../../src/mqtt/request";
import { v5 } from "../../src/profile/v5";
import { booted, climb, deliver, noting, packets, secondsUntil, WS } from "../support/climb.ts";
import type { FakeBoard } from "../support/fake-board.ts";
import { ScriptedServer } from "../support/scripted.ts";
import { hex, wire } from "../support/wire.ts";
import { reply } from "../ws/server.ts";
import { connack } from "./peer5.ts";

const start = (mqtt: object = {}) => booted(noting([]), { mqtt, link: { rebootAfterS: 0 } }, v5);

/** Climbs to CONNACK of MQTT 5. */
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

/** Waits for the next attempt and climbs to its CONNECT. */
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
  ["over our Topic Alias Maximum", wire`30 07 0001 't' 03 23 0009`, "94"],
] as const) {
  test(`the server's packet is ${name}: the link sends DISCONNECT with 0x${code}, then CLOSE`, () => {
    const { board } = up();
    deliver(board, bytes);
    assert.deepEqual(packets(board), [`e001${code}`, "close 03e9"]);
  });
}

test("a fall with a reason that a client must not send: DISCONNECT has 0x80", () => {
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
  test(`after ${name} the link sends CLOSE and no packet`, () => {
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
  [0x9a, REFUSED, /no retain of mqtt.will or a message/],
  [0x9b, REFUSED, /no such QoS of mqtt.will or a message/],
  [0x9c, REFUSED, /another server/],
  [0x9d, REFUSED, /moved/],
  [0x9e, REFUSED, /share/],
  [0x9f, BUSY, /too many connections/],
  [0xa0, NETWORK, /too long/],
  [0xa1, REFUSED, /identifiers/],
  [0xa2, REFUSED, /wildcards/],
];

for (const [code, [least, most], words] of REASONS) {
  test(`the server sends 0x${code.toString(16)}: the log has its meaning, and the wait is that of its class`, () => {
    const { board } = up();
    deliver(board, wire`e0 01` + String.fromCharCode(code));
    assert.match(board.log.at(-1)!, words);
    const seconds = again(board);
    assert.ok(seconds >= least! && seconds <= most!, `${seconds} s`);
  });
}

test("two different permanent refusals: each is logged in full", () => {
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

test("config.json: user properties of CONNECT and will are sent in order and not logged", () => {
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

test("config.json: wrong user properties are refused with their path", () => {
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
  ["CONNACK of 3.1.1 that accepts", (board) => deliver(board, "\x20\x02\0\0")],
  ...[2, 3, 4, 5, 6, 127].map((code): [string, (board: FakeBoard) => void] => [
    `CONNACK ${code}`,
    (board) => deliver(board, `\x20\x02\0${String.fromCharCode(code)}`),
  ]),
  ["a close", (board) => board.line.closed("")],
  ["no answer", (board) => board.seconds(10)],
];
for (const [name, refuse] of REFUSALS) {
  test(`auto: after ${name} the link soon tries 3.1.1, and keeps to it until the next boot`, () => {
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

test("auto: a 3.1.1 server with another password: the second attempt says what is wrong", () => {
  const { board } = start({ version: "auto" });
  climb(board, WS);
  board.sent();
  deliver(board, "\x20\x02\0\x05");
  assert.deepEqual(packets(board), ["close 03e9"], "no DISCONNECT of MQTT 5");
  assert.match(board.log.at(-1)!, /DOWN: 0x84 .*does not speak MQTT 5, again in [12] s/);
  again(board);
  deliver(board, "\x20\x02\0\x05");
  assert.match(board.log.at(-1)!, /DOWN: 0x87 not authorized: check the user name and password in mqtt\.url/);
});

test("version 5: a 3.1.1 server with another password: the first attempt says so", () => {
  const { board } = start({ version: 5 });
  climb(board, WS);
  deliver(board, "\x20\x02\0\x05");
  assert.match(board.log.at(-1)!, /DOWN: 0x87 not authorized: check the user name and password in mqtt\.url/);
});

test("auto: MQTT 5 was accepted once; a refusal in the form of 3.1.1 changes no version", () => {
  const { board } = start({ version: "auto" });
  climb(board, WS);
  deliver(board, connack());
  board.line.closed("");
  again(board);
  deliver(board, "\x20\x02\0\x03");
  board.sent();
  again(board);
  assert.equal(version(board), "05");
});

test("auto: once MQTT 5 was accepted the link keeps to it", () => {
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

test("auto: after a close in both versions the link tries MQTT 5 again", () => {
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

test("version 5: a server that does not speak it gets the next attempt much later, in MQTT 5", () => {
  const { board } = start({ version: 5 });
  climb(board, WS);
  deliver(board, connack({}, 0, 0x84));
  board.sent();
  assert.ok(again(board) > 300);
  assert.equal(version(board), "05");
});

test("a Server Reference that config.json allows is followed once, then the configured server is used", () => {
  const { board } = start({ followServer: true });
  climb(board, WS);
  const to = () => `${board.opens.at(-1)!.target.host}:${board.opens.at(-1)!.target.port}`;
  assert.equal(to(), "broker:8080");
  deliver(board, connack({ 28: "other:81 third" }, 0, 0x9c));
  assert.ok(again(board) <= 2);
  assert.equal(to(), "other:81");
  assert.equal(authorityOf(board.opens.at(-1)!.target), "other:81");
  deliver(board, connack({ 28: "[fe80::1]" }, 0, 0x9d));
  again(board);
  assert.equal(to(), "broker:8080");
  deliver(board, connack({ 28: "[fe80::1]" }, 0, 0x9d));
  again(board);
  assert.equal(to(), "fe80::1:8080");
});

test("a Server Reference is followed with the same pre-shared key, never without one", () => {
  const psk = { identity: "garden-7", key: "00".repeat(32) };
  const { board } = start({ followServer: true, url: "wss://broker/mqtt", tls: { psk } });
  climb(board, WS);
  deliver(board, connack({ 28: "other:81" }, 0, 0x9c));
  again(board);
  const [first, second] = [board.opens[0]!.target, board.opens.at(-1)!.target];
  assert.deepEqual([second.host, second.tls], ["other", 1]);
  assert.equal(second.psk, first.psk);
  assert.equal(second.psk!.identity, "garden-7");
});

test("a Server Reference in DISCONNECT is followed", () => {
  const { board } = up({ followServer: true });
  deliver(board, wire`e0 0c 9d 0a 1c 0007 'other:9'`);
  assert.ok(again(board) <= 2);
  assert.equal(authorityOf(board.opens.at(-1)!.target), "other:9");
});

test("a malformed Server Reference, or one that is not allowed, changes nothing", () => {
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

test("config.json: keys of MQTT 5 are taken, and a build without it refuses them by name", () => {
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

test("the server ends with DISCONNECT 0x87 on one PUBLISH: it is given up with that reason, without waits of 5 minutes", () => {
  const subject = booted(noting([]), { link: { rebootAfterS: 0 } }, v5);
  const { board, link } = subject;
  const told: string[] = [];
  const server = new ScriptedServer(
    board,
    (packet) => (packet.cmd === "publish" && packet.topic === "forbidden" ? wire`e0 01 87` : undefined),
    5,
  );
  for (const topic of ["a", "forbidden", "b"])
    publish(link.client, topic, "", 1, false, (reason) => told.push(`${topic} 0x${reason.toString(16)}`));
  const seconds = server.until(() => told.length === 3);
  assert.ok(seconds < 150, `${seconds} s`);
  assert.deepEqual(told, ["a 0x0", "forbidden 0x87", "b 0x0"]);
  const { connections } = server;
  server.run(3600);
  assert.equal(server.connections, connections);
});

test("UNSUBACK without codes: the UNSUBSCRIBE is given up, the rest lives", () => {
  const { board, link } = booted(noting([]), { link: { rebootAfterS: 0 } }, v5);
  const told: string[] = [];
  const server = new ScriptedServer(
    board,
    (packet) => (packet.cmd === "unsubscribe" ? `${wire`b0 03 00` + chars(packet.messageId!)}\0` : undefined),
    5,
  );
  link.client.lastId = 0;
  unsubscribe(link.client, ["a"], (reason) => told.push(`unsubscribed 0x${reason.toString(16)}`));
  publish(link.client, "b", "", 1, false, (reason) => told.push(`published 0x${reason.toString(16)}`));
  server.until(() => told.length === 2);
  assert.deepEqual(told.sort(), ["published 0x0", "unsubscribed 0x81"]);
  server.run(3600);
  assert.equal(server.connections, 3);
});

test("PUBACK for a PUBLISH at QoS 2, and PUBREC for QoS 1 with a failure: both are complete", () => {
  const { board, link } = up();
  const told: string[] = [];
  for (const qos of [2, 1])
    publish(link.client, "t", "", qos, false, (reason) => told.push(`${qos} 0x${reason.toString(16)}`));
  deliver(board, wire`40 03 0001 10  50 03 0002 97`);
  assert.deepEqual(told, ["2 0x0", "1 0x97"]);
  assert.equal(link.client.pending.length, 0);
});
