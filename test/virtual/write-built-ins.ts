// Rewrites test/virtual/built-ins.json from a real engine, the one that ESPRUINO names:
//   ESPRUINO=/path/to/espruino node --import tsx test/virtual/write-built-ins.ts
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { ROWS } from "./built-in-rows.ts";
import { askEngine, askNode, TABLE_FILE, type Table } from "./built-ins.ts";

const engine = process.env.ESPRUINO;
if (!engine) throw new Error("ESPRUINO names no engine: set it to a Linux build with strings of bytes");

const table: Table = {};
for (const [name, calls] of Object.entries(ROWS)) {
  const [answers, standard] = [await askEngine(engine, calls), askNode(calls)];
  const part: Table[string] = { same: {}, differs: {} };
  for (const [i, call] of calls.entries()) {
    if (answers[i] === standard[i]) part.same[call] = answers[i]!;
    else part.differs[call] = [answers[i]!, standard[i]!];
  }
  table[name] = part;
}
writeFileSync(TABLE_FILE, `${JSON.stringify(table, undefined, 2)}\n`);
execFileSync("npx", ["biome", "format", "--write", TABLE_FILE]);
