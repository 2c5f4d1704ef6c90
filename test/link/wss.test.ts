// The TLS handshake is a rung of its own, and an application can renew credentials before each attempt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fall } from "../../src/link/ladder";
import { takeUrl } from "../../src/link/renew";
import * as rung from "../../src/link/rungs";
import { NOT_AUTHORIZED } from "../../src/mqtt/spec";
import { booted, climb, JOINED, MQTT, noting, secondsUntil, TCP } from "../support/climb.ts";
import { reply } from "../ws/server.ts";

const WSS = { mqtt: { url: "wss://joe:secret@broker/mqtt?token=t", tls: "unverified" } };

test("tls: every attempt logs that the server is not authenticated and that the keys are weak", () => {
  const { board } = booted(noting([]), WSS);
  climb(board, JOINED);
  const said = () =>
    board.log.filter((line) => line === "2 ws wss: server NOT authenticated, keys from a weak generator")
      .length;
  assert.equal(said(), 1);
  assert.deepEqual(board.opens[0]!.target.tls, 1);
  board.line.closed("");
  secondsUntil(board, () => board.opens.length === 2);
  assert.equal(said(), 2);
  const plain = booted(noting([]));
  climb(plain.board, MQTT);
  assert.doesNotMatch(plain.board.text, /authenticated/);
});

test("tls: the TLS handshake has its own deadline, then the reply to the upgrade has the usual one", () => {
  const { board, link } = booted(noting([]), WSS);
  climb(board, TCP);
  assert.equal(link.state, rung.SECURING);
  board.seconds(rung.TLS_DEADLINE_S - 1);
  assert.equal(link.state, rung.SECURING);
  board.line.drained();
  assert.equal(link.state, rung.OPENING);
  board.seconds(rung.HANDSHAKE_DEADLINE_S - 1);
  assert.equal(link.state, rung.OPENING);
  board.line.data(reply());
  assert.equal(link.state, rung.LOGIN);
});

test("tls: a late TLS handshake and a late reply have different lines in the log", () => {
  const { board, link } = booted(noting([]), WSS);
  climb(board, TCP);
  board.seconds(rung.TLS_DEADLINE_S);
  assert.match(board.log.at(-1)!, /^1 link DOWN: no end of the TLS handshake in 20 s, /);
  secondsUntil(board, () => link.state === rung.OPENING);
  board.line.data("");
  board.line.drained();
  board.seconds(rung.HANDSHAKE_DEADLINE_S);
  assert.match(board.log.at(-1)!, /^1 link DOWN: no answer from the server, /);
});

/** An application that asks the test for its credentials. */
function renewing(got: (link: rung.Link, next: () => void) => void) {
  const app = noting([]);
  return { ...app, make: (config: never) => ({ ...app.make(config), renew: got }) };
}

test("renew: before each attempt the link waits for the application's new credentials", () => {
  const nexts: (() => void)[] = [];
  const { board, link } = booted(renewing((_, next) => nexts.push(next)));
  climb(board, JOINED);
  assert.equal(link.state, rung.RENEWING);
  assert.equal(board.opens.length, 0);
  board.seconds(rung.RENEW_DEADLINE_S - 1);
  assert.equal(takeUrl(link, "ws://jim:n%65w@other:81/x?sig=2"), "");
  nexts[0]!();
  const { host, port, path, tls } = board.opens[0]!.target;
  assert.deepEqual([host, port, path, tls], ["other", 81, "/x?sig=2", 0]);
  climb(board, MQTT, JOINED);
  assert.equal(link.state, rung.UP);
  const connect = board.sent()[0]!.payload;
  assert.ok(connect.includes("jim") && connect.includes("new") && !connect.includes("secret"));
  assert.match(board.text, /CONNECTED to ws:\/\/other:81\/x$/m);
  board.line.closed("sig is 2, new");
  assert.match(board.log.at(-1)!, /DOWN: sig is 2, \*/, "the new secrets are hidden, too");
  secondsUntil(board, () => nexts.length === 2);
  nexts[1]!();
  assert.equal(board.opens.length, 2);
});

test("renew: the application answers at once, the link connects", () => {
  const { board } = booted(renewing((_, next) => next()));
  climb(board, JOINED);
  assert.equal(board.opens.length, 1);
});

test("renew: without an answer in time the attempt ends, and a late answer does nothing", () => {
  const nexts: (() => void)[] = [];
  const { board, link } = booted(renewing((_, next) => nexts.push(next)));
  climb(board, JOINED);
  board.seconds(rung.RENEW_DEADLINE_S);
  assert.match(board.log.at(-1)!, /^1 link DOWN: the application got no new credentials in 30 s, /);
  nexts[0]!();
  assert.equal(link.state, rung.DOWN);
  secondsUntil(board, () => nexts.length === 2);
  nexts[0]!();
  assert.equal(board.opens.length, 0, "nor in the next attempt");
  nexts[1]!();
  nexts[1]!();
  assert.equal(board.opens.length, 1, "and no answer counts twice");
});

test("renew: the application ends the attempt, the link falls with its reason", () => {
  const { board } = booted(renewing((link) => fall(link, "no token: 403", NOT_AUTHORIZED)));
  climb(board, JOINED);
  assert.match(board.log.at(-1)!, /^1 link DOWN: no token: 403, again in/);
  assert.equal(board.opens.length, 0);
});

test("renew: the Wi-Fi is lost before the answer, the attempt ends", () => {
  const nexts: (() => void)[] = [];
  const { board, link } = booted(renewing((_, next) => nexts.push(next)));
  climb(board, JOINED);
  board.radio.left("gone");
  assert.equal(link.state, rung.DOWN);
  nexts[0]!();
  assert.equal(board.opens.length, 0);
});

test("renew: a malformed URL, or one of another scheme, changes nothing and is not quoted", () => {
  const { link } = booted(noting([]));
  const before = { ...link.url };
  for (const url of ["", "http://secret", "ws://secret:0", "wss://u:secret@broker/"]) {
    const wrong = takeUrl(link, url);
    assert.match(wrong, /./);
    assert.doesNotMatch(wrong, /secret/);
  }
  assert.deepEqual(link.url, before);
});
