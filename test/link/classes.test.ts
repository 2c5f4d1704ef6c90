// Classes of failure: how long the link waits after each, and which lines it logs.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as ladder from "../../src/link/ladder";
import * as rung from "../../src/link/rungs";
import * as spec from "../../src/mqtt/spec";
import {
  ALMOST_1,
  booted,
  climb,
  deliver,
  JOINED,
  MQTT,
  noting,
  type Subject,
  secondsUntil,
  TCP,
  WS,
} from "../support/climb.ts";
import type { FakeBoard } from "../support/fake-board.ts";
import { closeFrame, hex, reply } from "../ws/server.ts";

const connack = (code: number) => (board: FakeBoard) =>
  deliver(board, `\x20\x02\0${String.fromCharCode(code)}`);
const status = (line: string) => (board: FakeBoard) => board.line.data(reply([], `HTTP/1.1 ${line}`));
const UPGRADE = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: x"];
const NETWORK = [1, 1];
const REACHED = [1, 32];
const BUSY = [16, 47];
const REFUSED = [301, 332];

/** A failure, its rung, and the waits after the first failure, with the lowest and the highest random number. */
const FAILURES: [name: string, steps: number, fail: (board: FakeBoard) => void, waits: number[]][] = [
  ["Wi-Fi refuses", 0, (board) => board.radio.joined("AUTH_FAIL"), NETWORK],
  ["Wi-Fi does not answer", 0, (board) => board.seconds(rung.JOIN_DEADLINE_S), NETWORK],
  ["Wi-Fi is lost", MQTT, (board) => board.radio.left("BEACON_TIMEOUT"), NETWORK],
  ["connection refused", JOINED, (board) => board.line.closed("connection refused"), NETWORK],
  ["no TCP", JOINED, (board) => board.seconds(rung.CONNECT_DEADLINE_S), NETWORK],
  ["no reply", TCP, (board) => board.seconds(rung.HANDSHAKE_DEADLINE_S), REACHED],
  ["no HTTP", TCP, (board) => board.line.data("SSH-2.0"), REACHED],
  ["HTTP 500", TCP, status("500 Internal Server Error"), REACHED],
  ["HTTP 429", TCP, status("429 Too Many Requests"), BUSY],
  ["HTTP 501", TCP, status("501 Not Implemented"), REACHED],
  ["HTTP 502", TCP, status("502 Bad Gateway"), BUSY],
  ["HTTP 503", TCP, status("503 Service Unavailable"), BUSY],
  ["HTTP 504", TCP, status("504 Gateway Timeout"), BUSY],
  ["HTTP 520 of Cloudflare", TCP, status("520 Web Server Returned an Unknown Error"), BUSY],
  ["HTTP 530 of Cloudflare", TCP, status("530 Origin Error"), BUSY],
  ["HTTP 519", TCP, status("519 So"), REACHED],
  ["HTTP 531", TCP, status("531 So"), REACHED],
  ["HTTP 301", TCP, status("301 Moved Permanently"), REFUSED],
  ["HTTP 399", TCP, status("399 So"), REFUSED],
  ["HTTP 400", TCP, status("400 Bad Request"), REACHED],
  ["HTTP 503 with Retry-After 120", TCP, status("503 Busy\r\nRetry-After: 120"), [121, 152]],
  ["HTTP 503 with Retry-After 5", TCP, status("503 Busy\r\nRetry-After: 5"), BUSY],
  ["HTTP 401 with Retry-After 400", TCP, status("401 No\r\nRetry-After: 400"), [401, 432]],
  ["HTTP 505", TCP, status("505 HTTP Version Not Supported"), REACHED],
  ["HTTP 401", TCP, status("401 Unauthorized"), REFUSED],
  ["HTTP 403", TCP, status("403 Forbidden"), REFUSED],
  ["HTTP 404", TCP, status("404 Not Found"), REFUSED],
  ["HTTP 259, which is a number of ours", TCP, status("259 So"), REACHED],
  ["no subprotocol", TCP, (board) => board.line.data(reply(UPGRADE)), REFUSED],
  [
    "another subprotocol",
    TCP,
    (board) => board.line.data(reply([...UPGRADE, "Sec-WebSocket-Protocol: wamp"])),
    REFUSED,
  ],
  ["no CONNACK", WS, (board) => board.seconds(10), REACHED],
  ["CONNACK 1", WS, connack(1), REFUSED],
  ["CONNACK 2", WS, connack(2), REFUSED],
  ["CONNACK 3", WS, connack(3), BUSY],
  ["CONNACK 4", WS, connack(4), REFUSED],
  ["CONNACK 5", WS, connack(5), REFUSED],
  ["a malformed packet", MQTT, (board) => deliver(board, hex("36 00")), REACHED],
  ["a close", MQTT, (board) => board.line.closed(""), REACHED],
  ["a CLOSE with 1001", MQTT, (board) => board.line.data(closeFrame(1001)), REACHED],
  ["a CLOSE with 1012, a random time of 5 to 30 s", MQTT, (board) => board.line.data(closeFrame(1012)), BUSY],
  ["a CLOSE with 1013", MQTT, (board) => board.line.data(closeFrame(1013)), BUSY],
  ["a fault of the engine", MQTT, (board) => board.fault("CALLBACK"), REACHED],
];

for (const [name, steps, fail, waits] of FAILURES) {
  test(`wait: after ${name} ${waits.join("..")} s, jitter included`, () => {
    [0, ALMOST_1].forEach((chance, i) => {
      const { board, link } = booted(noting([]));
      climb(board, steps);
      board.luck = chance;
      fail(board);
      assert.equal(link.state, rung.DOWN);
      assert.ok(board.log.at(-1)?.endsWith(`, again in ${waits[i]} s`), board.log.at(-1));
      assert.equal(
        secondsUntil(board, () => link.state !== rung.DOWN),
        waits[i],
      );
    });
  });
}

/** A link that fails in one way at each climb. Returns the wait after each failure. */
function repeated(reason: number, chance: number, times: number): { subject: Subject; waits: number[] } {
  const subject = booted(noting([]), { link: { rebootAfterS: 0 } });
  const { board, link } = subject;
  board.luck = chance;
  board.radio.joined("");
  const waits = Array.from({ length: times }, () => {
    ladder.fall(link, "no", reason);
    const { secondsLeft } = link;
    board.onJoin = (radio) => radio.joined("");
    board.seconds(secondsLeft);
    return secondsLeft;
  });
  return { subject, waits };
}

test("wait: while the broker is busy each wait is 16 to 47 s", () => {
  assert.deepEqual(repeated(spec.SERVER_UNAVAILABLE, ALMOST_1, 8).waits, Array(8).fill(47));
  assert.deepEqual(repeated(503, 0, 8).waits, Array(8).fill(16));
});

/** Failures of which each one came behind TCP that had connected. */
const BEHIND_TCP: [name: string, steps: number, fail: (board: FakeBoard) => void][] = [
  ["HTTP 502", TCP, status("502 Bad Gateway")],
  ["HTTP 504", TCP, status("504 Gateway Timeout")],
  ["HTTP 500", TCP, status("500 Internal Server Error")],
  ["HTTP 200", TCP, status("200 OK")],
  ["no HTTP", TCP, (board) => board.line.data("SSH-2.0")],
  ["no reply", TCP, (board) => board.seconds(rung.HANDSHAKE_DEADLINE_S)],
  ["a close before the reply", TCP, (board) => board.line.closed("")],
  ["a close before CONNACK", WS, (board) => board.line.closed("")],
  ["a close right after CONNACK", MQTT, (board) => board.line.closed("")],
];

for (const [name, steps, fail] of BEHIND_TCP) {
  test(`wifi: it is not joined again after ten times ${name}, because TCP had connected`, () => {
    const { board, link } = booted(noting([]), { link: { rebootAfterS: 0 } });
    board.luck = 0;
    board.radio.joined("");
    for (let i = 0; i < 10; i++) {
      climb(board, steps, JOINED);
      fail(board);
      assert.equal(link.state, rung.DOWN);
      board.seconds(link.secondsLeft);
    }
    assert.equal(board.joins.length, 1);
  });
}

test("wait: after each permanent refusal it is long, and the Wi-Fi is not joined again", () => {
  const { subject, waits } = repeated(spec.NOT_AUTHORIZED, ALMOST_1, 12);
  assert.deepEqual(waits, Array(12).fill(332));
  assert.equal(subject.board.joins.length, 1);
});

test("log: a permanent refusal is logged in full, then in short until the link is UP or the refusal is another one", () => {
  const { board, link } = booted(noting([]), { link: { rebootAfterS: 0 } });
  board.radio.joined("");
  const fail = (steps: number, how: (board: FakeBoard) => void) => {
    climb(board, steps, JOINED);
    how(board);
    const line = board.log.at(-1)!;
    board.seconds(link.secondsLeft);
    return line.replace(/^1 link DOWN: |, again in \d+ s$/g, "");
  };
  const [long, short] = [/^HTTP\/1\.1 401 Unauthorized: .*credentials$/, /^refused as before$/];
  const no = status("401 Unauthorized");
  assert.match(fail(TCP, no), long);
  assert.match(fail(TCP, no), short);
  assert.match(fail(TCP, no), short);
  assert.match(fail(WS, connack(5)), /user name and password/);
  assert.match(fail(WS, connack(5)), short);
  assert.match(fail(TCP, no), long);
  assert.match(
    fail(JOINED, (it) => it.line.closed("host not found")),
    /^host not found$/,
  );
  assert.match(fail(TCP, no), short, "what lies between is no success");
  assert.match(
    fail(MQTT, (it) => it.line.closed("")),
    /^connection closed/,
  );
  assert.match(fail(TCP, no), long);
});

test("log: each failure of a busy broker or of the network is logged in full", () => {
  for (const fail of [status("503 Service Unavailable"), (it: FakeBoard) => it.line.closed("refused")]) {
    const { board, link } = booted(noting([]));
    board.radio.joined("");
    for (let i = 0; i < 3; i++) {
      climb(board, TCP, JOINED);
      fail(board);
      assert.match(board.log.at(-1)!, /DOWN: (HTTP\/1\.1 503|refused)/);
      board.seconds(link.secondsLeft);
    }
  }
});

/** The link is up for so many seconds, then loses the connection. Returns the last line of the log. */
function lostAfter(
  { board, link }: Subject,
  seconds: number,
  how = (it: FakeBoard) => it.line.closed(""),
): string {
  climb(board, MQTT, JOINED);
  board.seconds(seconds);
  how(board);
  const line = board.log.at(-1)!;
  secondsUntil(board, () => link.state !== rung.DOWN);
  if (link.state === rung.JOINING) board.radio.joined("");
  return line;
}

test("log: at the third quick close in a row the line suspects another client with the same id", () => {
  const subject = booted(noting([]));
  subject.board.radio.joined("");
  const suspicion = /possibly another client with the same id.*mqtt\.clientId/;
  assert.doesNotMatch(lostAfter(subject, 0), suspicion);
  assert.doesNotMatch(lostAfter(subject, 39), suspicion);
  const taken = (it: FakeBoard) => it.line.data(closeFrame(1000));
  assert.match(lostAfter(subject, 39, taken), suspicion);
  assert.match(lostAfter(subject, 3), suspicion);
  assert.doesNotMatch(lostAfter(subject, 40), suspicion, "not quick");
  assert.doesNotMatch(lostAfter(subject, 1), suspicion, "the first again");
});

test("log: when the Wi-Fi, a packet or a frame ends the connection, the line suspects no other client", () => {
  for (const how of [
    (it: FakeBoard) => it.radio.left("gone"),
    (it: FakeBoard) => deliver(it, hex("36 00")),
    (it: FakeBoard) => it.line.data(hex("c2 00")),
  ]) {
    const subject = booted(noting([]));
    subject.board.radio.joined("");
    for (let i = 0; i < 4; i++) assert.doesNotMatch(lostAfter(subject, 1, how), /same id/);
  }
});
