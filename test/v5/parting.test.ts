// DISCONNECT of ours with a reason and properties, as an application says it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stopWith } from "../../src/link/stop-with";
import { v5 } from "../../src/profile/v5";
import { booted, climb, deliver, MQTT, noting, packets, WS } from "../support/climb.ts";
import { connack } from "./peer5.ts";

function up(mqtt: object = {}) {
  const subject = booted(noting([]), { mqtt }, v5);
  climb(subject.board, WS);
  deliver(subject.board, connack());
  packets(subject.board);
  return subject;
}

for (const [name, code, list, bytes] of [
  ["with will", 0x04, {}, "e0020400"],
  ["with properties", 0x97, { 31: "full", 38: ["a", "b"] }, "e010970e1f000466756c6c26000161000162"],
  ["the usual one, the session ends later", 0, { 17: 60 }, "e0070005110000003c"],
] as const) {
  test(`the end with a reason: ${name}`, () => {
    const { board, link } = up({ cleanSession: false });
    stopWith(link, code, list as object);
    assert.deepEqual(packets(board), [bytes, "close 03e8"]);
  });
}

test("disconnect with a reason on 3.1.1: no reason is sent", () => {
  const { board, link } = booted(noting([]), { mqtt: { version: 4 } }, v5);
  climb(board, MQTT);
  packets(board);
  stopWith(link, 0x04, {});
  assert.deepEqual(packets(board), ["e000", "close 03e8"]);
});

test("what a client must not say throws, and nothing stops", () => {
  const { board, link } = up();
  for (const [code, list] of [
    [0x87, {}],
    [1, {}],
    [0x104, {}],
    [-1, {}],
    [0, { 28: "elsewhere" }],
    [0, { 1: 1 }],
    // CONNECT had none: the session ends with the connection.
    [0, { 17: 60 }],
  ] as const)
    assert.throws(() => stopWith(link, code, list as object), /MQTT: /);
  assert.deepEqual(packets(board), []);
  stopWith(link, 0, { 17: 0 });
  assert.equal(packets(board)[0], "e00700051100000000");
});
