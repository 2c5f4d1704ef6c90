// Frames of lengths that a chip's whole numbers, of 32 bits, do not hold: nothing may be asked of the engine with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frames } from "#subject";
import { hex } from "./server.ts";
import { readerOf } from "./told.ts";

for (const length of ["0000000080000000", "00000000ffffffff", "001fffffffffffff", "7fffffffffffffff"]) {
  test(`frame: of 0x${length} bytes is read as far as it comes`, (t) => {
    const { substr } = String.prototype;
    // The engine's: a length is a whole number of 32 bits.
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
