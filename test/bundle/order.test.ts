// The checker of the bundles: programs that an engine without hoisting runs, and programs that it cannot run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { orderOf } from "./order.ts";

const GOOD: [name: string, code: string][] = [
  ["a function called below its line", "function f() {} f();"],
  ["functions that call each other, called below both", "function f() { g(); } function g() { f(); } f();"],
  ["a name used in a function that is called below it", "function f() { return x; } var x = 1; f();"],
  ["a function that runs later", "setTimeout(function () { f(); }, 0); function f() {}"],
  ["a method that runs later", "var o = { m: function () { return x; } }; var x = 1;"],
  ["a var below a branch that leaves", "function f(a) { if (a) return 1; var x = 2; return x; } f();"],
  ["a var in both branches", "function f(a) { if (a) { var x = 1; } else { var x = 2; } return x; } f();"],
  ["a var in a branch and its use there", "function f(a) { if (a) { var x = 1; return x; } } f();"],
  ["a var of a loop, used below it", "function f() { for (var i = 0; i < 3; i++); return i; } f();"],
  ["a for-in, and a parameter", "function f(o) { for (var k in o) o[k] = k; } f();"],
  ["an argument object and a named function expression", "(function me(n) { arguments; me; n; })(1);"],
  [
    "a caught error that hides a name of the same function",
    "function f() { try { g; } catch (e) { e; } } var g; f();",
  ],
  ["a function expression called at once", "(function (a) { return a + x; })(1); "],
  ["a property with the name of a later var", "var o = { x: 1 }; o.x; var x;"],
  ["recursion", "function f(n) { return n ? f(n - 1) : 0; } f(3);"],
];

for (const [name, code] of GOOD) {
  test(`order: ${name}, accepted`, () => assert.deepEqual(orderOf(code).early, []));
}

const BAD: [name: string, code: string, early: string][] = [
  ["a function called above its line", "f(); function f() {}", "f"],
  ["a function named above its line", "var o = { 2: f }; function f() {}", "f"],
  ["a var read above its line", "function f() { g(x); var x = 1; } function g() {} f();", "x"],
  ["a var written above its line", "function f() { x = 1; var x; } f();", "x"],
  ["a var read in a function that is called above it", "function f() { return x; } f(); var x = 1;", "x"],
  ["the same, two calls deep", "function f() { g(); } function g() { h(); } f(); function h() {}", "h"],
  ["the same, in a function called at once", "(function () { f(); })(); function f() {}", "f"],
  ["the same, in a callback called at once", "[1].map(function () { return f(); }); function f() {}", "f"],
  ["the same, with new", "new F(); function F() {}", "F"],
  ["the same, inside a function that runs later", "setTimeout(function () { f(); function f() {} });", "f"],
  ["a var of a branch, used below it", "function f(a) { if (a) { var x = 1; } return x; } f();", "x"],
  [
    "a var of a branch, used in the other one",
    "function f(a) { if (a) { var x = 1; } else x = 2; } f();",
    "x",
  ],
  ["a var of a loop's body, used below it", "function f(a) { while (a) { var x = 1; } return x; } f();", "x"],
  [
    "a var of a case, used in the next",
    "function f(a) { switch (a) { case 1: var x = 1; break; case 2: x = 2; } } f();",
    "x",
  ],
  [
    "a var of a handler, used below it",
    "function f() { try { g(); } catch (e) { var x = 1; } return x; } function g() {}",
    "x",
  ],
  ["a var that hides a parameter's function", "var g = f(); function f() {}", "f"],
];

for (const [name, code, early] of BAD) {
  test(`order: ${name}, reported`, () => {
    assert.deepEqual(
      orderOf(code).early.map((line) => line.split(" ")[0]),
      [early],
    );
  });
}

test("order: names that a program uses and never declares are listed as globals", () => {
  assert.deepEqual(orderOf("var a = b + c.d; e = 1; function f(g) { g(h); typeof i; }").globals, [
    "b",
    "c",
    "e",
    "h",
    "i",
  ]);
});
