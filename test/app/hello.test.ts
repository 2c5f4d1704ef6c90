// The tutorial's application without failures: the whole exchange at each QoS, in packets and in log lines.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hello } from "../../src/app/hello";
import { VERSION } from "../../src/config/boot";
import * as rung from "../../src/link/rungs";
import { tiny } from "../../src/profile/tiny";
import { booted, CONNACK, deliver, packets, steps, WS } from "../support/climb.ts";
import { closeFrame, hex } from "../ws/server.ts";
import { HELLO_0, HELLO_1, HELLO_2, said, up } from "./hello.ts";

test("hello: at QoS 1 the exchange and the log are those of the tutorial", () => {
  const { board, link } = booted(hello);
  for (const step of steps.slice(0, WS)) {
    board.ms += 0x10;
    step(board);
  }
  packets(board);
  deliver(board, CONNACK);
  assert.deepEqual(packets(board), ["820c 0001 0007 6d672f74657374 01".replace(/ /g, "")]);
  board.ms += 12;
  deliver(board, hex("90 03 0001 01"));
  assert.deepEqual(packets(board), ["3210 0007 6d672f74657374 0002 68656c6c6f".replace(/ /g, "")]);
  board.ms += 9;
  deliver(board, hex("40 02 0002"));
  assert.deepEqual(packets(board), []);
  deliver(board, HELLO_1);
  assert.deepEqual(packets(board), ["40020009", "e000", "close 03e8"]);
  board.line.data(closeFrame(1000));
  assert.equal(link.state, rung.OFF);
  assert.equal(board.second, undefined);
  assert.deepEqual(board.lines, [
    `0 2 boot hello ${VERSION} full esp32-0102-0304`,
    "0 2 wifi Joining home",
    "10 2 wifi Joined",
    "10 2 ws Connecting to broker:8080",
    "30 2 link Connected to WS. Logging in to MQTT...",
    "30 2 ws GOT 4 bytes WS msg",
    "30 2 mqtt CONNECTED to ws://broker:8080/mqtt",
    "3c 2 ws GOT 5 bytes WS msg",
    "3c 2 hello SUBSCRIBED to mg/test 12 ms",
    "45 2 ws GOT 4 bytes WS msg",
    "45 2 hello PUBLISHED hello -> mg/test 9 ms",
    "45 2 ws GOT 18 bytes WS msg",
    "45 2 hello RECEIVED hello <- mg/test",
    "45 2 link DONE",
  ]);
});

test("hello: at QoS 1 the message comes before its PUBACK, the exchange completes", () => {
  const { board, link } = up();
  deliver(board, hex("90 03 0001 01"));
  packets(board);
  deliver(board, HELLO_1);
  assert.deepEqual(packets(board), ["40020009"]);
  assert.equal(link.state, rung.UP);
  deliver(board, hex("40 02 0002"));
  assert.deepEqual(packets(board), ["e000", "close 03e8"]);
});

test("hello: at QoS 0 the exchange completes", () => {
  const { board, link } = up({ app: { qos: 0 } });
  deliver(board, hex("90 03 0001 00"));
  assert.deepEqual(packets(board), [Buffer.from(HELLO_0, "latin1").toString("hex")]);
  assert.equal(link.state, rung.UP);
  deliver(board, HELLO_0);
  assert.deepEqual(packets(board), ["e000", "close 03e8"]);
  assert.deepEqual(said(board).slice(-3), [
    "hello SUBSCRIBED to mg/test 0 ms",
    "hello PUBLISHED hello -> mg/test 0 ms",
    "hello RECEIVED hello <- mg/test",
  ]);
});

test("hello: at QoS 2 the exchange completes before DISCONNECT", () => {
  const { board, link } = up({ app: { qos: 2 } });
  deliver(board, hex("90 03 0001 02"));
  assert.match(packets(board)[0]!, /^3410.*0002/);
  deliver(board, hex("50 02 0002"));
  assert.deepEqual(packets(board), ["62020002"]);
  deliver(board, hex("70 02 0002") + HELLO_2);
  assert.deepEqual(packets(board), ["50020009"]);
  assert.equal(link.state, rung.UP, "the server's PUBREL is still to come");
  deliver(board, hex("62 02 0009"));
  assert.deepEqual(packets(board)[0], "70020009");
  board.seconds(1);
  assert.equal(link.state, rung.LEAVING);
  assert.equal(said(board).filter((line) => line.includes("RECEIVED")).length, 1);
});

test("hello: the tiny profile does the same at QoS 1", () => {
  const { board, link } = up({}, tiny);
  deliver(board, hex("90 03 0001 01 40 02 0002") + HELLO_1);
  board.line.closed("");
  assert.equal(link.state, rung.OFF);
});

test("hello: all packets in one chunk, the exchange completes", () => {
  const { board, link } = up();
  deliver(board, hex("90 03 0001 01 40 02 0002") + HELLO_1);
  assert.equal(link.state, rung.LEAVING);
});

test("hello: a configured topic and message are used", () => {
  const message = Buffer.from("21 °C").toString("latin1");
  const { board, link } = up({ app: { topic: "a/b", message, qos: 0 } });
  deliver(board, hex("90 03 0001 00"));
  assert.deepEqual(packets(board), ["300b0003612f62323120c2b043"]);
  deliver(board, hex("300b0003612f62323120c2b043"));
  assert.equal(link.state, rung.LEAVING);
  assert.ok(said(board).includes(`hello RECEIVED ${message} <- a/b`));
});

test("hello: an empty message is sent and received", () => {
  const { board, link } = up({ app: { topic: "t", message: "", qos: 0 } });
  deliver(board, hex("90 03 0001 00 3003 0001 74"));
  assert.equal(link.state, rung.LEAVING);
});
