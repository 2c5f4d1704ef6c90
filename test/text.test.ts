// Values of the application as bytes, and JSON in UTF-8 in both directions, whatever the engine's own JSON does.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromJson, toBytes, toJson, utf8 } from "../src/text";

/** As the board's: the memory of an ArrayBuffer, or the part of it that an array shows. */
function flat(data: ArrayBuffer | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
  return bytes.toString("latin1");
}

const bytesOf = (text: string) => Buffer.from(text).toString("latin1");
const textOf = (bytes: string) => Buffer.from(bytes, "latin1").toString();

test("text: a string of bytes stays, a string with characters above 255 becomes UTF-8", () => {
  assert.equal(toBytes("caf\xc3\xa9\0\xff", { flat }), "caf\xc3\xa9\0\xff");
  assert.equal(toBytes("3 \u20ac \ud83d\ude00", { flat }), bytesOf("3 \u20ac \ud83d\ude00"));
  assert.equal(utf8("caf\u00e9"), "caf\xc3\xa9");
  assert.equal(utf8("\ud83d \ude00\ud83d"), bytesOf("\ufffd \ufffd\ufffd"));
});

test("text: typed arrays give their bytes, other values their text or JSON", () => {
  const words = new Uint16Array([0x4142, 0x4344, 0x4546]);
  assert.equal(toBytes(words, { flat }), "BADCFE");
  assert.equal(toBytes(words.subarray(1, 2), { flat }), "DC");
  assert.equal(toBytes(words.buffer, { flat }), "BADCFE");
  assert.equal(toBytes(new Uint8Array(0), { flat }), "");
  assert.equal(toBytes(21.5, { flat }), "21.5");
  assert.equal(toBytes(false, { flat }), "false");
  assert.equal(toBytes(undefined, { flat }), "");
  assert.equal(toBytes(null, { flat }), "");
  assert.equal(toBytes({ t: 21.5, at: ["x"] }, { flat }), '{"t":21.5,"at":["x"]}');
});

test("text: JSON from bytes in UTF-8: escaped characters come back as UTF-8", () => {
  const value = { "caf\xc3\xa9": "\xe2\x82\xac\n\\u20ac" };
  assert.equal(textOf(toJson(value)), '{"caf\u00e9":"\u20ac\\n\\\\u20ac"}');
  assert.deepEqual(fromJson(toJson(value)), value);
  assert.deepEqual(fromJson('["\\u00e9\\u20AC\\ud83d\\ude00", "\\\\u20ac", "\\\\\\u20ac", "\\u0041\\n"]'), [
    bytesOf("\u00e9\u20ac\ud83d\ude00"),
    "\\u20ac",
    `\\${bytesOf("\u20ac")}`,
    "A\n",
  ]);
  assert.deepEqual(fromJson('["\\ud83d", "\\ud83dx\\ude00"]'), [bytesOf("\ufffd"), bytesOf("\ufffdx\ufffd")]);
  assert.equal(fromJson("{"), undefined);
  assert.equal(fromJson('"\\u20"'), undefined);
});

test("text: an engine that escapes all non-ASCII characters gives the same JSON", (t) => {
  const { stringify } = JSON;
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}`;
  t.mock.method(JSON, "stringify", (value: unknown) => stringify(value).replace(/[\x7f-\uffff]/g, escaped));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const asBytes = JSON.parse(bytesOf(stringify(value)));
      assert.deepEqual(JSON.parse(textOf(toJson(asBytes))), JSON.parse(textOf(bytesOf(stringify(value)))));
      assert.deepEqual(fromJson(toJson(asBytes)), asBytes);
    }),
    { seed: 8, numRuns: 300 },
  );
  assert.equal(toJson("\u20ac"), bytesOf('"\u20ac"'));
});
