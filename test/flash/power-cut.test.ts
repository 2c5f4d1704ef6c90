// The power is cut at every write of an upload: the board comes up with the old program or the new one, whole.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codeIn, type Program, programIn } from "../../board/virtual/program.ts";
import { Flash } from "../../board/virtual/storage.ts";
import type { File } from "../../tools/flash/storage-files.ts";
import { upload } from "../../tools/flash/upload.ts";
import { BenchBoard } from "./bench-board.ts";

const LOADER = readFileSync("dist/loader.js", "latin1");
const OLD = programIn({ code: "old();/*the parts of the old program*/\n" });
const NEW = programIn({ code: `${"now();".repeat(300)}/*the parts of the new program*/\n` });
const CONFIG = '{"wifi":{"ssid":"old"}}';
const NEW_CONFIG = '{"wifi":{"ssid":"new"}}';
const WS = "exports=1;".repeat(200);

function filesOf(program: Program, config: string, more: Program = {}): File[] {
  const all = { ...more, "config.json": config, ...program };
  return Object.entries(all).map(([name, text]) => ({ name, bytes: Buffer.from(text, "latin1") }));
}

function boardWith(files: Program): BenchBoard {
  const flash = new Flash();
  for (const [name, text] of Object.entries(files)) flash.set(name, text);
  return new BenchBoard(flash);
}

const bootOf = (program: Program) => codeIn(program).split("/*")[0]!;

/** Boards before the upload, and the code that each may come up with besides the new one. */
const BEFORE: [what: string, files: Program, old: string][] = [
  ["a program of this kind", { ...OLD, "config.json": CONFIG, ws: WS }, bootOf(OLD)],
  ["a program of this kind, and another ws", { ...OLD, "config.json": CONFIG, ws: "old" }, bootOf(OLD)],
  [
    "a program of version 0.1",
    { ".bootcde": "older()", "parts.01234567": "x", "config.json": CONFIG, ws: WS },
    "older()",
  ],
];

for (const [what, files, old] of BEFORE) {
  test(`power cuts: ${what}: at no write is the board left without a whole program`, async () => {
    const seen = new Set<string>();
    for (let writes = 1; ; writes++) {
      const board = boardWith(files);
      board.flash.untilCut = writes;
      const done = await upload(board.espruino, filesOf(NEW, NEW_CONFIG, { ws: WS }), "", () => {}).then(
        () => true,
        (error) => {
          assert.match(`${error}`, /the power was cut/);
          return false;
        },
      );
      board.flash.untilCut = undefined;
      const { code } = board.start(LOADER);
      seen.add(code);
      assert.ok(code === old || code === bootOf(NEW), `write ${writes}: ${code.slice(0, 60)}`);
      const ws = board.flash.get("ws");
      if (code === bootOf(NEW)) assert.equal(ws, WS, `write ${writes}`);
      assert.equal(board.flash.get("config.json"), CONFIG, "until the new one has proved itself");
      // Flashed again, it is the new one.
      await upload(board.espruino, filesOf(NEW, NEW_CONFIG, { ws: WS }), "", () => {});
      assert.equal(board.start(LOADER).code, bootOf(NEW), `write ${writes}, flashed again`);
      if (done) break;
    }
    assert.deepEqual([...seen].sort(), [old, bootOf(NEW)].sort());
  });
}

test("power cuts: a bare board comes up with the new program or says that there is none", async () => {
  for (let writes = 1; ; writes++) {
    const board = boardWith({});
    board.flash.untilCut = writes;
    const done = await upload(board.espruino, filesOf(NEW, CONFIG), "", () => {}).then(
      () => true,
      () => false,
    );
    board.flash.untilCut = undefined;
    const { code, loader, printed } = board.start(LOADER);
    if (code !== bootOf(NEW))
      assert.ok(!loader || /flash\.sh/.test(`${printed}`), `write ${writes}: ${code}`);
    if (done) return assert.equal(code, bootOf(NEW));
  }
});
