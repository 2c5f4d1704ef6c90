// The serial log: its format, its levels, and that a peer's text cannot control a terminal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEBUG, dump, ERROR, INFO, MAX_LINE, say, WARNING, WIRE } from "#subject";

/** A log that keeps its lines. */
function logOf(level: number, ms = 0) {
  const lines: string[] = [];
  return { lines, log: { level, print: (line: string) => lines.push(line), uptime: () => ms } };
}

test("log: a line has milliseconds in hex, level, module and text, with one space between", () => {
  const { lines, log } = logOf(INFO, 0xbeef);
  say(log, INFO, "mqtt", "CONNECTED to ws://h");
  assert.deepEqual(lines, ["beef 2 mqtt CONNECTED to ws://h"]);
});

test("log: each level prints its own lines and those of lower levels", () => {
  for (let level = 0; level <= WIRE; level++) {
    const { lines, log } = logOf(level);
    for (const wanted of [ERROR, INFO, DEBUG, WIRE]) say(log, wanted, "m", "t");
    assert.deepEqual(lines, ["0 1 m t", "0 2 m t", "0 3 m t", "0 4 m t"].slice(0, level));
  }
});

test("log: control characters become dots, all other characters stay", () => {
  const { lines, log } = logOf(INFO);
  for (let byte = 0; byte < 256; byte++) {
    say(log, INFO, "m", `a${String.fromCharCode(byte)}z`);
    const shown = byte < 32 || byte === 127 ? "." : String.fromCharCode(byte);
    assert.equal(lines.pop(), `0 2 m a${shown}z`);
  }
});

test("log: escape sequences do not reach the terminal, in 7 bits or as U+009B", () => {
  const { lines, log } = logOf(INFO);
  say(log, INFO, "m", "\x1b[2J \x1b]0;title\x07 \r\n9 1 boot forged");
  for (let code = 0x80; code < 0xa0; code++) say(log, INFO, "m", `\xc2${String.fromCharCode(code)}2J`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the log must not contain them
  for (const line of lines) assert.doesNotMatch(line, /[\0-\x1f\x7f]|\xc2[\x80-\x9f]/);
  assert.equal(lines.length, 33);
});

test("log: text in UTF-8 stays as it is", () => {
  const { lines, log } = logOf(INFO);
  const text = Buffer.from("21 °C, 5 €, ñ, 日本").toString("latin1");
  say(log, INFO, "m", text);
  assert.deepEqual(lines, [`0 2 m ${text}`]);
});

test("log: a long text is cut", () => {
  const { lines, log } = logOf(INFO);
  say(log, INFO, "m", "x".repeat(MAX_LINE));
  say(log, INFO, "m", "x".repeat(MAX_LINE + 1));
  say(log, INFO, "m", "\x01".repeat(100000));
  assert.equal(lines[0], `0 2 m ${"x".repeat(MAX_LINE)}`);
  assert.equal(lines[1], `0 2 m ${"x".repeat(MAX_LINE)}...`);
  assert.equal(lines[2]?.length, lines[1]?.length);
});

test("log: a hexdump has 16 bytes a line", () => {
  const { lines, log } = logOf(WIRE);
  const bytes = String.fromCharCode(...Array.from({ length: 33 }, (_, i) => i * 7));
  dump(log, "<", bytes);
  assert.deepEqual(lines, [
    "0 4 wire < 00 07 0e 15 1c 23 2a 31 38 3f 46 4d 54 5b 62 69",
    "0 4 wire < 70 77 7e 85 8c 93 9a a1 a8 af b6 bd c4 cb d2 d9",
    "0 4 wire < e0",
  ]);
});

test("log: a hexdump of no bytes, or below level 4, prints nothing", () => {
  const { lines, log } = logOf(WIRE);
  dump(log, ">", "");
  log.level = DEBUG;
  dump(log, ">", "abc");
  assert.deepEqual(lines, []);
});

test("log: a warning is printed at the level of what happens, with the word in front", () => {
  for (const level of [0, ERROR, INFO]) {
    const { lines, log } = logOf(level);
    say(log, WARNING, "m", "t");
    assert.deepEqual(lines, level === INFO ? ["0 2 m warning: t"] : []);
  }
});

test("log: errors and warnings that are printed are noted, without the time", () => {
  for (const [level, expected] of [
    [0, []],
    [ERROR, ["1 m error"]],
    [WIRE, ["1 m error", "2 m warning: warning"]],
  ] as const) {
    const noted: string[] = [];
    const log = { ...logOf(level).log, note: (line: string) => void noted.push(line) };
    say(log, ERROR, "m", "error");
    say(log, WARNING, "m", "warning");
    say(log, INFO, "m", "warning: forged");
    say(log, DEBUG, "m", "9 1 m forged");
    assert.deepEqual(noted, expected);
  }
});
