// The table of bundles in docs/sizes-and-bench.md, made of the table that is built.

import { BUNDLES, nameOf } from "../../build/bundles.ts";
import { table } from "./blocks.ts";

export function bundleTable(): string {
  const rows = BUNDLES.map((row) => [
    `\`${nameOf(row)}\``,
    row.says,
    bytes(row.boot),
    row.parts ? bytes(row.parts) : "-",
    row.jsVars ? `${row.jsVars}` : "-",
  ]);
  return table([["bundle", "what it is", "boot code", "parts", "JsVars"], ...rows]);
}

function bytes(count: number): string {
  return count.toLocaleString("en");
}
