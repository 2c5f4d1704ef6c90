// Places of the parts: the last pass takes the parts out of a minified program and puts them behind it, in a comment that
// the engine skips. A program is one file: its boot code is evaluated at power-on, and a part is read from the file when
// it is called.

import type { Plugin } from "rollup";
import { PARTS_BEGIN, PARTS_END } from "../src/program/file.ts";
import { BuildError } from "./failure.ts";
import { ENTRY, PARAMETERS, PART, partsIn, TABLE } from "./parts.ts";
import { FILE_VARIABLE, MAKER, TABLE_LOADER } from "./short-names.ts";
import { statementsOf } from "./statements.ts";

/** A table of functions holds the place of a part as `at << LENGTH_BITS | length`. */
const LENGTH_BITS = 13;

const CALL = marker(PART);
const TABLE_ENTRY = marker(ENTRY);
const TABLE_CALL = `${TABLE}(`;

function marker(name: string): RegExp {
  return new RegExp(`${name.replace("$", "\\$")}\\((\\d+)\\)`, "g");
}

export function placeParts(): Plugin {
  return {
    name: "place-parts",
    renderChunk: (code) => ({ code: placed(code), map: null }),
  };
}

/** The call of the constructor for a part with this number of parameters. */
function made(at: number | string, length: number | string, arity: number): string {
  const parameters = PARAMETERS.slice(0, arity).map((name) => `"${name}",`);
  return `${MAKER}(${parameters.join("")}${FILE_VARIABLE}.substr(${at},${length}))`;
}

/** What makes functions of parts. `most` is the greatest number of parameters of the functions in tables. */
function head(most: number): string {
  return (
    `var ${MAKER}=Function;` +
    // An entry that the program adds while it runs is a function: no comparison with a number is true for it.
    `function ${TABLE_LOADER}(a){return a>0?${made(`a>>${LENGTH_BITS}`, `a&${(1 << LENGTH_BITS) - 1}`, most)}:a}`
  );
}

/** The program with its parts behind it. */
function placed(code: string): string {
  const list = partsIn(statementsOf(code));
  if (!list) return `${code}\n`;
  const source = list.parts.map(({ body }) => code.slice(body.start + 1, body.end - 1));
  const arities = list.parts.map((fn) => fn.params.length);
  const text = code.slice(0, list.start) + code.slice(list.end);
  return fixed(head(mostIn([text, ...source], arities)) + text, source, arities);
}

/** Repeats until the places are stable: a place with more digits moves the parts after it. */
function fixed(boot: string, source: string[], arities: number[]): string {
  let lengths = [boot, ...source].map((part) => part.length);
  for (;;) {
    const starts = startsOf(lengths);
    const fill = (text: string) =>
      text
        .replaceAll(TABLE_CALL, `${TABLE_LOADER}(`)
        .replace(TABLE_ENTRY, (_, i) => `${(starts[i]! << LENGTH_BITS) | lengths[Number(i) + 1]!}`)
        .replace(CALL, (_, i) => made(starts[i]!, lengths[Number(i) + 1]!, arities[i]!));
    const texts = [boot, ...source].map(fill);
    if (texts.every((text, i) => text.length === lengths[i])) return file(texts, lengths);
    lengths = texts.map((text) => text.length);
  }
}

/** The program's file. The engine skips the comment when it runs the file. */
function file([boot, ...parts]: string[], lengths: number[]): string {
  if (Math.max(0, ...lengths.slice(1)) >> LENGTH_BITS) throw new Error("a part is too long for a table");
  if (boot!.includes(PARTS_BEGIN) || parts.some((part) => part.includes(PARTS_END.trim())))
    throw new BuildError(`the program has ${PARTS_BEGIN} or ${PARTS_END.trim()} in a text: write it as two texts`);
  return `${boot}${PARTS_BEGIN}${parts.join("")}${PARTS_END}`;
}

/** The greatest number of parameters of the functions in tables. */
function mostIn(texts: string[], arities: number[]): number {
  const entries = texts.flatMap((text) => [...text.matchAll(TABLE_ENTRY)]);
  return Math.max(0, ...entries.map(([, i]) => arities[Number(i)]!));
}

/** Places of the parts in the file. The boot code comes first. */
function startsOf([boot, ...lengths]: number[]): number[] {
  let at = boot! + PARTS_BEGIN.length;
  return lengths.map((length) => {
    at += length;
    return at - length;
  });
}
