// Waiting messages with properties: they expire, are sent with the time that is left, and survive a restart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FILE, SAVE_AFTER_S, SAVE_EVERY_S } from "../../src/link/outbox-file";
import { boot } from "../../src/link/power-on";
import { OPENING } from "../../src/link/rungs";
import { publish } from "../../src/mqtt/request";
import { EXPIRED, QUEUED } from "../../src/mqtt/spec";
import { KEEP, LATEST } from "../../src/mqtt/state";
import { publishWith } from "../../src/mqtt/v5/publish-with";
import { CONTENT_TYPE, MESSAGE_EXPIRY_INTERVAL } from "../../src/mqtt/v5/spec";
import { full } from "../../src/profile/full";
import { v5 } from "../../src/profile/v5";
import { booted, climb, deliver, noting, packets, type Subject, secondsUntil, WS } from "../support/climb.ts";
import { hex } from "../ws/server.ts";
import { connack } from "./peer5.ts";

const MQTT = { cleanSession: false, keepAlive: 0, outbox: { save: true } };

const start = (profile = v5): Subject =>
  booted(noting([]), { mqtt: MQTT, link: { rebootAfterS: 0 } }, profile);

/** Published while there is no connection. */
function put({ link }: Subject, name: string, expiry: number, qos = 1, policy = KEEP): number[] {
  const reasons: number[] = [];
  const list = { [MESSAGE_EXPIRY_INTERVAL]: expiry, [CONTENT_TYPE]: "t" };
  const done = (reason: number) => void reasons.push(reason);
  assert.equal(publishWith(link.client, "topic", name, list, qos, false, done, policy), QUEUED);
  return reasons;
}

/** Climbs to CONNACK. Returns the packets that follow. */
function up({ board, link }: Subject, present = 0): string {
  link.client.lastId = 0;
  climb(board, WS);
  packets(board);
  deliver(board, connack({}, present));
  return packets(board).join("");
}

/** A PUBLISH at QoS 1 with what is left of its time. */
const sent = (name: string, id: string, left: string, dup = "2") =>
  `3${dup}${(19 + name.length).toString(16)}0005746f706963${id}0902${left}03000174${Buffer.from(name).toString("hex")}`;

test("expiry: an expired message is not sent and its callback gets an error, another is sent with the time left", () => {
  const subject = start();
  const [short, long] = [put(subject, "short", 5), put(subject, "long", 60)];
  subject.board.seconds(4);
  assert.deepEqual(short, []);
  subject.board.seconds(1);
  assert.deepEqual(short, [EXPIRED]);
  assert.equal(subject.link.client.pending.length, 1);
  const id = subject.link.client.ids[0]!.toString(16).padStart(4, "0");
  assert.equal(up(subject), sent("long", id, "00000037"));
  assert.deepEqual(long, []);
});

test("expiry: nothing is counted when no message waits that expires, and a later one expires again", () => {
  const subject = start();
  put(subject, "first", 1);
  subject.board.seconds(2);
  assert.equal(subject.link.client.expiring, undefined);
  const reasons = put(subject, "second", 2);
  subject.board.seconds(2);
  assert.deepEqual(reasons, [EXPIRED]);
});

test("expiry: a message with interval 0 that cannot be sent at once expires", () => {
  const subject = start();
  const reasons = put(subject, "now", 0);
  subject.board.seconds(1);
  assert.deepEqual(reasons, [EXPIRED]);
});

test("expiry: messages at QoS 0 expire too, and their callbacks are called in order", () => {
  const subject = start();
  const told: string[] = [];
  for (const name of ["a", "b"])
    publishWith(
      subject.link.client,
      "topic",
      name,
      { [MESSAGE_EXPIRY_INTERVAL]: 2 },
      0,
      false,
      (reason) => void told.push(`${name} ${reason}`),
      KEEP,
    );
  subject.board.seconds(2);
  assert.deepEqual(told, [`a ${EXPIRED}`, `b ${EXPIRED}`]);
});

test("expiry: a newer message that replaces an older one has its own interval", () => {
  const subject = start();
  put(subject, "old", 10, 1, LATEST);
  subject.board.seconds(6);
  const reasons = put(subject, "new", 10, 1, LATEST);
  subject.board.seconds(6);
  assert.deepEqual(reasons, []);
  const id = subject.link.client.ids[0]!.toString(16).padStart(4, "0");
  assert.equal(up(subject), sent("new", id, "00000004"));
});

test("expiry: a message that was sent does not expire, it is sent again, in the end with 0 s left", () => {
  const subject = start();
  up(subject);
  const reasons: number[] = [];
  const { board, link } = subject;
  publishWith(
    link.client,
    "topic",
    "x",
    { [MESSAGE_EXPIRY_INTERVAL]: 3, [CONTENT_TYPE]: "t" },
    1,
    false,
    (reason) => void reasons.push(reason),
  );
  assert.deepEqual(packets(board), [sent("x", "0001", "00000003")]);
  board.seconds(30);
  board.line.closed("");
  assert.deepEqual(reasons, []);
  secondsUntil(board, () => link.state === OPENING);
  climb(board, WS, 1);
  packets(board);
  deliver(board, connack({}, 1));
  assert.deepEqual(packets(board), [sent("x", "0001", "00000000", "a")]);
  deliver(board, hex("4002 0001"));
  assert.deepEqual(reasons, [0]);
});

test("saved: messages with and without properties are unchanged after a restart", () => {
  const before = start();
  put(before, "with", 1000, 2);
  publish(before.link.client, "b", "without", 1, false);
  before.board.seconds(SAVE_AFTER_S + 1);
  const after: Subject = { board: before.board, link: boot(before.board, noting([]), v5)! };
  assert.match(after.board.log.at(-2)!, /2 messages from before the restart/);
  const [one, two] = after.link.client.pending;
  assert.equal(one!.more, before.link.client.pending[0]!.more);
  assert.deepEqual([one!.topic, one!.payload, one!.flags], ["topic", "with", 4]);
  assert.deepEqual([two!.topic, two!.payload, two!.more], ["b", "without", undefined]);
  assert.match(up(after), /0902000003e803000174/);
});

test("saved: when only time passes, the file is not written again", () => {
  const { board, link } = start();
  put({ board, link }, "x", 100_000);
  board.seconds(5 * SAVE_EVERY_S);
  assert.deepEqual(board.saves, [`${FILE}0`]);
});

test("saved: a build without MQTT 5 logs and skips a file with properties, a build with it reads both", () => {
  const five = start();
  put(five, "with", 1000);
  five.board.seconds(SAVE_AFTER_S + 1);
  boot(five.board, noting([]), full);
  // One program has both profiles here, so the bytes of the file tell the builds apart.
  const file = five.board.files[`${FILE}0`]!;
  const crc = (bytes: string) => Buffer.from(bytes.slice(0, 4), "latin1").readUInt32BE();
  assert.equal((crc(file) ^ five.board.crc32(file.slice(4))) >>> 0, 1);
  const older = start(full);
  publish(older.link.client, "a", "x", 1, false);
  older.board.seconds(SAVE_AFTER_S + 1);
  const plain = older.board.files[`${FILE}0`]!;
  assert.equal(crc(plain), older.board.crc32(plain.slice(4)));
  const read = boot(older.board, noting([]), v5)!;
  assert.equal(read.client.pending[0]!.payload, "x");
});

test("saved: a damaged file with properties is logged and skipped", () => {
  const before = start();
  put(before, "with", 1000);
  before.board.seconds(SAVE_AFTER_S + 1);
  const file = before.board.files[`${FILE}0`]!;
  before.board.files[`${FILE}0`] = file.replace("with", "wish");
  const link = boot(before.board, noting([]), v5)!;
  assert.equal(link.client.pending.length, 0);
  assert.ok(before.board.log.some((line) => /outbox\.0 is damaged, skipped/.test(line)));
});

test("saved: a message that the server owns is saved without its payload", () => {
  const before = start();
  up(before);
  publishWith(before.link.client, "topic", "x", { [CONTENT_TYPE]: "t" }, 2, false);
  deliver(before.board, hex("5002 0001"));
  before.board.seconds(SAVE_AFTER_S + 1);
  const link = boot(before.board, noting([]), v5)!;
  const [entry] = link.client.pending;
  assert.deepEqual([entry!.kind, entry!.payload], [7, ""]);
});
