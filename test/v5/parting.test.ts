// stopWith: an application ends the connection with a reason and properties in DISCONNECT.
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
  ["a reason that publishes the will", 0x04, {}, "e0020400"],
  ["a reason and properties", 0x97, { 31: "full", 38: ["a", "b"] }, "e010970e1f000466756c6c26000161000162"],
  ["reason 0 and a Session Expiry Interval", 0, { 17: 60 }, "e0070005110000003c"],
] as const) {
  test(`stopWith sends ${name} in DISCONNECT, then CLOSE`, () => {
    const { board, link } = up({ cleanSession: false });
    stopWith(link, code, list as object);
    assert.deepEqual(packets(board), [bytes, "close 03e8"]);
  });
}

test("stopWith on 3.1.1: DISCONNECT has no reason", () => {
  const { board, link } = booted(noting([]), { mqtt: { version: 4 } }, v5);
  climb(board, MQTT);
  packets(board);
  stopWith(link, 0x04, {});
  assert.deepEqual(packets(board), ["e000", "close 03e8"]);
});

test("stopWith a reason or property that a client must not send: it throws, and the link stays up", () => {
  const { board, link } = up();
  for (const [code, list] of [
    [0x87, {}],
    [1, {}],
    [0x104, {}],
    [-1, {}],
    [0, { 28: "elsewhere" }],
    [0, { 1: 1 }],
    // CONNECT had no Session Expiry Interval, so DISCONNECT may only set 0 (3.14.2.2.2).
    [0, { 17: 60 }],
  ] as const)
    assert.throws(() => stopWith(link, code, list as object), /MQTT: /);
  assert.deepEqual(packets(board), []);
  stopWith(link, 0, { 17: 0 });
  assert.equal(packets(board)[0], "e00700051100000000");
});
