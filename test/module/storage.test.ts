// The module reads its functions from its own file, so it must lie in Storage as it was built. Where it does not, `require` says so.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { BOOT_CODE } from "../../board/virtual/program.ts";
import { Engine, noEngine } from "../engine/engine.ts";
import { boardOf } from "../virtual/boards.ts";
import { moduleText } from "./places.ts";

const USE = 'try{print("there", typeof require("mqtt-ws").connect)}catch(e){print(e.message)}';
/** As Espruino's tools put a module into a program: minified, its comment gone. */
const CACHED = `Modules.addCached("mqtt-ws",${JSON.stringify(moduleText().split("/*")[0])});`;
const SENTENCE = /mqtt-ws must be in Storage under this name, as it is in dist\/: see docs\/module\.md$/;

const CASES: [what: string, program: string, files: Record<string, string>, line: RegExp][] = [
  ["in Storage", USE, { "mqtt-ws": moduleText() }, /^there function$/],
  ["put into the program by a tool", CACHED + USE, {}, SENTENCE],
  [
    "put into the program, another build in Storage",
    CACHED + USE,
    { "mqtt-ws": moduleText("mqtt-ws-tiny-lean") },
    SENTENCE,
  ],
  [
    "put into the program, the same build in Storage",
    CACHED + USE,
    { "mqtt-ws": moduleText() },
    /^there function$/,
  ],
  // Node says that a comment has no end, the engine takes it as one.
  [
    "in Storage, cut off",
    USE,
    { "mqtt-ws": moduleText().slice(0, 30_000) },
    /mqtt-ws must|Invalid or unexpected token/,
  ],
];

async function onVirtualBoard(t: TestContext, program: string, files: Record<string, string>, line: RegExp) {
  const board = boardOf(t, program);
  for (const [name, text] of Object.entries(files)) board.flash.set(name, text);
  board.boot();
  await board.untilLine(/^there|mqtt-ws must|Invalid/);
  assert.match(board.lines.find((text) => /^there|mqtt-ws must|Invalid/.test(text))!, line);
}

async function onEngine(t: TestContext, program: string, files: Record<string, string>, line: RegExp) {
  const engine = new Engine({ ...files, [BOOT_CODE]: program }).boot();
  t.after(() => engine.off());
  await engine.line(line);
}

for (const [what, program, files, line] of CASES) {
  test(`module: ${what}, on the virtual board`, (t) => onVirtualBoard(t, program, files, line));
  test(`module: ${what}, on the real engine`, { skip: noEngine }, (t) => onEngine(t, program, files, line));
}
