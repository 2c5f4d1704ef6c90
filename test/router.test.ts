// Handlers by Topic Filter (MQTT 4.7): which topics a filter matches, which handlers are called, and in which order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dispatch, MAX_ROUTES, newRouter, off, on } from "../src/router";
import { randomOf } from "./support/random.ts";

const TABLE: [filter: string, meant: string[], not: string[]][] = [
  // The standard's own examples (4.7.1.2, 4.7.1.3, 4.7.2).
  [
    "sport/tennis/player1/#",
    ["sport/tennis/player1", "sport/tennis/player1/ranking", "sport/tennis/player1/score/wimbledon"],
    ["sport/tennis", "sport/tennis/player2", "sport/tennis/player10"],
  ],
  ["sport/#", ["sport", "sport/", "sport/a/b"], ["sports", "/sport"]],
  ["#", ["a", "/", "a/b/c", "/finance"], ["$SYS/broker", "$"]],
  [
    "sport/tennis/+",
    ["sport/tennis/player1", "sport/tennis/"],
    ["sport/tennis", "sport/tennis/player1/ranking"],
  ],
  ["sport/+", ["sport/", "sport/a"], ["sport", "sport/a/"]],
  ["+", ["finance"], ["/finance", "$SYS"]],
  ["/+", ["/finance", "/"], ["finance", "a/finance"]],
  ["+/+", ["/finance", "a/b"], ["finance", "$SYS/a"]],
  ["+/tennis/#", ["sport/tennis", "sport/tennis/a/b"], ["sport/golf/tennis", "$SYS/tennis"]],
  ["$SYS/#", ["$SYS", "$SYS/monitor/Clients"], ["SYS/a"]],
  ["$SYS/monitor/+", ["$SYS/monitor/Clients"], ["$SYS/monitor"]],
  ["a/+/c/#", ["a/b/c", "a//c/d"], ["a/b/d", "a/c"]],
  ["+/monitor/Clients", ["a/monitor/Clients"], ["$SYS/monitor/Clients"]],
  ["ACCOUNTS", ["ACCOUNTS"], ["Accounts", "ACCOUNTS/"]],
];

function matches(filter: string, topic: string): boolean {
  const router = newRouter<number>();
  on(router, filter, () => {});
  return dispatch(router, topic, "", 0) === 1;
}

for (const [filter, meant, not] of TABLE) {
  test(`router: ${filter} matches the topics that the standard says`, () => {
    for (const topic of meant) assert.equal(matches(filter, topic), true, topic);
    for (const topic of not) assert.equal(matches(filter, topic), false, topic);
  });
}

test("router: any filter and topic: the same result as a search level by level", () => {
  const slow = (filter: string[], topic: string[]): boolean => {
    const [level, ...levels] = filter;
    if (level === undefined) return topic.length === 0;
    if (level === "#") return true;
    return topic.length > 0 && (level === "+" || level === topic[0]) && slow(levels, topic.slice(1));
  };
  const pick = randomOf(7).below;
  for (let n = 0; n < 3000; n++) {
    const make = (words: string[]) => Array.from({ length: 1 + pick(4) }, () => words[pick(words.length)]!);
    const filter = make(["a", "b", "", "+"]);
    if (pick(3) === 0) filter.push("#");
    const topic = make(["a", "b", ""]);
    if (filter.join("/"))
      assert.equal(matches(filter.join("/"), topic.join("/")), slow(filter, topic), `${filter} ${topic}`);
  }
});

function recorder() {
  const router = newRouter<number>();
  const calls: string[] = [];
  const handler = (name: string) => (topic: string, payload: string, message: number) =>
    void calls.push(`${name} ${topic} ${payload} ${message}`);
  return { router, calls, handler };
}

test("router: each handler that matches is called once, in the order of adding", () => {
  const { router, calls, handler } = recorder();
  on(router, "a/+", handler("one"));
  on(router, "b", handler("two"));
  on(router, "#", handler("three"));
  on(router, "a/x", handler("four"));
  assert.equal(dispatch(router, "a/x", "p", 5), 3);
  assert.deepEqual(calls, ["one a/x p 5", "three a/x p 5", "four a/x p 5"]);
  assert.equal(dispatch(router, "$SYS/x", "p", 5), 0);
});

test("router: a handler of a shared subscription gets the messages that its filter matches", () => {
  const { router, calls, handler } = recorder();
  on(router, "$share/group/a/+", handler("shared"));
  assert.equal(dispatch(router, "a/x", "p", 0), 1);
  off(router, "$share/group/a/+");
  assert.equal(dispatch(router, "a/x", "p", 0), 0);
  assert.equal(calls.length, 1);
});

test("router: removing one handler, or all handlers of a filter", () => {
  const { router, calls, handler } = recorder();
  const one = handler("one");
  on(router, "a", one);
  on(router, "a", handler("two"));
  on(router, "b", one);
  off(router, "a", one);
  dispatch(router, "a", "", 0);
  off(router, "a");
  dispatch(router, "a", "", 0);
  dispatch(router, "b", "", 0);
  assert.deepEqual(calls, ["two a  0", "one b  0"]);
});

test("router: handlers that add or remove handlers: the message goes to those that were there before", () => {
  const { router, calls, handler } = recorder();
  const second = handler("second");
  const first = (): void => {
    off(router, "a", first);
    off(router, "a", second);
    on(router, "a", handler("third"));
    calls.push("first");
  };
  on(router, "a", first);
  on(router, "a", second);
  dispatch(router, "a", "", 1);
  dispatch(router, "a", "", 2);
  assert.deepEqual(calls, ["first", "second a  1", "third a  2"]);
});

test("router: a handler throws: all other handlers get the message", () => {
  const { router, calls, handler } = recorder();
  on(router, "a", () => {
    throw new Error("mine");
  });
  on(router, "a", handler("two"));
  assert.throws(() => dispatch(router, "a", "", 0), /^Error: mine$/);
  assert.deepEqual(calls, ["two a  0"]);
});

test("router: a bad filter, a handler that is no function, or too many handlers throw, and nothing is lost", () => {
  const { router, calls, handler } = recorder();
  on(router, "a", handler("kept"));
  for (const bad of ["", "a/#/b", "a+", "#a", 5 as unknown as string])
    assert.throws(() => on(router, bad, handler("bad")), /bad topic filter/);
  assert.throws(() => on(router, "a", "x" as unknown as () => void), /must be a function/);
  for (let i = 1; i < MAX_ROUTES; i++) on(router, "b", handler("b"));
  assert.throws(() => on(router, "b", handler("one too many")), /over 64 handlers/);
  assert.equal(dispatch(router, "a", "", 0), 1);
  assert.deepEqual(calls, ["kept a  0"]);
});
