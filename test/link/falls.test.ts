// Failures on each rung. After each one the link logs the reason, closes, waits, and climbs with empty buffers.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as ladder from "../../src/link/ladder";
import type { AppModule } from "../../src/link/power-on";
import * as rung from "../../src/link/rungs";
import { publish } from "../../src/mqtt/request";
import { NOT_AUTHORIZED, QUEUED, UNSPECIFIED_ERROR } from "../../src/mqtt/spec";
import { KEEP } from "../../src/mqtt/state";
import { tiny } from "../../src/profile/tiny";
import { booted, CONNACK, climb, deliver, JOINED, MQTT, noting, packets, TCP, WS } from "../support/climb.ts";
import { closeFrame, hex, reply, serverFrame } from "../ws/server.ts";

/** A link on some rung, its writes forgotten. */
function at(steps: number) {
  const events: string[] = [];
  const subject = booted(noting(events));
  climb(subject.board, steps);
  subject.board.sent();
  return { ...subject, events };
}

for (const [name, steps] of [
  ["while connecting", JOINED],
  ["before the reply", TCP],
  ["before CONNACK", WS],
  ["while up", MQTT],
] as const) {
  test(`fall: the connection is lost ${name}, the link climbs again`, () => {
    const { board, link } = at(steps);
    board.line.closed("");
    assert.equal(link.state, rung.DOWN);
    assert.match(board.log.at(-1)!, /^1 link DOWN: (connection closed|closed without an answer)/);
    assert.deepEqual(packets(board), []);
    board.seconds(1);
    assert.equal(board.opens.length, 2);
    assert.equal(board.joins.length, 1, "the Wi-Fi is kept");
    climb(board, MQTT, JOINED);
    assert.equal(link.state, rung.UP);
  });

  test(`fall: late events of a connection lost ${name} are ignored`, () => {
    const { board, link, events } = at(steps);
    const line = board.line;
    line.closed("gone");
    const lines = board.lines.length;
    line.data(reply() + serverFrame(0x82, CONNACK) + serverFrame(0x89));
    line.closed("again");
    assert.equal(link.state, rung.DOWN);
    assert.deepEqual(packets(board), []);
    assert.equal(board.lines.length, lines);
    assert.equal(events.filter((event) => event === "up").length, steps === MQTT ? 1 : 0);
  });
}

for (const qos of [0, 1, 2])
  test(`fall: the application publishes at QoS ${qos} in down: nothing is written, the link climbs again and sends it`, () => {
    const reasons: number[] = [];
    const app: AppModule = {
      name: "last words",
      ownKeys: () => ({ app: {} }),
      make: () => ({
        name: "last words",
        up() {},
        down(link) {
          reasons.push(publish(link.client, "a", "b", qos, false, undefined, KEEP));
        },
        received() {},
        everySecond() {},
      }),
    };
    const { board, link } = booted(app);
    climb(board, MQTT);
    board.sent();
    // A server's CLOSE: the board has hung up when the link hears of it.
    board.line.data(closeFrame(1001));
    board.line.closed("");
    board.sent();
    assert.deepEqual(reasons, [QUEUED]);
    board.seconds(link.secondsLeft);
    climb(board, MQTT, JOINED);
    assert.equal(link.state, rung.UP);
    const sent = packets(board).filter((packet) => packet.startsWith("3"));
    assert.deepEqual(
      sent.map((packet) => packet.slice(0, 1) + ((parseInt(packet[1]!, 16) >> 1) & 3)),
      [`3${qos}`],
    );
  });

test("fall: a failure inside open, before it returns, keeps its wait and the link climbs again", () => {
  const { board, link } = at(0);
  board.onOpen = (line) => line.closed("host not found");
  climb(board, JOINED);
  assert.equal(link.state, rung.DOWN);
  assert.match(board.log.at(-1)!, /DOWN: host not found/);
  assert.equal(link.secondsLeft, 1, "and the deadline of the rung does not overwrite the wait");
  board.onOpen = () => {};
  board.seconds(1);
  climb(board, MQTT, JOINED);
  assert.equal(link.state, rung.UP);
});

test("fall: the server refuses the upgrade, its status line is logged", () => {
  for (const status of ["401 Unauthorized", "403 Forbidden", "404 Not Found", "301 Moved", "503 Busy"]) {
    const { board, link } = at(TCP);
    board.line.data(reply([], `HTTP/1.1 ${status}`));
    assert.equal(link.state, rung.DOWN);
    assert.equal(board.log.filter((line) => line.includes(status)).length, 1);
    assert.match(board.log.at(-1)!, new RegExp(`^1 link DOWN: HTTP/1.1 ${status}`));
  }
});

for (const [code, words] of [
  [1, /3\.1\.1/],
  [2, /mqtt\.clientId/],
  [3, /not available/],
  [4, /user name or password/],
  [5, /not authorized/i],
] as const) {
  test(`fall: CONNACK refuses with ${code}, the reason is logged`, () => {
    const { board, link, events } = at(WS);
    deliver(board, `\x20\x02\0${String.fromCharCode(code)}`);
    assert.equal(link.state, rung.DOWN);
    assert.match(board.log.at(-1)!, words);
    assert.deepEqual(events, []);
  });
}

test("fall: in the tiny profile the log has the reason as a number", () => {
  const { board } = booted(noting([]), {}, tiny);
  climb(board, WS);
  deliver(board, "\x20\x02\0\x05");
  assert.match(board.log.at(-1)!, /0x87/);
});

test("fall: a malformed packet ends the connection with CLOSE 1001, after the unsent bytes", () => {
  const { board, link } = at(MQTT);
  deliver(board, hex("36 00"));
  assert.equal(link.state, rung.DOWN);
  assert.match(board.log.at(-1)!, /0x81/);
  assert.deepEqual(packets(board), ["close 03e9"]);
  assert.equal(board.ends.at(-1), 0);
});

test("fall: packets behind a malformed one are not read", () => {
  const { board, events } = at(MQTT);
  board.line.data(serverFrame(0x82, hex("36 00 3004 0001 6162")) + serverFrame(0x82, hex("3004 0001 6162")));
  assert.deepEqual(events, ["up"]);
});

test("fall: the server closes the WebSocket, the link answers and logs code and reason", () => {
  const { board, link } = at(MQTT);
  board.line.data(closeFrame(1001, "restart"));
  assert.equal(link.state, rung.DOWN);
  assert.match(board.log.at(-1)!, /1001 restart/);
  assert.deepEqual(packets(board), ["close 03e9"]);
});

test("fall: after half a frame or packet the next connection begins with empty buffers", () => {
  for (const bytes of [
    serverFrame(0x82, "\x30"),
    hex("82 7e"),
    hex("02 04 30"),
    hex("82 7f"),
    hex("8a 05 61"),
  ]) {
    const { board, link, events } = at(MQTT);
    board.line.data(bytes);
    board.line.closed("");
    board.seconds(1);
    climb(board, MQTT, JOINED);
    deliver(board, hex("3004 0001 6162"));
    assert.deepEqual(events, ["up", "up", "b <- a 0"]);
    assert.equal(link.state, rung.UP);
  }
});

test("fall: the application ends the connection, a second call does nothing", () => {
  const { board, link } = at(MQTT);
  ladder.fall(link, "no reason", NOT_AUTHORIZED);
  assert.equal(link.state, rung.DOWN);
  assert.deepEqual(packets(board), ["close 03e9"]);
  const { ends, lines } = board;
  const before = [ends.length, lines.length];
  ladder.fall(link, "again", NOT_AUTHORIZED);
  assert.deepEqual([ends.length, lines.length], before, "falling twice is falling once");
});

test("fall: after the link falls everySecond is not called", () => {
  const { board, events } = at(MQTT);
  board.seconds(2);
  board.line.closed("");
  board.seconds(1);
  assert.deepEqual(events, ["up", "second", "second"]);
});

test("fall: messages before a malformed packet in its chunk are acknowledged before CLOSE", () => {
  const { board } = at(MQTT);
  deliver(board, hex("3206 0001 61 0009 62") + hex("36 00"));
  assert.deepEqual(packets(board), ["40020009", "close 03e9"]);
});

test("fall: when the application ends the connection inside received, nothing follows CLOSE", () => {
  const app = noting([]);
  const make = app.make;
  app.make = (config) => ({
    ...make(config),
    received: (link) => ladder.fall(link, "enough", UNSPECIFIED_ERROR),
  });
  const { board, link } = booted(app);
  climb(board, MQTT);
  board.sent();
  deliver(board, hex("3206 0001 61 0009 62") + hex("3206 0001 61 000a 62"));
  assert.equal(link.state, rung.DOWN);
  assert.equal(packets(board).at(-1), "close 03e9");
  assert.equal(board.log.filter((line) => line.includes("DOWN")).length, 1);
  board.seconds(1);
  climb(board, MQTT, JOINED);
  assert.equal(link.state, rung.UP);
});
