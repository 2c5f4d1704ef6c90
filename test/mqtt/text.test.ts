// Rules for text (1.5.3), a Topic Name and a Topic Filter (4.7): ill-formed UTF-8 of every kind, alone, in the middle and
// at the end, in both directions; compared with an independent decoder.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isTopicFilter, isTopicName, pieces, publish, spec, subscribe, wellFormed } from "#subject";
import { hex } from "../support/wire.ts";
import { feed, readyPeer, same } from "./peer.ts";

const bytesOf = (digits: string) => Buffer.from(digits, "hex").toString("latin1");

const ILL_FORMED: [hex: string, why: string][] = [
  ["80", "a lone continuation byte"],
  ["bf", "a lone continuation byte"],
  ["c080", "U+0000 in two bytes"],
  ["c0af", "/ in two bytes"],
  ["c1bf", "U+007F in two bytes"],
  ["c2", "the second byte is missing"],
  ["c241", "the second byte is a letter"],
  ["c2c2", "the second byte begins another character"],
  ["c28080", "a continuation byte too many"],
  ["e0a0", "the third byte is missing"],
  ["e1", "two bytes are missing"],
  ["e08080", "U+0000 in three bytes"],
  ["e09fbf", "U+07FF in three bytes"],
  ["e228a1", "the second byte is ("],
  ["e28228", "the third byte is ("],
  ["eda080", "the surrogate U+D800"],
  ["edbfbf", "the surrogate U+DFFF"],
  ["eda080edb080", "a pair of surrogates"],
  ["f0908d", "the fourth byte is missing"],
  ["f0808080", "U+0000 in four bytes"],
  ["f08fbfbf", "U+FFFF in four bytes"],
  ["f0908d28", "the fourth byte is ("],
  ["f4908080", "U+110000"],
  ["f5808080", "above every character"],
  ["f888808080", "five bytes"],
  ["fc8480808080", "six bytes"],
  ["fe", "a byte that UTF-8 never has"],
  ["ff", "a byte that UTF-8 never has"],
  ["00", "U+0000"],
  ["c3a900", "U+0000 behind a character"],
];

const WELL_FORMED = [
  "01",
  "7f",
  "c280",
  "dfbf",
  "e0a080",
  "ed9fbf",
  "ee8080",
  "efbbbf",
  "efbfbf",
  "f0908080",
  "f48fbfbf",
];

for (const [digits, why] of ILL_FORMED) {
  test(`${digits} is not well-formed text: ${why}`, () => {
    const bad = bytesOf(digits);
    for (const text of [bad, `a${bad}`, `${bad}z`, `a/${bad}/z`, `\xc3\xa9${bad}`, `${bad}\xc3\xa9`]) {
      assert.equal(wellFormed(text), false, hex(text));
      assert.equal(isTopicName(text), false);
      const peer = readyPeer();
      assert.throws(() => publish(peer.client, text, "", 0, false), /topic/);
      assert.throws(() => subscribe(peer.client, [{ filter: text, qos: 0 }]), /filter/);
      const packet = `\x30${String.fromCharCode(2 + text.length)}\0${String.fromCharCode(text.length)}${text}`;
      assert.equal(feed(peer, [packet]), spec.MALFORMED_PACKET);
      same(peer.events, []);
    }
  });
}

test("the first and last character of each length are well-formed text", () => {
  for (const digits of WELL_FORMED) {
    const good = bytesOf(digits);
    for (const text of [good, `a${good}`, `${good}z`, good + good]) {
      assert.equal(wellFormed(text), true, hex(text));
      const peer = readyPeer();
      const packet = `\x30${String.fromCharCode(2 + text.length)}\0${String.fromCharCode(text.length)}${text}`;
      assert.equal(feed(peer, [packet]), 0);
      assert.equal(peer.events.length, 1);
    }
  }
});

test("U+0000 is accepted where the caller allows it, other rules stay", () => {
  assert.equal(wellFormed("\0", 1), true);
  assert.equal(wellFormed("a\0\xc3\xa9\0", 1), true);
  assert.equal(wellFormed("\xc3\0", 1), false);
  assert.equal(wellFormed("\xed\xa0\x80", 1), false);
});

test("all sequences of two bytes, and of more around every limit, agree with the decoder of the platform", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reference = (text: string) => {
    try {
      return !decoder.decode(Buffer.from(text, "latin1")).includes("\0");
    } catch {
      return false;
    }
  };
  const check = (...codes: number[]) => {
    const text = String.fromCharCode(...codes);
    if (wellFormed(text) !== reference(text)) assert.fail(hex(text));
  };
  for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) check(a, b);
  const limits = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
  for (let a = 0xc0; a < 256; a++)
    for (const b of limits)
      for (const c of limits) {
        check(a, b, c);
        for (const d of limits) check(a, b, c, d);
      }
});

test("a Topic Name has 1 to 65535 bytes and no wildcard", () => {
  for (const name of ["a", "/", "//", "a/b", " ", "$SYS/x", "a".repeat(65535)])
    assert.ok(isTopicName(name), name);
  for (const name of ["", "+", "#", "a+", "a/+/b", "a/#", "a".repeat(65536)])
    assert.ok(!isTopicName(name), name);
});

test("a Topic Filter has 1 to 65535 bytes, + alone in a level, # alone in the last one", () => {
  const good = [
    "#",
    "+",
    "/",
    "//",
    "+/+",
    "/+",
    "+/",
    "a/#",
    "+/#",
    "/#",
    "a/+/b/#",
    "a b",
    "$SYS/#",
    "a".repeat(65535),
  ];
  const bad = [
    "",
    "a#",
    "a/b#",
    "#/",
    "#/a",
    "a/#/b",
    "##",
    "a+",
    "+a",
    "a/b+/c",
    "++",
    "+#",
    "#+",
    "a".repeat(65536),
  ];
  for (const filter of good) assert.ok(isTopicFilter(filter), filter);
  for (const filter of bad) assert.ok(!isTopicFilter(filter), filter);
});

test("text is cut into the pieces that the standard's split gives, also by an engine that finds beginnings at the end", (t) => {
  const { indexOf } = String.prototype;
  // The engine's: at the very end a beginning is enough (engine 4).
  t.mock.method(String.prototype, "indexOf", function (this: string, wanted: string, from = 0) {
    const at = indexOf.call(this, wanted, from);
    for (let end = this.length - wanted.length + 1; at < 0 && end > 0 && end < this.length; end++)
      if (end >= from && wanted.startsWith(this.slice(end))) return end;
    return at;
  });
  assert.equal("abc".indexOf("cd"), 2, "as on the engine");
  for (const text of ["", "a", "ab", "abc", "abab", "aaa", "aaaa", "xaby", "ab\r", "abcdefg", "aab", "xabcd"])
    for (const separator of ["a", "ab", "aa", "abc", "\r\n", "abcdefgh"])
      assert.deepEqual(pieces(text, separator), text.split(separator), `${text} by ${separator}`);
});
