// Every packet that a client sends has the bytes of the vectors, and those of an independent codec (mqtt-packet, the one
// inside npm `mqtt`).
import assert from "node:assert/strict";
import { test } from "node:test";
import mqttPacket, { type Packet } from "mqtt-packet";
import { type ConnectOptions, encodeAck, encodeConnect, encodeWill, packet, spec } from "#subject";
import type { Bytes } from "../../src/board.ts";
import { encodePublish, encodeSubscribe, encodeUnsubscribe } from "../support/packets.ts";
import { hex } from "../support/wire.ts";
import { CONNECTS } from "./connect-vectors.ts";
import { VECTORS } from "./vectors.ts";

for (const { name, options, bytes } of CONNECTS) {
  test(`encodes CONNECT: ${name}`, () => {
    assert.equal(hex(encodeConnect(options, encodeWill(options.will))), hex(bytes));
  });
}

for (const { name, bytes, sent } of VECTORS) {
  if (sent) test(`encodes ${name}`, () => assert.equal(hex(sent()), hex(bytes)));
}

test("CONNECT in a build without wills: the will is left out", () => {
  const will = { topic: "w", payload: "gone", qos: 1, retain: true };
  const options = { clientId: "a", cleanSession: true, keepAlive: 0 };
  assert.equal(hex(encodeConnect({ ...options, will })), hex(encodeConnect(options)));
});

const buffer = (bytes: Bytes) => Buffer.from(bytes, "latin1");

/** The other codec's CONNECT with these fields. */
function theirs(fields: Packet): string {
  return mqttPacket.generate(fields).toString("hex");
}

/** The fields that the other codec reads. */
function read(bytes: Bytes): Packet {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => packets.push(packet));
  parser.on("error", (error) => {
    throw error;
  });
  assert.equal(parser.parse(buffer(bytes)), 0, "bytes are left over");
  assert.equal(packets.length, 1);
  return packets[0]!;
}

const texts = [undefined, "", "me"];
const wills = [0, 1, 2].flatMap((qos) =>
  [true, false].map((retain) => ({ topic: "w/ill", payload: qos ? "gone" : "", qos, retain })),
);

test("CONNECT with every combination of fields: the independent codec reads and writes the same", () => {
  for (const cleanSession of [true, false])
    for (const keepAlive of [0, 45, 65535])
      for (const clientId of cleanSession ? ["", "esp"] : ["esp"])
        for (const user of texts)
          for (const password of user === undefined ? [undefined] : texts)
            for (const will of [undefined, ...wills])
              compare({ clientId, cleanSession, keepAlive, user, password, will });
});

/** The other codec reads our fields from our bytes. It writes the same bytes where it supports the case. */
function compare(options: ConnectOptions): void {
  const { clientId, cleanSession, keepAlive, user, password, will } = options;
  const bytes = encodeConnect(options, encodeWill(options.will));
  const fields = read(bytes);
  assert.ok(fields.cmd === "connect");
  assert.deepEqual(
    [fields.clientId, fields.clean, fields.keepalive, fields.username, fields.password?.toString("latin1")],
    [clientId, cleanSession, keepAlive, user, password],
  );
  const theirWill = fields.will && { ...fields.will, payload: fields.will.payload.toString("latin1") };
  assert.deepEqual(
    theirWill,
    will && { retain: will.retain, qos: will.qos, topic: will.topic, payload: will.payload },
  );
  assert.equal(fields.length, bytes.length - 2);
}

test("PUBLISH of every kind: the independent codec reads and writes the same", () => {
  for (const qos of [0, 1, 2] as const)
    for (const retain of [true, false])
      for (const dup of qos ? [true, false] : [false])
        for (const payload of ["", "x", "\0\xff".repeat(100), "y".repeat(20000)]) {
          const flags = (qos << 1) | (retain ? spec.RETAIN : 0) | (dup ? spec.DUP : 0);
          const fields = { topic: "a/b", payload: buffer(payload), qos, retain, dup, messageId: 0x102 };
          assert.equal(
            hex(encodePublish("a/b", payload, flags, 0x102)),
            theirs({ cmd: "publish", ...fields }),
          );
        }
});

test("acknowledgements, subscriptions and empty packets: the independent codec reads and writes the same", () => {
  const acks = { puback: spec.PUBACK, pubrec: spec.PUBREC, pubrel: spec.PUBREL, pubcomp: spec.PUBCOMP };
  for (const messageId of [1, 255, 256, 65535]) {
    for (const [cmd, type] of Object.entries(acks)) {
      assert.equal(hex(encodeAck(type, messageId)), theirs({ cmd: cmd as "puback", messageId }));
    }
    const filters = ["a", "+/b", "#"];
    const subscriptions = filters.map((topic, qos) => ({ topic, qos: qos as 0 }));
    assert.equal(
      hex(
        encodeSubscribe(
          messageId,
          filters.map((filter, qos) => ({ filter, qos })),
        ),
      ),
      theirs({ cmd: "subscribe", messageId, subscriptions }),
    );
    assert.equal(
      hex(encodeUnsubscribe(messageId, filters)),
      theirs({ cmd: "unsubscribe", messageId, unsubscriptions: filters }),
    );
  }
  assert.equal(hex(packet(spec.PINGREQ << 4, "")), theirs({ cmd: "pingreq" }));
  assert.equal(hex(packet(spec.DISCONNECT << 4, "")), theirs({ cmd: "disconnect" }));
});
