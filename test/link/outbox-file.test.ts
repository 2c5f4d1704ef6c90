// The outbox in flash: what it holds after a restart, how rarely it is written, and what a damaged file costs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FILE, SAVE_AFTER_S, SAVE_EVERY_S } from "../../src/link/outbox-file";
import { boot } from "../../src/link/power-on";
import { publish, subscribe } from "../../src/mqtt/request";
import { DROP, KEEP } from "../../src/mqtt/state";
import { full } from "../../src/profile/full";
import { tiny } from "../../src/profile/tiny";
import { booted, climb, deliver, MQTT, noting, packets, type Subject } from "../support/climb.ts";
import { hex } from "../ws/server.ts";

const FILES = [FILE + 0, FILE + 1];

const CONFIG = { mqtt: { cleanSession: false, outbox: { save: true } }, link: { rebootAfterS: 0 } };

const saving = (): Subject => booted(noting([]), CONFIG);

/** The same chip after a restart: its files are what they were. */
function restarted({ board }: Subject, events: string[] = []): Subject {
  board.connected = false;
  const link = boot(board, noting(events), full);
  if (!link) throw new Error(board.text);
  return { board, link };
}

/** Climbs to UP. The server has kept its part of the session, or has not. */
function up({ board }: Subject, present: 0 | 1): string[] {
  climb(board, MQTT - 1);
  board.sent();
  deliver(board, hex(`20 02 0${present} 00`));
  return packets(board);
}

const said = ({ board }: Subject) => board.log.filter((line) => line.includes(" outbox "));

test("saved: after a restart unfinished exchanges go on where they were, in order", () => {
  const before = saving();
  up(before, 0);
  for (const [payload, qos] of [["1", 1], ["2", 2], ["3", 2], ["4", 1]] as const) // biome-ignore format: a list
    publish(before.link.client, "a", payload, qos, false);
  const [first] = packets(before.board);
  const id = Number.parseInt(first!.slice(10, 14), 16);
  const at = (n: number) => (id + n).toString(16).padStart(4, "0");
  deliver(before.board, hex(`5002${at(2)}`));
  before.board.line.closed("");
  publish(before.link.client, "b", "5", 0, true, undefined, KEEP);
  publish(before.link.client, "b", "6", 0, true, undefined, DROP);
  before.board.seconds(SAVE_AFTER_S + 1);
  const after = restarted(before);
  assert.match(said(after).at(-1)!, /5 messages from before the restart/);
  assert.deepEqual(up(after, 1), [
    `3a06000161${at(0)}31` +
      `3c06000161${at(1)}32` +
      `6202${at(2)}` +
      `3a06000161${at(3)}34` +
      "310400016235",
  ]);
});

test("saved: after a restart a duplicate of a received QoS 2 message is acknowledged, not delivered", () => {
  const before = saving();
  up(before, 0);
  deliver(before.board, hex("34 06 0001 61 0007 78"));
  publish(before.link.client, "a", "1", 1, false);
  before.board.seconds(SAVE_AFTER_S + 1);
  const events: string[] = [];
  up(restarted(before, events), 1);
  deliver(before.board, hex("3c 06 0001 61 0007 78"));
  assert.deepEqual(events, ["up"], "delivered before the restart");
  assert.deepEqual(packets(before.board).at(-1), "50020007");
});

test("saved: messages that are soon acknowledged are not written, others at most once in SAVE_EVERY_S", () => {
  const subject = saving();
  const { board, link } = subject;
  up(subject, 0);
  for (let n = 1; n < 100; n++) {
    publish(link.client, "a", `${n}`, 1, false);
    board.seconds(SAVE_AFTER_S - 1);
    deliver(board, hex(`4002 ${link.client.ids[0]!.toString(16).padStart(4, "0")} d000`));
    packets(board);
  }
  assert.deepEqual(board.saves, []);
  publish(link.client, "a", "x", 1, false);
  for (let n = 0; n < 3 * SAVE_EVERY_S; n++) {
    if (n % 100 === 0) publish(link.client, "a", "y", 1, false);
    board.seconds(1);
    deliver(board, hex("d000"));
  }
  assert.equal(board.saves.length, 3);
});

test("saved: unchanged contents are not written again, changed ones go to the other file", () => {
  const subject = saving();
  const { board, link } = subject;
  publish(link.client, "a", "1", 1, false);
  board.seconds(5 * SAVE_EVERY_S);
  assert.deepEqual(board.saves, [FILES[0]]);
  publish(link.client, "a", "2", 1, false);
  board.seconds(SAVE_EVERY_S);
  assert.deepEqual(board.saves, FILES);
});

test("saved: after all messages are acknowledged a restart sends none of them again", () => {
  const subject = saving();
  const { board, link } = subject;
  publish(link.client, "a", "1", 1, false);
  board.seconds(SAVE_AFTER_S + 1);
  climb(board, MQTT, 0);
  deliver(board, hex(`4002 ${link.client.ids[0]!.toString(16).padStart(4, "0")}`));
  for (let n = 0; n < SAVE_EVERY_S + SAVE_AFTER_S; n++) {
    board.seconds(1);
    deliver(board, hex("d000"));
  }
  assert.deepEqual(board.saves, FILES);
  const after = restarted(subject);
  assert.deepEqual(up(after, 1), []);
});

test("saved: a damaged file is logged and skipped, the older file is used", () => {
  for (const damage of [
    (bytes: string) => bytes.slice(0, -1),
    (bytes: string) => `${bytes}x`,
    (bytes: string) => bytes.replace("two", "too"),
    () => "x",
    () => "\xff".repeat(40),
  ]) {
    const before = saving();
    publish(before.link.client, "a", "one", 1, false);
    before.board.seconds(SAVE_AFTER_S + 1);
    publish(before.link.client, "a", "two", 1, false);
    before.board.seconds(SAVE_EVERY_S);
    before.board.files[FILES[1]!] = damage(before.board.files[FILES[1]!]!);
    const after = restarted(before);
    assert.ok(said(after).some((line) => line.includes(`${FILES[1]} is damaged`)));
    assert.match(said(after).at(-1)!, /1 messages/);
    assert.equal(after.link.client.pending[0]!.payload, "one");
  }
});

test("saved: a write that fails is logged once and tried again", () => {
  const { board, link } = saving();
  board.refusal = "Storage is full";
  publish(link.client, "a", "1", 1, false);
  board.seconds(3 * SAVE_EVERY_S);
  assert.ok(board.saves.length > 1);
  assert.equal(board.log.filter((line) => /outbox not saved: Storage is full/.test(line)).length, 1);
  board.refusal = "";
  board.seconds(SAVE_EVERY_S);
  assert.ok(board.files[FILES[0]!]);
});

test("saved: without mqtt.outbox.save, or with an empty outbox, nothing is written", () => {
  const { board, link } = booted(noting([]), { link: CONFIG.link });
  publish(link.client, "a", "1", 1, false);
  board.seconds(10 * SAVE_EVERY_S);
  assert.deepEqual(board.saves, []);
  const idle = saving();
  idle.board.seconds(10 * SAVE_EVERY_S);
  assert.deepEqual(idle.board.saves, []);
});

test("saved: the tiny build refuses mqtt.outbox.save and names the full build", () => {
  assert.throws(
    () => booted(noting([]), CONFIG, tiny),
    /mqtt\.outbox\.save: expected nothing: only the build full/,
  );
});

test("session: a kept session without a saved outbox begins at a random identifier", () => {
  const first = booted(noting([]), { mqtt: { cleanSession: false } });
  assert.equal(first.link.client.lastId, 32767);
  assert.equal(booted(noting([])).link.client.lastId, 0);
});

test("saved: before the board restarts by itself, the outbox is written", () => {
  const { board, link } = booted(noting([]), { ...CONFIG, link: { rebootAfterS: 20 } });
  publish(link.client, "a", "1", 1, false);
  board.seconds(21);
  assert.equal(board.restarts, 1);
  assert.ok(board.files[FILES[0]!]);
});

test("saved: a waiting SUBSCRIBE is not saved, the message behind it is", () => {
  const before = saving();
  up(before, 0);
  subscribe(before.link.client, [{ filter: "f", qos: 0 }]);
  publish(before.link.client, "a", "waits", 1, false);
  before.board.seconds(SAVE_AFTER_S + 1);
  const id = before.link.client.ids[1]!.toString(16).padStart(4, "0");
  assert.equal(up(restarted(before), 1).join(), `3a0a000161${id}7761697473`);
});
