// The loader on a board in memory: which program it starts, and when it goes back to the proven one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "../../board/virtual/crc32.ts";
import { codeIn, nameOf, programIn, recordOf } from "../../board/virtual/program.ts";
import { RESTART_FILE } from "../../src/config/files.ts";
import { fileOf } from "../../src/program/file.ts";
import { choose, failed, LOADER_WATCHDOG_S, MOST_STARTS } from "../../src/program/loader.ts";
import { type Record as ProgramRecord, readRecord, writeRecord } from "../../src/program/record.ts";

const OLD = codeIn(programIn({ code: "old();/*parts*/\n" }));
const NEW = codeIn(programIn({ code: "brand(new1);/*parts*/\n" }));

function boardWith(
  record: Partial<ProgramRecord> | undefined,
  more: { [name: string]: string | undefined } = {},
) {
  const whole: ProgramRecord = {
    count: 5,
    proven: nameOf(OLD),
    trial: "",
    by: "",
    starts: 0,
    config: "",
    ...record,
  };
  const files = new Map(
    Object.entries({
      [fileOf(nameOf(OLD))]: OLD,
      [fileOf(nameOf(NEW))]: NEW,
      ...(record && recordOf(whole)),
      ...more,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const told = { guards: [] as number[][], printed: [] as string[], restarts: 0 };
  const board = {
    files,
    told,
    powered: false,
    readFile: (name: string) => files.get(name),
    writeFile(name: string, bytes: string) {
      if (bytes) files.set(name, bytes);
      else files.delete(name);
      return "";
    },
    crc32: (bytes: string) => crc32(Buffer.from(bytes, "latin1")),
    filesNamed: (prefix: string) => [...files.keys()].filter((name) => name.startsWith(prefix)),
    powerCameBack: () => board.powered,
    guard: (periodS: number, byItself: number) => told.guards.push([periodS, byItself]),
    enter: (file: string, bootBytes: number) => files.get(file)!.slice(0, bootBytes),
    print: (line: string) => told.printed.push(line),
    restart: () => told.restarts++,
  };
  return board;
}

const TRIAL = { trial: nameOf(NEW), by: "cable" } as const;

test("loader: the proven program starts, and the engine feeds its watchdog", () => {
  const board = boardWith({});
  assert.equal(choose(board), "old();");
  assert.deepEqual(board.told.guards, [[LOADER_WATCHDOG_S, 1]]);
});

test("loader: a trial starts twice, and the third start is the proven program's, which knows why", () => {
  const board = boardWith(TRIAL);
  for (let start = 1; start <= MOST_STARTS; start++) {
    assert.equal(choose(board), "brand(new1);");
    assert.equal(readRecord(board)!.starts, start);
  }
  assert.deepEqual(board.told.guards.at(-1), [LOADER_WATCHDOG_S, 0], "a trial feeds the watchdog itself");
  assert.equal(choose(board), "old();");
  assert.match(
    board.files.get(RESTART_FILE)!,
    /^the new program [0-9a-f]{8} is given up: started 2 times, and did not come up$/,
  );
  assert.equal(board.files.has(fileOf(nameOf(NEW))), false, "its file makes room");
  assert.equal(choose(board), "old();");
});

test("loader: a cut of the power is no failure of a trial", () => {
  const board = boardWith(TRIAL);
  assert.equal(choose(board), "brand(new1);");
  board.powered = true;
  for (let cut = 0; cut < 5; cut++) assert.equal(choose(board), "brand(new1);");
  board.powered = false;
  assert.equal(choose(board), "brand(new1);");
  assert.equal(choose(board), "old();");
});

const FAULTS: [what: string, file: string | undefined, why: RegExp][] = [
  ["missing", undefined, /its file is missing$/],
  ["cut off", NEW.slice(0, 20).padEnd(NEW.length, "\xff"), /its file is not complete$/],
  ["too short", NEW.slice(1), /its file is not complete$/],
  ["damaged", NEW.replace("brand", "bland"), /its file is damaged$/],
];

for (const [what, file, why] of FAULTS)
  test(`loader: a trial whose file is ${what} is given up at once`, () => {
    const board = boardWith(TRIAL, { [fileOf(nameOf(NEW))]: file });
    assert.equal(choose(board), "old();");
    assert.match(board.files.get(RESTART_FILE)!, why);
    assert.equal(readRecord(board)!.trial, "");
  });

test("loader: a trial that throws at its start is given up, and the board restarts; a proven program is not", () => {
  const board = boardWith(TRIAL);
  choose(board);
  assert.equal(failed(board, new Error("no")), true);
  assert.equal(board.told.restarts, 1);
  assert.match(board.files.get(RESTART_FILE)!, /is given up: Error: no$/);
  assert.equal(choose(board), "old();");
  assert.equal(failed(board, new Error("no")), false);
  assert.equal(board.told.restarts, 1);
});

test("loader: a new configuration that is given up takes nothing of the program with it", () => {
  const board = boardWith(
    { trial: nameOf(OLD), by: "config", config: "config.a", starts: MOST_STARTS },
    { "config.a": "{}" },
  );
  assert.equal(choose(board), "old();");
  assert.match(board.files.get(RESTART_FILE)!, /^the new configuration is given up: /);
  assert.equal(board.files.has("config.a"), false);
  assert.equal(board.files.has(fileOf(nameOf(OLD))), true);
});

test("loader: without a proven program there is nothing to go back to: the trial starts again and again", () => {
  const board = boardWith({ ...TRIAL, proven: "" }, { [fileOf(nameOf(OLD))]: undefined });
  for (let start = 0; start < 5; start++) assert.equal(choose(board), "brand(new1);");
  assert.deepEqual(board.told.guards.at(-1), [LOADER_WATCHDOG_S, 1], "its console stays in reach");
});

test("loader: the newest whole record counts", () => {
  const board = boardWith({});
  writeRecord(board, { count: 5, proven: nameOf(NEW), trial: "", by: "", starts: 0, config: "" });
  assert.equal(choose(board), "brand(new1);");
  const newest = [...board.files].find(([, text]) => text.split("\n")[1] === "6")![0];
  board.files.set(newest, board.files.get(newest)!.slice(0, -2));
  assert.equal(choose(board), "old();");
});

test("loader: without a record, or without the program that it names, any whole program starts", () => {
  assert.match(choose(boardWith(undefined)), /^(old|brand)\(/);
  const lost = boardWith({}, { [fileOf(nameOf(OLD))]: undefined });
  assert.equal(choose(lost), "brand(new1);");
});

test("loader: without any program the console says what to do", () => {
  const board = boardWith(undefined, {
    [fileOf(nameOf(OLD))]: undefined,
    [fileOf(nameOf(NEW))]: NEW.slice(2),
  });
  assert.equal(choose(board), "");
  assert.deepEqual(board.told.printed, ["There is no program on this board: run flash.sh, docs/flash.md"]);
});
