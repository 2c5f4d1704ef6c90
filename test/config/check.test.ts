// config.json against a schema: each kind of value with its bounds, mistakes at every depth, one line for each and no
// value in any of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOOLEAN, checkConfig, ELSEWHERE, NUMBER, type Schema, TEXT, TOPIC, URL } from "#subject";

/** Rules for one key, or for all. */
function check(schema: Schema, json: unknown): { mistakes: number; lines: string[] } {
  const lines: string[] = [];
  const report = (key: string, wrong: string) =>
    void lines.push(wrong ? `1 config ${key}: ${wrong}` : `2 config warning: unknown key ${key}, ignored`);
  return { mistakes: checkConfig(report, schema, json), lines };
}

/** Values of one rule: good ones, and bad ones with the text that the line must have. */
const KINDS: [name: string, rule: Schema[string], good: unknown[], bad: unknown[], expected: RegExp][] = [
  [
    "text",
    [TEXT, 2, 4],
    ["ab", "abcd", "\x01\x02", "\xc3\xa9"],
    ["a", "abcde", "", 12, true, null, {}, [], ["ab"]],
    /text.*2\.\.4/,
  ],
  [
    "text in UTF-8",
    [TEXT, 0, 9],
    ["", "\xe2\x82\xac"],
    ["\xe9", "\xe2\x82", "a\xff", "\xed\xa0\x80", "a\0"],
    /UTF-8/,
  ],
  [
    "a number",
    [NUMBER, 1, 10],
    [1, 10, 5, 1e1],
    [0, 11, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", "", true, null, {}, [], [5]],
    /whole number.*1\.\.10/,
  ],
  ["a boolean", [BOOLEAN, 0, 0], [true, false], [0, 1, "", "true", null, {}, []], /true or false/],
  ["a topic", [TOPIC, 1, 20], ["t", "a/b", "/", "$SYS"], ["+", "#", "a/+/b", "a/#", "a+b"], /topic/],
  ["a topic of bounded length", [TOPIC, 1, 20], ["t"], ["", "x".repeat(21), 5, null], /text.*1\.\.20/],
  [
    "a URL",
    [URL, 1, 2048],
    ["ws://h", "ws://u:p@h:81/x?y", "wss://h"],
    ["http://h", "ws://", "ws://h:0", "ws://u:a/b@h", "wss://"],
    /ws:\/\//,
  ],
  [
    "a URL of bounded length",
    [URL, 1, 20],
    ["ws://h"],
    ["", `ws://${"h".repeat(20)}`, 5, null, {}],
    /text.*1\.\.20/,
  ],
];

for (const [name, rule, good, bad, expected] of KINDS) {
  test(`config: ${name} takes good values and names what is wrong with bad ones`, () => {
    for (const value of good)
      assert.deepEqual(check({ key: rule }, { key: value }), { mistakes: 0, lines: [] });
    for (const value of bad) {
      const { mistakes, lines } = check({ key: rule }, { key: value });
      assert.deepEqual([mistakes, lines.length], [1, 1], `${JSON.stringify(value)}: ${lines}`);
      assert.match(lines[0]!, /^1 config key: expected /);
      assert.match(lines[0]!, expected);
    }
  });
}

test("config: a key that only another build knows is refused, and the line names that build", () => {
  for (const value of [{}, 1, null, "x", { topic: 1 }]) {
    const { mistakes, lines } = check({ key: [ELSEWHERE, 0, 0, "full"] }, { key: value });
    assert.deepEqual([mistakes, lines.length], [1, 1]);
    assert.match(lines[0]!, /^1 config key: .*full/);
  }
  const json = {};
  assert.equal(check({ key: [ELSEWHERE, 0, 0, "full"] }, json).mistakes, 0);
  assert.deepEqual(json, {}, "and has no default");
});

const SCHEMA: Schema = {
  a: { text: [TEXT, 1, 9], inner: { "?": true, number: [NUMBER, 0, 9], flag: [BOOLEAN, 0, 0, false] } },
  b: { zero: [NUMBER, 0, 9, 0], empty: [TEXT, 0, 9, ""], no: [BOOLEAN, 0, 0, false] },
  log: [NUMBER, 0, 4, 2],
};

test("config: defaults are filled in, also in a missing object, and given values stay", () => {
  const json = { a: { text: "x" } };
  assert.deepEqual(check(SCHEMA, json), { mistakes: 0, lines: [] });
  assert.deepEqual(json, { a: { text: "x" }, b: { zero: 0, empty: "", no: false }, log: 2 });
  const given = { a: { text: "x", inner: { number: 5 } }, b: { zero: 1, empty: "e", no: true }, log: 0 };
  const before = structuredClone(given);
  assert.deepEqual(check(SCHEMA, given), { mistakes: 0, lines: [] });
  assert.deepEqual(given, { ...before, a: { text: "x", inner: { number: 5, flag: false } } });
});

test("config: a missing required key, and each other mistake, has one line with its whole path", () => {
  for (const [json, keys] of [
    [{}, ["a.text"]],
    [{ a: {} }, ["a.text"]],
    [{ a: null }, ["a"]],
    [{ a: [] }, ["a"]],
    [{ a: "secret" }, ["a"]],
    [{ a: 5 }, ["a"]],
    [{ a: false }, ["a"]],
    [{ a: { text: "x", inner: null } }, ["a.inner"]],
    [{ a: { text: "x", inner: [1] } }, ["a.inner"]],
    [{ a: { text: "x", inner: {} } }, ["a.inner.number"]],
    [
      { a: { text: 1, inner: { number: "secret", flag: 0 } }, b: { zero: 99 }, log: 9 },
      ["a.text", "a.inner.number", "a.inner.flag", "b.zero", "log"],
    ],
  ] as const) {
    const { mistakes, lines } = check(SCHEMA, structuredClone(json));
    const named = lines.map((line) => /^1 config (\S+): expected/.exec(line)?.[1]);
    assert.deepEqual(named, keys, JSON.stringify(json));
    assert.equal(mistakes, keys.length);
    assert.doesNotMatch(lines.join(), /secret/);
  }
});

test("config: a value that is not an object has one line that asks for an object", () => {
  for (const json of [undefined, null, [], "secret", 5, true, [{ a: { text: "x" } }]]) {
    const { mistakes, lines } = check(SCHEMA, json);
    assert.deepEqual([mistakes, lines.length], [1, 1]);
    assert.match(lines[0]!, /^1 config config\.json: expected .*object/);
    assert.doesNotMatch(lines[0]!, /secret/);
  }
});

test("config: an unknown key gets one warning with its path, and is ignored", () => {
  for (const [json, key] of [
    [{ a: { text: "x" }, c: "secret" }, "c"],
    [{ a: { text: "x" }, c: { text: "secret" } }, "c"],
    [{ a: { text: "x", Text: "secret" } }, "a.Text"],
    [{ a: { text: "x", inner: { number: 1, "": "secret" } } }, "a.inner."],
    [{ a: { text: "x" }, "a.text": "secret" }, "a.text"],
    [{ a: { text: "x", "inner.number": 1 } }, "a.inner.number"],
    [{ a: { text: "x" }, toString: "secret" }, "toString"],
    [{ a: { text: "x" }, hasOwnProperty: "secret" }, "hasOwnProperty"],
    [JSON.parse('{"a":{"text":"x"},"__proto__":{"log":9}}'), "__proto__"],
  ] as const) {
    const { mistakes, lines } = check(SCHEMA, json);
    assert.deepEqual([mistakes, lines.length], [0, 1], JSON.stringify(json));
    assert.ok(lines[0]!.startsWith("2 config "));
    assert.ok(lines[0]!.includes(`unknown key ${key}`), lines[0]);
    assert.doesNotMatch(lines[0]!, /secret/);
  }
});

test("config: a key that only the schema uses is unknown in config.json", () => {
  for (const value of [1, {}, true]) {
    const { mistakes, lines } = check(SCHEMA, { a: { text: "x", inner: { number: 1, "?": value } } });
    assert.equal(mistakes, 0);
    assert.match(lines.join(), /unknown key a\.inner\.\?/);
  }
});
