// Keys in config.json: hexadecimal or base64 of 16 to 64 bytes. Text that only looks like a key is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeKey } from "#subject";
import { randomOf, SEED } from "../support/random.ts";

test("a key in hexadecimal or base64 gives its bytes", () => {
  const random = randomOf(SEED);
  for (let length = 16; length <= 64; length++) {
    const key = random.bytes(length);
    const buffer = Buffer.from(key, "latin1");
    const base64 = buffer.toString("base64");
    for (const text of [
      buffer.toString("hex"),
      buffer.toString("hex").toUpperCase(),
      base64,
      base64.replace(/=/g, ""),
      buffer.toString("base64url"),
    ]) {
      assert.equal(decodeKey(text), key, `FUZZ_SEED=${SEED} ${length} bytes`);
    }
  }
});

test("text that is not a key is refused", () => {
  const good = Buffer.alloc(32, 7).toString("base64");
  for (const text of [
    "",
    "secret",
    "00".repeat(15),
    "00".repeat(65),
    Buffer.alloc(15).toString("base64"),
    Buffer.alloc(65).toString("base64"),
    ` ${good}`,
    `${good}\n`,
    `${good}=`,
    `=${good}`,
    `${good.slice(0, 10)}=${good.slice(10)}`,
    good.replace(/.=$/, "B="), // bits behind the last byte
    good.replace(/B/, "\xc3\xa9"),
    good.replace(/..=$/, ""), // a sixth of a byte too many
    "*".repeat(44),
  ]) {
    assert.equal(decodeKey(text), undefined, JSON.stringify(text));
  }
});
