// Several servers in mqtt.url: the next one is tried after a failure, and each has its own waits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boot } from "../../src/link/power-on";
import * as rung from "../../src/link/rungs";
import { full } from "../../src/profile/full";
import {
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
import { FakeBoard } from "../support/fake-board.ts";
import { reply } from "../ws/server.ts";

const URLS = ["ws://joe:one@a/mqtt", "ws://b/mqtt", "ws://ann:three@c:9001/mqtt"];

/** A link with a list of servers; with the random number 0.5 it begins with the first of three. */
function listed(url: unknown[] = URLS, mqtt = {}): Subject {
  return booted(noting([]), { mqtt: { url, ...mqtt }, link: { rebootAfterS: 0 } });
}

/** The hosts that were tried. */
const hosts = ({ board }: Subject) => board.opens.map(({ target }) => target.host);

/** Waits for the next attempt; returns its host and the seconds. */
function next(subject: Subject): [host: string, seconds: number] {
  const { board, link } = subject;
  const seconds = secondsUntil(board, () => link.state === rung.OPENING);
  return [hosts(subject).at(-1)!, seconds];
}

const refuse = (board: FakeBoard) => deliver(board, "\x20\x02\0\x05");

test("servers: each failure without TCP goes on with the next one, round and round", () => {
  const subject = listed();
  const { board } = subject;
  board.onOpen = (line) => line.closed("connection refused");
  board.radio.joined("");
  secondsUntil(board, () => board.opens.length === 4);
  assert.deepEqual(hosts(subject), ["a", "b", "c", "a"]);
  assert.match(board.text, /Connecting to a:80.*Connecting to b:80.*Connecting to c:9001/s);
});

test("servers: the log of the boot names all of them, without their secrets", () => {
  const { board } = listed();
  assert.deepEqual(
    board.log.filter((line) => /several/.test(line)),
    ["ws://a/mqtt", "ws://b/mqtt", "ws://c:9001/mqtt"].map((url) => `2 boot one of several servers: ${url}`),
  );
  assert.doesNotMatch(board.text, /joe|ann|three/);
});

test("servers: the login is that of the server that is tried", () => {
  const subject = listed();
  const { board } = subject;
  board.radio.joined("");
  const logins = URLS.map(() => {
    climb(board, WS, JOINED);
    const sent = board.sent().at(-1)!;
    board.line.closed("");
    next(subject);
    return sent.payload.toString();
  });
  assert.deepEqual(
    logins.map((bytes) => /joe|ann/.exec(bytes)?.[0]),
    ["joe", undefined, "ann"],
  );
});

test("servers: one that was up and ends the connection is left for the next one", () => {
  const subject = listed();
  const { board } = subject;
  climb(board, MQTT);
  board.line.closed("");
  assert.deepEqual(next(subject), ["b", 1]);
});

test("servers: the Wi-Fi's failures do not change the server", () => {
  const subject = listed();
  const { board, link } = subject;
  climb(board, MQTT);
  board.radio.left("gone");
  secondsUntil(board, () => link.state === rung.JOINING);
  board.radio.joined("AUTH_FAIL");
  secondsUntil(board, () => link.state === rung.JOINING);
  board.radio.joined("");
  assert.deepEqual(hosts(subject), ["a", "a"]);
});

test("servers: one that refuses is asked again after its 5 minutes, and does not keep the board from the others", () => {
  const subject = listed(URLS.slice(0, 2));
  const { board } = subject;
  board.radio.joined("");
  climb(board, WS, JOINED);
  refuse(board);
  assert.deepEqual(next(subject), ["b", 1]);
  climb(board, MQTT, JOINED);
  board.seconds(100);
  board.line.closed("");
  // b has asked for no wait, a has.
  assert.equal(next(subject)[0], "b");
  board.onJoin = (radio) => radio.joined("");
  board.onOpen = (line) => line.closed("connection refused");
  board.line.closed("");
  const until = secondsUntil(board, () => hosts(subject).at(-1) === "a");
  assert.ok(until > 100 && until < 240, `${until} s`);
});

test("servers: where all refuse, the wait ends with the first of them", () => {
  const subject = listed();
  const { board } = subject;
  board.radio.joined("");
  for (const host of ["a", "b", "c"]) {
    assert.equal(hosts(subject).at(-1), host);
    climb(board, WS, JOINED);
    refuse(board);
    if (host !== "c") next(subject);
  }
  const [host, seconds] = next(subject);
  assert.equal(host, "a");
  assert.ok(seconds > 250 && seconds <= 301, `${seconds} s`);
});

test("servers: a busy one is not asked again before its wait", () => {
  const subject = listed(URLS.slice(0, 2));
  const { board } = subject;
  board.radio.joined("");
  climb(board, TCP, JOINED);
  board.line.data(reply([], "HTTP/1.1 503 Service Unavailable"));
  assert.deepEqual(next(subject), ["b", 1]);
});

test("servers: a board makes at most 12 attempts in a minute, whatever its servers do", () => {
  for (const fail of [0, 1]) {
    const subject = listed([...URLS, "ws://d"]);
    const { board } = subject;
    board.onOpen = (line) => {
      if (fail) line.data("");
      line.closed("connection refused");
    };
    board.radio.joined("");
    board.seconds(60);
    assert.ok(board.opens.length <= 12, `${board.opens.length}`);
  }
});

test("servers: boards begin with different ones", () => {
  const first = [0, 0.1, 0.2, 0.3].map((luck) => {
    const board = new FakeBoard();
    board.luck = luck;
    board.files["config.json"] = JSON.stringify({ wifi: { ssid: "home" }, mqtt: { url: URLS } });
    boot(board, noting([]), full);
    climb(board, JOINED);
    return board.opens[0]!.target.host;
  });
  assert.deepEqual(first, ["a", "b", "c", "a"]);
});

test("servers: headers go to each of them", () => {
  const subject = listed(URLS, { headers: { "X-Key": "k" } });
  const { board } = subject;
  board.onOpen = (line) => line.closed("connection refused");
  board.radio.joined("");
  secondsUntil(board, () => board.opens.length === 3);
  assert.deepEqual(
    board.opens.map(({ target }) => target.headers),
    URLS.map(() => ({ "X-Key": "k" })),
  );
});
