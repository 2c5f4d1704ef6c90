// A program with MQTT 5 whose application gives no properties: it does without v5/publish-with.ts, as `hello` does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { publish, subscribe } from "../../src/mqtt/request";
import { v5 } from "../../src/profile/v5";
import { booted, climb, deliver, noting, packets, WS } from "../support/climb.ts";
import { hex, wire } from "../support/wire.ts";

test("an application without properties: its messages have a topic alias and no other property", () => {
  const { board, link } = booted(noting([]), {}, v5);
  climb(board, WS);
  packets(board);
  // Topic Alias Maximum 1, Maximum Packet Size 24.
  deliver(board, wire`20 0b 00 00 08 22 0001 27 00000018`);
  for (const payload of ["1", "2"]) publish(link.client, "topic", payload, 1, false);
  assert.equal(publish(link.client, "topic", "x".repeat(20), 1, false), 0x95);
  subscribe(link.client, [{ filter: "f", qos: 0 }]);
  assert.deepEqual(packets(board), [
    hex(wire`32 0e 0005 'topic' 0001 03 23 0001 '1'`),
    hex(wire`32 09 0000 0002 03 23 0001 '2'`),
    hex(wire`82 07 0003 00 0001 'f' 00`),
  ]);
});
