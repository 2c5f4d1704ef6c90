// Properties of every message: it is received as it was encoded, by our client and by an independent codec, in any chunks.
// Inputs are made by fast-check; FUZZ_SEED repeats a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import mqttPacket from "mqtt-packet";
import { isTopicFilter, isTopicName, readU16, u16, varint, wellFormed } from "#subject";
import { atRandom } from "../support/feeds.ts";
import { encodePublish } from "../support/packets.ts";
import { chance, SEED as seed } from "../support/random.ts";
import { utf8 } from "../support/wire.ts";
import { apart, feed, readyPeer } from "./peer.ts";

const parameters = { seed: seed | 0, numRuns: 300 };

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array).toString("latin1"));
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((s) => !s.includes("\0"));
const topic = text.map((s) => utf8(s.replace(/[+#]/g, "/")));

test("a random message that our client encodes is received unchanged in any chunks", (t) => {
  t.diagnostic(`FUZZ_SEED=${seed}`);
  fc.assert(
    fc.property(
      topic,
      bytes,
      fc.nat(2),
      fc.boolean(),
      fc.integer({ min: 1, max: 65535 }),
      (name, payload, qos, retain, id) => {
        const flags = (qos << 1) | (retain ? 1 : 0);
        const peer = readyPeer();
        assert.equal(feed(peer, atRandom(encodePublish(name, payload, flags, id), chance(seed), 30)), 0);
        const event = `message ${JSON.stringify(name)} ${JSON.stringify(payload)} ${flags}`;
        assert.deepEqual(apart(peer.events).told, [event]);
        assert.equal(peer.events.length, qos ? 2 : 1);
      },
    ),
    parameters,
  );
});

test("a random message that the independent codec encodes is received unchanged", () => {
  fc.assert(
    fc.property(text, bytes, fc.nat(2), fc.boolean(), fc.boolean(), (name, payload, qos, retain, dup) => {
      const topic = name.replace(/[+#]/g, "/");
      const fields = {
        topic,
        payload: Buffer.from(payload, "latin1"),
        qos: qos as 0,
        retain,
        dup: dup && qos > 0,
      };
      const packet = mqttPacket.generate({ cmd: "publish", messageId: 7, ...fields }).toString("latin1");
      const peer = readyPeer();
      assert.equal(feed(peer, atRandom(packet, chance(seed), 30)), 0);
      const flags = (fields.dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
      assert.equal(
        apart(peer.events).told.at(-1),
        `message ${JSON.stringify(utf8(topic))} ${JSON.stringify(payload)} ${flags}`,
      );
    }),
    parameters,
  );
});

test("random text is well-formed, and random bytes are judged as by the platform's decoder", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  fc.assert(
    fc.property(text, (s) => wellFormed(utf8(s))),
    parameters,
  );
  fc.assert(
    fc.property(bytes, (s) => {
      let good = !s.includes("\0");
      try {
        decoder.decode(Buffer.from(s, "latin1"));
      } catch {
        good = false;
      }
      return wellFormed(s) === good;
    }),
    parameters,
  );
});

test("random integers are read as they were written, a Remaining Length in the fewest bytes", () => {
  fc.assert(
    fc.property(fc.nat(65535), (n) => readU16(u16(n), 0) === n),
    parameters,
  );
  fc.assert(
    fc.property(fc.nat(268435455), (n) => {
      const coded = Buffer.from(varint(n), "latin1");
      const value = coded.reduce((sum, byte, i) => sum + (byte & 127) * 128 ** i, 0);
      return (
        value === n &&
        coded.every((byte, i) => byte > 127 === i < coded.length - 1) &&
        (n < 128 || coded.at(-1)! > 0)
      );
    }),
    parameters,
  );
});

test("an integer beyond the end of the bytes is not a number", () => {
  assert.ok(Number.isNaN(readU16("", 0)));
  assert.ok(Number.isNaN(readU16("\x01", 0)));
  assert.ok(Number.isNaN(readU16("\x01\x02", 1)));
});

test("every Topic Name is a valid Topic Filter, and so is one with wildcards as whole levels", () => {
  fc.assert(
    fc.property(topic, (name) => isTopicName(name) && isTopicFilter(name) && isTopicFilter(`${name}/#`)),
    parameters,
  );
  const level = fc.oneof(fc.constant("+"), topic);
  fc.assert(
    fc.property(fc.array(level, { minLength: 1, maxLength: 6 }), (levels) => isTopicFilter(levels.join("/"))),
    parameters,
  );
});
