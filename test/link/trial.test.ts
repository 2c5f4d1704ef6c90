// A program or a configuration on trial, on a board in memory: it proves itself, or it is given up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "../../board/virtual/crc32.ts";
import { recordOf } from "../../board/virtual/program.ts";
import { RESTART_FILE } from "../../src/config/files.ts";
import type { Link } from "../../src/link/rungs.ts";
import {
  beginTrial,
  CABLE_PROOF_S,
  configText,
  endOfTrial,
  LINK_PROOF_S,
  prove,
} from "../../src/link/trial.ts";
import { type Record as ProgramRecord, readRecord } from "../../src/program/record.ts";

const OLD = "00000001 10 20";
const NEW = "00000002 10 20";
const TRIAL: ProgramRecord = { count: 4, proven: OLD, trial: NEW, by: "update", starts: 1, config: "" };

function linkWith(record: ProgramRecord | undefined, more: Record<string, string> = {}) {
  const files = new Map(
    Object.entries({ "fw.00000001": "old", "fw.00000002": "new", "config.json": "{}", ...more }),
  );
  if (record) for (const [name, text] of Object.entries(recordOf(record))) files.set(name, text);
  const lines: string[] = [];
  const told = { full: false, restarts: 0 };
  const board = {
    readFile: (name: string) => files.get(name),
    writeFile(name: string, bytes: string) {
      if (bytes && told.full) return "Storage is full";
      if (bytes) files.set(name, bytes);
      else files.delete(name);
      return "";
    },
    crc32: (bytes: string) => crc32(Buffer.from(bytes, "latin1")),
    tick() {},
    restart: () => told.restarts++,
  };
  const log = { level: 3, print: (line: string) => lines.push(line), uptime: () => 0 };
  const link = { board, log, why: "no answer", state: 1 } as unknown as Link;
  return { link, files, lines, told, record: () => readRecord(board) };
}

test("trial: by cable it may run for a short time, over the link until that is up", () => {
  for (const [by, seconds] of [
    ["cable", CABLE_PROOF_S],
    ["update", LINK_PROOF_S],
    ["config", LINK_PROOF_S],
  ] as const) {
    const { link, lines } = linkWith({ ...TRIAL, by });
    beginTrial(link);
    assert.equal(link.trialLeft, seconds);
    assert.match(lines[0]!, new RegExp(`is tried for ${seconds} s`));
  }
  const { link } = linkWith(undefined);
  beginTrial(link);
  assert.equal(link.trialLeft, undefined);
});

test("trial: what proves itself stays, with its configuration; the old program goes", () => {
  const { link, files, record } = linkWith({ ...TRIAL, config: "config.a" }, { "config.a": '{"log":3}' });
  assert.equal(configText(link.board), '{"log":3}');
  prove(link);
  assert.deepEqual(
    { ...record(), count: 0 },
    { count: 0, proven: NEW, trial: "", by: "", starts: 0, config: "" },
  );
  assert.equal(files.get("config.json"), '{"log":3}');
  assert.ok(!files.has("fw.00000001") && !files.has("config.a") && files.has("fw.00000002"));
  prove(link);
  assert.equal(record()!.proven, NEW, "a second time nothing happens");
});

test("trial: a configuration that was proven, and is not yet in config.json, gets there at the next start", () => {
  const kept = { ...TRIAL, trial: "", by: "" as const, config: "config.b" };
  const { link, files, record } = linkWith(kept, { "config.b": '{"log":1}' });
  beginTrial(link);
  assert.equal(files.get("config.json"), '{"log":1}');
  assert.equal(record()!.config, "");
});

test("trial: a full Storage is told, and nothing is lost", () => {
  const { link, files, lines, told } = linkWith(TRIAL);
  told.full = true;
  prove(link);
  assert.match(lines.join("\n"), /works, and that is not noted: Storage is full/);
  assert.ok(files.has("fw.00000001"));
});

test("trial: at its end by cable it stays, by an update without a link it is given up and the board restarts", () => {
  const cable = linkWith({ ...TRIAL, by: "cable" });
  endOfTrial(cable.link);
  assert.equal(cable.record()!.proven, NEW);
  const update = linkWith(TRIAL);
  endOfTrial(update.link);
  assert.equal(update.record()!.trial, "");
  assert.equal(update.told.restarts, 1);
  assert.match(update.files.get(RESTART_FILE)!, /00000002 is given up: not connected for 120 s: no answer$/);
  assert.ok(!update.files.has("fw.00000002"));
});
