// HMAC-SHA256 with the vectors of RFC 4231 (a tag is their first 16 bytes), and against Node's HMAC for keys
// and texts of every length.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { signer } from "#subject";
import type { Hmac } from "../../src/board.ts";
import { randomOf, SEED } from "../support/random.ts";
import { hex } from "../support/wire.ts";
import { newSigner } from "./rig.ts";

const bytes = (digits: string, times = 1) => Buffer.from(digits.repeat(times), "hex").toString("latin1");
const sha256 = (text: string) => createHash("sha256").update(text, "latin1").digest().toString("latin1");

/** What the engine lends to the board's function: strings and buffers in one string, and a native hash. */
const latin1 = (part: string | Buffer) => (typeof part === "string" ? part : part.toString("latin1"));
const ENGINE = {
  E: { toString: (...parts: (string | Buffer)[]) => parts.map(latin1).join("") },
  require: () => ({ SHA256: (text: string) => Buffer.from(sha256(text), "latin1") }),
};
Object.assign(globalThis, ENGINE);

/** Not named to the compiler, because its types are the engine's. */
const FILE = "../../board/esp32/hmac.ts";
const { hmac } = (await import(FILE)) as { hmac: Hmac };

/** The tag that the board's function gives. */
const tagOf = (subject: signer.Signer, context: string, text: string) =>
  hmac(subject.pads, context, text)!.slice(0, 16);

/** RFC 4231 4.2 to 4.8. Keys over 64 bytes are hashed first (RFC 2104 2); config.json takes none. */
const VECTORS: [name: string, key: string, data: string, tag: string][] = [
  ["case 1", bytes("0b", 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b"],
  ["case 2", "Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c7"],
  ["case 3", bytes("aa", 20), bytes("dd", 50), "773ea91e36800e46854db8ebd09181a7"],
  [
    "case 4",
    bytes("0102030405060708090a0b0c0d0e0f10111213141516171819"),
    bytes("cd", 50),
    "82558a389a443c0ea4cc819899f2083a",
  ],
  ["case 5", bytes("0c", 20), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"],
  [
    "case 6",
    sha256(bytes("aa", 131)),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "60e431591ee0b67f0d8a26aacbf5b77f",
  ],
  [
    "case 7",
    sha256(bytes("aa", 131)),
    "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
    "9b09ffa71b942fcb27635fbcd5b0e944",
  ],
];

for (const [name, key, data, tag] of VECTORS) {
  test(`RFC 4231 ${name}: the tag is the vector's`, () => {
    const subject = newSigner("a", key);
    assert.equal(hex(tagOf(subject, "", data)!), tag);
    assert.equal(hex(tagOf(subject, data.slice(0, 5), data.slice(5))!), tag);
    assert.ok(signer.isTag(subject, "", data, bytes(tag)));
  });
}

test("keys of 16 to 64 bytes, any text: the tag is that of Node's HMAC", () => {
  const random = randomOf(SEED);
  for (let length = 16; length <= 64; length++) {
    const key = random.bytes(length);
    const text = random.bytes(random.below(300));
    const expected = createHmac("sha256", Buffer.from(key, "latin1"))
      .update(text, "latin1")
      .digest()
      .toString("latin1");
    assert.equal(tagOf(newSigner("a", key), "", text), expected.slice(0, 16), `FUZZ_SEED=${SEED}`);
  }
});

test("a tag that differs in one bit, or in length: refused", () => {
  const subject = newSigner();
  const tag = tagOf(subject, "c", "text")!;
  assert.ok(signer.isTag(subject, "c", "text", tag));
  for (let bit = 0; bit < 128; bit++) {
    const other = Buffer.from(tag, "latin1");
    other[bit >> 3]! ^= 1 << (bit & 7);
    assert.ok(!signer.isTag(subject, "c", "text", other.toString("latin1")), `bit ${bit}`);
  }
  for (const other of ["", tag.slice(1), tag.slice(0, 15), `${tag}\0`])
    assert.ok(!signer.isTag(subject, "c", "text", other));
});

test("no SHA-256, or no memory for it: no hash", () => {
  assert.equal(hmac({ inner: "", outer: "" }, "", "")?.length, 32);
  for (const lacks of [{ require: () => ({}) }, { ...ENGINE, E: { toString: () => undefined } }]) {
    Object.assign(globalThis, lacks);
    assert.equal(hmac({ inner: "", outer: "" }, "", ""), undefined);
    Object.assign(globalThis, ENGINE);
  }
});

test("no memory for a tag: every tag is refused, an empty one too", () => {
  for (const works of [0, 1, 2]) {
    const subject = newSigner();
    let calls = 0;
    const tag = subject.hmac(subject.pads, "", "text")!.slice(0, 16);
    subject.hmac = (...text) => (calls++ < works ? hmac(...text) : undefined);
    assert.ok(!signer.isTag(subject, "", "text", tag), `${works} tags`);
    calls = 0;
    assert.ok(!signer.isTag(subject, "", "text", ""), `${works} tags`);
  }
});
