// Frames longer than a 32-bit integer can say. The chip's engine has only such integers, so it must never get these lengths.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frames } from "#subject";
import { hex } from "./server.ts";
import { readerOf } from "./told.ts";

for (const length of ["0000000080000000", "00000000ffffffff", "001fffffffffffff", "7fffffffffffffff"]) {
  test(`frame reader: a frame of 0x${length} bytes is passed on as far as it arrives`, (t) => {
    const { substr } = String.prototype;
    // As on the engine: a length is a 32-bit integer.
    t.mock.method(String.prototype, "substr", function (this: string, from: number, count?: number) {
      return substr.call(this, from, count === undefined ? count : Number(BigInt.asIntN(32, BigInt(count))));
    });
    let data = "";
    const reader = readerOf({
      frame() {},
      control() {},
      data(payload: string) {
        assert.ok(payload, "a loop without end");
        data += payload;
      },
    });
    for (const chunk of [`${hex(`827f${length}`)}abc`, "def", "g"])
      assert.equal(frames.readFrames(reader, chunk), 0);
    assert.equal(data, "abcdefg");
  });
}
