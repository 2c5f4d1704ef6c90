// Properties as bytes and as values: each one in every packet, twice, cut off, and with values that it must not have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chars, properties, spec, spec5, varint } from "#subject";
import type { Bytes } from "../../src/board.ts";
import { wire } from "../support/wire.ts";
import { ALL, PROPERTIES } from "./property-vectors.ts";

const { encodeProperties, readValue } = properties;

/** The result of reading at `at`: the reason, the properties, and where the next field begins. */
function readProperties(bytes: Bytes, at: number, packet: number) {
  const reader = { bytes, at, reason: spec.SUCCESS };
  const list = properties.readProperties(reader, packet);
  return { reason: reader.reason, list, at: reader.at };
}

const read = (bytes: Bytes, packet: number) => readProperties(varint(bytes.length) + bytes, 0, packet);

/** A Variable Byte Integer; NaN if it is malformed. */
function readVarint(bytes: Bytes, at: number): number {
  const reader = { bytes, at, reason: spec.SUCCESS };
  const value = readValue(reader, "v") as number;
  return Number.isNaN(reader.at) ? NaN : value;
}

test("the vectors have every property of the standard", () => {
  assert.equal(new Set(PROPERTIES.map(({ id }) => id)).size, 27);
});

for (const { name, id, bytes, value, packets, repeats } of PROPERTIES) {
  test(`${name}: allowed in packets ${packets}, malformed in any other`, () => {
    for (const packet of packets) {
      const whole = varint(bytes.length) + bytes;
      const found = readProperties(`xx${whole}rest`, 2, packet);
      assert.deepEqual(found, { reason: spec.SUCCESS, list: { [id]: value }, at: 2 + whole.length });
      assert.equal(encodeProperties({ [id]: value }), whole);
    }
    const others = PROPERTIES.filter((other) => other.id === id).flatMap((other) => other.packets);
    for (const packet of ALL) {
      if (!others.includes(packet)) assert.equal(read(bytes, packet).reason, spec.MALFORMED_PACKET);
    }
  });

  test(`${name} twice: kept where it may repeat, else an error`, () => {
    const { reason, list } = read(bytes + bytes, packets[0]!);
    if (!repeats) return assert.equal(reason, spec.PROTOCOL_ERROR);
    assert.equal(reason, spec.SUCCESS);
    assert.deepEqual(list, { [id]: [...(value as []), ...(value as [])] });
  });

  test(`${name} that ends too early: malformed`, () => {
    for (let length = 1; length < bytes.length; length++)
      assert.equal(read(bytes.slice(0, length), packets[0]!).reason, spec.MALFORMED_PACKET);
    // The packet ends before its properties do.
    assert.equal(readProperties(varint(bytes.length) + bytes.slice(1), 0, packets[0]!).reason, 0x81);
  });
}

test("user properties keep their order and their repeats", () => {
  const bytes = wire`26 0001 'b' 0001 '1'  26 0001 'a' 0001 '2'  26 0001 'b' 0000`;
  const { list } = read(bytes, spec.PUBLISH);
  assert.deepEqual(list, { 38: ["b", "1", "a", "2", "b", ""] });
  assert.equal(encodeProperties(list), varint(bytes.length) + bytes);
});

test("a PUBLISH with all of its properties: each has its value", () => {
  const these = PROPERTIES.filter(({ packets }) => packets.includes(spec.PUBLISH));
  const bytes = these.map((each) => each.bytes).join("");
  const { reason, list } = read(bytes, spec.PUBLISH);
  assert.equal(reason, 0);
  assert.deepEqual(list, Object.fromEntries(these.map(({ id, value }) => [id, value])));
});

test("no properties: one zero byte", () => {
  assert.deepEqual(readProperties("\0", 0, spec.PUBLISH), { reason: 0, list: {}, at: 1 });
  assert.equal(encodeProperties({}), "\0");
});

for (const [name, bytes, packet, reason] of [
  ["an identifier that does not exist", wire`04 00`, spec.PUBLISH, spec.MALFORMED_PACKET],
  ["an identifier of two bytes", wire`8100 00`, spec.PUBLISH, spec.MALFORMED_PACKET],
  ["a byte that is neither 0 nor 1", wire`01 02`, spec.PUBLISH, spec.PROTOCOL_ERROR],
  ["Maximum QoS 2", wire`24 02`, spec.CONNACK, spec.PROTOCOL_ERROR],
  ["Receive Maximum 0", wire`21 0000`, spec.CONNACK, spec.PROTOCOL_ERROR],
  ["Maximum Packet Size 0", wire`27 00000000`, spec.CONNACK, spec.PROTOCOL_ERROR],
  ["Subscription Identifier 0", wire`0b 00`, spec.PUBLISH, spec.PROTOCOL_ERROR],
  ["Topic Alias 0", wire`23 0000`, spec.PUBLISH, spec.PROTOCOL_ERROR],
  ["a Response Topic with a wildcard", wire`08 0003 'a/+'`, spec.PUBLISH, spec.PROTOCOL_ERROR],
  ["an empty Response Topic", wire`08 0000`, spec.PUBLISH, spec.PROTOCOL_ERROR],
  ["text that is not UTF-8", wire`03 0001 ff`, spec.PUBLISH, spec.MALFORMED_PACKET],
  ["text with a zero byte", wire`1f 0001 00`, spec.PUBACK, spec.MALFORMED_PACKET],
  ["a user property whose name is not UTF-8", wire`26 0001 ff 0001 'v'`, spec.PUBLISH, spec.MALFORMED_PACKET],
  [
    "a user property whose value is not UTF-8",
    wire`26 0001 'k' 0001 c0`,
    spec.PUBLISH,
    spec.MALFORMED_PACKET,
  ],
  ["a Subscription Identifier of five bytes", wire`0b 8080808001`, spec.SUBSCRIBE, spec.MALFORMED_PACKET],
] as const) {
  test(`refuses ${name}`, () => assert.equal(read(bytes, packet).reason, reason));
}

test("a length of five bytes, or one that is cut off, is malformed", () => {
  assert.equal(readProperties(wire`8080808001 00`, 0, spec.PUBLISH).reason, spec.MALFORMED_PACKET);
  assert.equal(readProperties(wire`80`, 0, spec.PUBLISH).reason, spec.MALFORMED_PACKET);
  assert.equal(readProperties("", 0, spec.PUBLISH).reason, spec.MALFORMED_PACKET);
  for (const n of [0, 127, 128, 16383, 16384, 2097151, 2097152, 268435455])
    assert.equal(readVarint(varint(n), 0), n);
});

test("each property has the identifier of the standard", () => {
  const missing = PROPERTIES.filter(({ id, bytes }) => bytes[0] !== chars(id));
  assert.deepEqual(missing, []);
  assert.equal(spec5.SHARED_SUBSCRIPTION_AVAILABLE, 42);
});
