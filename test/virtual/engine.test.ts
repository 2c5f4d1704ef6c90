// The virtual board prints the same as the engine. With ESPRUINO set to an engine's binary, the same programs run on
// that engine, so that the tables stay true.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { marked, run } from "./built-ins.ts";
import { JSON_TABLE } from "./json-table.ts";
import { PRELUDE, SCRIPTS, type Script } from "./scripts.ts";

const engine = process.env.ESPRUINO;

/** One program that prints a line for each text of the table. */
const JSON_SCRIPT: Script = {
  name: "JSON.parse",
  code: JSON_TABLE.map(([text]) => `j(${escaped(text)})`).join("\n"),
  lines: JSON_TABLE.map(([, result]) => result),
  bytes: true,
};
const JSON_PRELUDE = `function j(s){var r;try{r=JSON.parse(s);r=r===undefined?"undefined":JSON.stringify(r)}catch(e){r="!"+e}
p(r)}
`;

/** A string literal for an engine whose strings are bytes. */
function escaped(text: string): string {
  const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return `"${text.replace(/[^ !#-[\]-~]/g, hex)}"`;
}

for (const script of [...SCRIPTS, JSON_SCRIPT]) {
  const code = PRELUDE + JSON_PRELUDE + script.code;
  test(`virtual board: ${script.name}`, async () => {
    const board = new VirtualBoard({
      code: `require("Wifi").connect("x");\n${code}`,
      wifi: { joinMs: 0, dhcpMs: 0 },
    });
    try {
      // Names and addresses are looked up only when the radio is up.
      const waits = script.code.includes("nohost");
      if (waits) board.flash.set(".bootcde", `require("Wifi").connect("x",{},function(){${code}})`);
      board.boot();
      await board.untilIdle();
      assert.deepEqual(marked(board.lines), script.lines);
    } finally {
      board.off();
    }
  });
  test(`engine: ${script.name}`, { skip: engine === undefined && "ESPRUINO names no engine" }, async (t) => {
    if (script.bytes && (await ask('p("\\u20ac".charCodeAt(0))'))[0] !== "172")
      return t.skip("knows Unicode");
    assert.deepEqual(await ask(script.code), script.lines);
  });
}

/** Runs a program on the real engine; returns its marked lines. */
function ask(code: string): Promise<string[]> {
  return run(engine as string, PRELUDE + JSON_PRELUDE + code);
}
