// MQTT 5 on the short ways: topic aliases both ways, Reason Codes, and properties, for which the general path is taken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, publish, publishWith, sendWaiting, spec5 } from "#subject";
import { feed, forget, noted, type Peer, same } from "../mqtt/peer.ts";
import { hex, wire } from "../support/wire.ts";
import { ready5 } from "./peer5.ts";

/** From now on every handler of the general path fails. */
function shortOnly(peer: Peer): Peer {
  const fails = () => assert.fail("the general path");
  peer.client.handlers = Object.fromEntries(Object.keys(peer.client.handlers).map((type) => [type, fails]));
  return peer;
}

test("a message without a topic, with an alias alone: delivered with the alias's topic and property", () => {
  const peer = ready5();
  const seen: unknown[] = [];
  const received = peer.client.received;
  peer.client.received = (owner, topic, payload, flags, properties) => {
    seen.push(properties);
    received(owner, topic, payload, flags, properties);
  };
  feed(peer, [wire`30 0a 0003 'a/b' 03 23 0002 'x'`]);
  shortOnly(peer);
  feed(peer, [wire`30 07 0000 03 23 0002 'y'`, wire`32 09 0000 0007 03 23 0002 'z'`]);
  same(peer.events, [
    'message "a/b" "x" 0',
    'message "a/b" "y" 0',
    'message "a/b" "z" 2',
    `sent ${hex(wire`40 02 0007`)}`,
  ]);
  assert.deepEqual(seen, [
    { [spec5.TOPIC_ALIAS]: 2 },
    { [spec5.TOPIC_ALIAS]: 2 },
    { [spec5.TOPIC_ALIAS]: 2 },
  ]);
});

test("a message with an alias that was never given breaks the protocol", () => {
  assert.equal(feed(ready5(), [wire`30 07 0000 03 23 0002 'y'`]), 0x82);
});

for (const [name, code, told] of [
  ["no Reason Code", "", "00"],
  ["success", "\0", "00"],
  ["no subscribers", "\x10", "10"],
]) {
  test(`an answer with ${name} takes the short way at QoS 1 and 2`, () => {
    const peer = ready5({}, { maxInflight: 4 });
    publish(peer.client, "t", "x", 1, false, noted(peer, "one"));
    publish(peer.client, "t", "x", 2, false, noted(peer, "two"));
    forget(peer);
    shortOnly(peer);
    const length = String.fromCharCode(2 + code!.length);
    feed(peer, [
      `\x40${length}\0\x01${code}`,
      `\x50${length}\0\x02${code}`,
      `\x70${length}\0\x02`.slice(0, 4),
    ]);
    if (code) feed(peer, ["\0"]);
    same(peer.events, [`one 0x0 ${told}`, "sent 62020002", "two 0x0 00"]);
  });
}

test("messages of more than 127 bytes: with the topic, with its alias, at every QoS", () => {
  const peer = ready5({ [spec5.TOPIC_ALIAS_MAXIMUM]: 1 });
  const payload = "x".repeat(200);
  for (const qos of [0, 1])
    for (const topic of ["long/topic", "t"]) publish(peer.client, topic, payload, qos, false);
  same(peer.events, [
    `sent ${hex(wire`30 d8 01 000a 'long/topic' 03 23 0001`)}${hex(payload)}`,
    `sent ${hex(wire`30 cc 01 0001 't' 00`)}${hex(payload)}`,
    `sent ${hex(wire`32 d0 01 0000 0001 03 23 0001`)}${hex(payload)}`,
    `sent ${hex(wire`32 ce 01 0001 't' 0002 00`)}${hex(payload)}`,
  ]);
});

test("messages with and without properties that wait leave in order", () => {
  const list = { [spec5.CONTENT_TYPE]: "t" };
  const peer = ready5(
    {},
    {
      message({ client }) {
        publish(client, "t", "1", 1, false);
        publishWith(client, "t", "2", list, 1, false);
        publish(client, "t", "3", 1, false);
      },
    },
  );
  feed(peer, [wire`30 05 0001 't' 00 'x'`]);
  same(peer.events, [
    'message "t" "x" 0',
    `sent ${hex(wire`32 07 0001 't' 0001 00 '1'`)}`,
    `sent ${hex(wire`32 0b 0001 't' 0002 04 03 0001 't' '2'`)}`,
    `sent ${hex(wire`32 07 0001 't' 0003 00 '3'`)}`,
  ]);
});

test("what waits goes with its own topic or alias, whatever was the last one; a new alias takes the general path", () => {
  const peer = ready5({ [spec5.TOPIC_ALIAS_MAXIMUM]: 2 });
  publish(peer.client, "long/a", "0", 0, false);
  publish(peer.client, "long/b", "0", 0, false);
  forget(peer);
  peer.client.corked = 1;
  for (const topic of ["long/a", "long/b", "long/c", "long/a"]) publish(peer.client, topic, "x", 1, false);
  peer.client.corked = 0;
  assert.equal(sendWaiting(peer.client), 0);
  same(peer.events, [
    `sent ${hex(wire`32 09 0000 0001 03 23 0001 'x'`)}`,
    `sent ${hex(wire`32 09 0000 0002 03 23 0002 'x'`)}`,
    `sent ${hex(wire`32 0c 0006 'long/c' 0003 00 'x'`)}`,
    `sent ${hex(wire`32 09 0000 0004 03 23 0001 'x'`)}`,
  ]);
  const other = ready5({ [spec5.TOPIC_ALIAS_MAXIMUM]: 2 });
  other.client.corked = 1;
  publish(other.client, "long/a", "x", 1, false);
  other.client.corked = 0;
  assert.equal(sendWaiting(other.client), -1);
  flush(other.client);
  publish(other.client, "long/a", "y", 1, false);
  same(other.events, [
    `sent ${hex(wire`32 0f 0006 'long/a' 0001 03 23 0001 'x'`)}`,
    `sent ${hex(wire`32 09 0000 0002 03 23 0001 'y'`)}`,
  ]);
});
