// The tutorial's application with MQTT 5, when the broker refuses its message.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hello } from "../../src/app/hello";
import * as rung from "../../src/link/rungs";
import { v5 } from "../../src/profile/v5";
import { booted, climb, deliver, WS } from "../support/climb.ts";
import { wire } from "../support/wire.ts";
import { connack } from "./peer5.ts";

/** The application, its subscription granted. */
function up(server = {}) {
  const subject = booted(hello, { app: { qos: 1 } }, v5);
  climb(subject.board, WS);
  deliver(subject.board, connack(server));
  deliver(subject.board, wire`90 04 0001 00 01`);
  return subject;
}

for (const [name, code, said] of [
  ["by its access rules", 0x87, /refused, reason 0x87: .*access rules \(ACL\).*again in [34]\d\d s/],
  ["by its quota", 0x97, /refused, reason 0x97, again in/],
] as const)
  test(`hello-v5: the broker refuses the message ${name}: topic and reason are in the log`, () => {
    const { board, link } = up();
    deliver(board, wire`40 03 0002` + String.fromCharCode(code));
    assert.equal(link.state, rung.DOWN);
    assert.match(board.log.at(-1)!, /DOWN: the message to mg\/test was refused/);
    assert.match(board.log.at(-1)!, said);
  });

test("hello-v5: a message larger than the broker takes: said at once", () => {
  const { board } = up({ 39: 18 });
  assert.match(board.log.at(-1)!, /DOWN: the message to mg\/test was refused, reason 0x95/);
});

test("hello-v5: the subscription is refused, with its reason", () => {
  const subject = booted(hello, {}, v5);
  climb(subject.board, WS);
  deliver(subject.board, connack());
  deliver(subject.board, wire`90 04 0001 00 87`);
  assert.match(subject.board.log.at(-1)!, /refused the subscription to mg\/test, reason 0x87/);
});

test("hello-v5: the link is stopped while its message waits: no refusal is told", async () => {
  const { stop } = await import("../../src/link/ladder");
  const { board, link } = up();
  stop(link);
  assert.doesNotMatch(board.text, /refused/);
});
