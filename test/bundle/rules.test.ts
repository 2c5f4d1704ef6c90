// The rules for bundles: each rule reports the code it is for, and accepts code that only looks like it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { violationsOf } from "./rules.ts";

const BAD: [code: string, what: string][] = [
  ["var a = 'é';", "not ASCII"],
  ["var a = 1;\t", "not ASCII"],
  ["a: for (;;) { break a; }", "label"],
  ["with (a) b();", "with"],
  ["a.length = 0;", "assignment to length"],
  ["a['length'] += 1;", "assignment to length"],
  ["a.b.length--;", "assignment to length"],
  ["switch (a) { default: b(); case 1: c(); }", "default before a case"],
  ["switch (a) { case 0: default: b(); case 1: c(); }", "default before a case"],
  ["var a = { get b() { return 1; } };", "getter or setter"],
  ["var of = 1;", "a word of the engine"],
  ["function of() { a(); }", "a word of the engine"],
  ["a(of);", "a word of the engine"],
  ["Object.freeze(a);", "lacking"],
  ["a['lastIndexOf'](b);", "lacking"],
  ["a.search(/b/);", "lacking"],
  ["new Map();", "lacking"],
  ["Date.UTC(1);", "lacking"],
  ["__extends(A, B);", "lacking"],
  ["var __assign = 1;", "lacking"],
  ["a instanceof RangeError;", "lacking"],
  ["/a{2}/;", "counted quantifier"],
  ["/a{2,}/;", "counted quantifier"],
  ["/(?:a)/;", "group that does not capture"],
  ["/a(?=b)/;", "group that does not capture"],
  ["/^(a|b)$/;", "alternatives in a group"],
  ["/x(a(b|c))/;", "alternatives in a group"],
  ["/a*?/;", "lazy quantifier"],
  ["/a??/;", "lazy quantifier"],
  ["/(a)\\1/;", "reference back"],
  ["/a/m;", "flag"],
  ["RegExp('a+?');", "lazy quantifier"],
  ["new RegExp(a);", "regular expression that is not known before it runs"],
  ["/a./;", "a dot"],
  ["/^[^a]+$/;", "+ that is content with the end"],
  ["/\\D+/;", "+ that is content with the end"],
  ["/[\\x00-\\x1f]+/;", "+ that is content with the end"],
  ["a.split('\\r\\n')[0];", "split by more than one character"],
  ["a.split(b).join(c);", "split by more than one character"],
  ["a = b.split(' ' + c);", "split by more than one character"],
  ["a.indexOf('ab') === 0;", "indexOf more than one character"],
  ["a.includes('a');", "includes, which takes a beginning at the end"],
  ["a.replace('a', 'b');", "replace something that is no regular expression"],
  ["a.replace(b, '');", "replace something that is no regular expression"],
  ["a.replace(/b/, '$&');", "replace by a text with $"],
  ["a.replace(/b/, c);", "replace by a text with $"],
  ["a.toFixed();", "toFixed without digits, which cuts"],
  ["a.toFixed(0);", "toFixed without digits, which cuts"],
  ["a = +b;", "number of a text"],
  ["a = b + +c;", "number of a text"],
  ["Number(a);", "number of a text"],
  ["parseFloat(a);", "number of a text"],
  ["parseInt(a);", "parseInt without a radix"],
  ["function a() { if (b) c(); return }", "return at the end"],
  ["require('fs');", "unknown module"],
  ["require(a);", "unknown module"],
  [`var ${"a".repeat(64)};`, "name over 63 characters"],
  [`a.${"b".repeat(64)}();`, "name over 63 characters"],
  [`var a = { '${"b".repeat(64)}': 1 };`, "name over 63 characters"],
];

for (const [code, what] of BAD) {
  test(`rules: ${JSON.stringify(code.slice(0, 40))} is reported as ${what}`, () => {
    assert.ok(violationsOf(code).length > 0, "found");
    for (const found of violationsOf(code)) assert.equal(found.split(":")[0], what);
  });
}

test("rules: code that Espruino runs is accepted", () => {
  const code = `
    var a = require("net"), b = /^[\\x01-\\x1f{2}?*+(?:]+\\?\\{2}(xy)?|[(|]$/gi, c = { freeze: 1, length: 2, of: 3 };
    c.of = 4;
    if (a.split(",")[0] || a.split(" " + b + ":")[1] || a.split("ab").length < 2 || a.split(/ab/)[0]) a.indexOf(c);
    a.replace(/[^a]/g, b ? "*" : "_").replace(/[ab]+c*/, function (d) { return d; }); parseInt(a, 10); parseFloat(a.toFixed(3)); parseFloat(a + "."); parseFloat(a + "." + b);
    a.indexOf("+") + -b + "a";
    switch (a.length) { case 1: b(); default: c.searching(); }
    for (var i = 0; i < a.length; i++) if (a[i] === "lastIndexOf") ${"d".repeat(63)}(a.length + 1);
    try { a.b = "\\xe9".split("").sort(); } catch (e) { throw new Error(e); }`;
  assert.deepEqual(violationsOf(code), []);
});

test("rules: code newer than ES5 does not parse", () => {
  for (const code of [
    "const a = 1;",
    "let a;",
    "() => 1;",
    "`a`;",
    "class A {}",
    "f(...a);",
    "var { a } = b;",
  ]) {
    assert.throws(() => violationsOf(code), SyntaxError, code);
  }
});
