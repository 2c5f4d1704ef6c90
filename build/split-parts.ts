// The file of parts: the last pass takes the parts out of a minified program, gives them their places in the file, and
// puts the loader before the boot code. The file's name has a checksum, so a boot code finds its own parts or names the
// missing file.

import { createHash } from "node:crypto";
import type { Plugin } from "rollup";
import { ENTRY, PARAMETERS, PART, partsIn, TABLE } from "./parts.ts";
import { MAKER, PARTS_VARIABLE, TABLE_LOADER } from "./short-names.ts";
import { statementsOf } from "./statements.ts";

/** A table of functions holds the place of a part as `at << LENGTH_BITS | length`. */
const LENGTH_BITS = 13;

const CALL = marker(PART);
const TABLE_ENTRY = marker(ENTRY);
const TABLE_CALL = `${TABLE}(`;

function marker(name: string): RegExp {
  return new RegExp(`${name.replace("$", "\\$")}\\((\\d+)\\)`, "g");
}

export function splitParts(): Plugin {
  return {
    name: "split-parts",
    renderChunk(code, chunk) {
      const { boot, parts, file, most } = split(code);
      if (!parts) return { code: `${boot}\n`, map: null };
      this.emitFile({ type: "asset", fileName: chunk.fileName.replace(/\.js$/, ".parts"), source: parts });
      return { code: `${head(file, most)}${boot}\n`, map: null };
    },
  };
}

/** The call of the constructor for a part with this number of parameters. */
function made(at: number | string, length: number | string, arity: number): string {
  const parameters = PARAMETERS.slice(0, arity).map((name) => `"${name}",`);
  return `${MAKER}(${parameters.join("")}${PARTS_VARIABLE}.substr(${at},${length}))`;
}

/** The loader. `most` is the greatest number of parameters of the functions in tables. */
function head(file: string, most: number): string {
  const missing = `throw new Error("The file ${file} is missing: flash the board again, all of its files")`;
  return (
    `var ${PARTS_VARIABLE}=require("Storage").read("${file}"),${MAKER}=Function;if(!${PARTS_VARIABLE})${missing};` +
    // An entry that the program adds while it runs is a function: no comparison with a number is true for it.
    `function ${TABLE_LOADER}(a){return a>0?${made(`a>>${LENGTH_BITS}`, `a&${(1 << LENGTH_BITS) - 1}`, most)}:a}`
  );
}

function split(code: string) {
  const list = partsIn(statementsOf(code));
  if (!list) return placed(code, [], []);
  const source = list.parts.map(({ body }) => code.slice(body.start + 1, body.end - 1));
  const boot = code.slice(0, list.start) + code.slice(list.end);
  return placed(
    boot,
    source,
    list.parts.map((fn) => fn.params.length),
  );
}

/** Repeats until the places are stable: a place with more digits moves the parts after it. */
function placed(boot: string, source: string[], arities: number[]) {
  let lengths = source.map((part) => part.length);
  let starts = startsOf(lengths);
  for (;;) {
    const fill = (text: string) =>
      text
        .replaceAll(TABLE_CALL, `${TABLE_LOADER}(`)
        .replace(TABLE_ENTRY, (_, i) => `${(starts[i]! << LENGTH_BITS) | lengths[i]!}`)
        .replace(CALL, (_, i) => made(starts[i]!, lengths[i]!, arities[i]!));
    const parts = source.map(fill);
    const next = startsOf(parts.map((part) => part.length));
    if (parts.every((part, i) => part.length === lengths[i] && next[i] === starts[i])) {
      if (Math.max(0, ...lengths) >> LENGTH_BITS) throw new Error("a part is too long for a table");
      const text = parts.join("");
      const file = `parts.${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
      return { boot: fill(boot), parts: text, file, most: mostIn([boot, ...source], arities) };
    }
    lengths = parts.map((part) => part.length);
    starts = next;
  }
}

/** The greatest number of parameters of the functions in tables. */
function mostIn(texts: string[], arities: number[]): number {
  const entries = texts.flatMap((text) => [...text.matchAll(TABLE_ENTRY)]);
  return Math.max(0, ...entries.map(([, i]) => arities[Number(i)]!));
}

function startsOf(lengths: number[]): number[] {
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return at - length;
  });
}
