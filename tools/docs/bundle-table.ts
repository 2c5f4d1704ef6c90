// The table of bundles in docs/sizes-and-bench.md, made of the table that is built.

import { BUNDLES, type Bundle, nameOf } from "../../build/bundles.ts";
import { table } from "./blocks.ts";

export function bundleTable(): string {
  const rows = BUNDLES.map((row) => [
    `\`${nameOf(row)}\``,
    row.says,
    bytes(row.boot),
    row.parts ? bytes(row.parts) : "-",
    row.jsVars ? `${row.jsVars}` : "-",
    instructions(row),
  ]);
  return table([["bundle", "what it is", "boot code", "parts", "JsVars", "thousand instructions"], ...rows]);
}

function instructions({ instructions: most = {} }: Bundle): string {
  const list = (way: string, each?: number[]) => (each ? [`${way} ${each.map(bytes).join(" / ")}`] : []);
  const command = most.command ? [`command ${bytes(most.command)}`] : [];
  return [...list("out", most.publish), ...list("in", most.receive), ...command].join("; ") || "-";
}

function bytes(count: number): string {
  return count.toLocaleString("en");
}
