// Places of the parts: the last pass takes the parts out of a minified program and puts them behind it, in a comment that
// the engine skips. A program is one file: its boot code is evaluated at power-on, and a part is read from the file when
// it is called.

import { createHash } from "node:crypto";
import MagicString from "magic-string";
import type { Plugin } from "rollup";
import { DIGITS, PARTS_BEGIN, PARTS_END } from "../src/program/file.ts";
import { BuildError } from "./failure.ts";
import { ENTRY, PARAMETERS, PART, partsIn, TABLE } from "./parts.ts";
import { FILE_VARIABLE, MAKER, TABLE_LOADER } from "./short-names.ts";
import { eachNode, type FunctionNode, isFunction, nameOf, statementsOf } from "./statements.ts";

/** A table of functions holds the place of a part as `at << LENGTH_BITS | length`. */
const LENGTH_BITS = 13;

const CALL = marker(PART);
const TABLE_ENTRY = marker(ENTRY);
/** Placeholder for the text of a part. */
const TEXT = "TEXT$";
const OWN_TEXT = marker(TEXT);
const TABLE_CALL = `${TABLE}(`;
/** The name in Storage of a program that is saved as it is sent. */
const SAVED = '".bootcde"';

function marker(name: string): RegExp {
  return new RegExp(`${name.replace("$", "\\$")}\\((\\d+)\\)`, "g");
}

/** @param module name under which a module is in Storage; undefined for a program, which the loader starts */
export function placeParts(module?: string): Plugin {
  return {
    name: "place-parts",
    renderChunk: (code) => ({ code: placed(code, module), map: null }),
  };
}

/** A part: the names of its parameters, and its text. */
interface Part {
  names: string[];
  text: string;
}

/** A call that makes a function of a part. */
function made(at: number | string, length: number | string, names: string[]): string {
  return `${MAKER}(${names.map((name) => `"${name}",`).join("")}${FILE_VARIABLE}.substr(${at},${length}))`;
}

/** The program with its parts behind it. */
function placed(code: string, module?: string): string {
  const list = partsIn(statementsOf(code));
  if (!list) return file([code], []);
  const parts = list.parts.map((fn) => partOf(code, fn, PARAMETERS.slice(0, fn.params.length)));
  const most = mostIn(code, parts);
  const text = code.slice(0, list.start) + code.slice(list.end);
  if (module === undefined) return fixed(programHead(most) + text, parts);
  // Of a program, functions at the top level are global. In a module they would keep its scope (engine 17).
  const globals = globalsOf(text, parts);
  return fixed(moduleHead(module, most, parts) + globals, parts);
}

function partOf(code: string, { body }: FunctionNode, names: string[]): Part {
  return { names, text: code.slice(body.start + 1, body.end - 1) };
}

/** What makes functions of parts. `most` is the greatest number of parameters of the functions in tables. */
function programHead(most: number): string {
  return `var ${MAKER}=Function;function ${TABLE_LOADER}(a){${tableText(most)}}`;
}

/**
 * A module reads its own file, or the saved program that a tool has put it into, as it is in dist/. The first place that has
 * this text is the module's beginning. The digits tell it from another build.
 */
function moduleHead(module: string, most: number, parts: Part[]): string {
  const at = parts.length;
  const digits = digestOf(parts.map(({ text }) => text).join(""));
  const wrong = `${module} must be in Storage under this name, as it is in dist/: see docs/module.md`;
  parts.push({ names: [], text: digits });
  // Its text stays in flash, too (engine 35).
  parts.push({ names: ["a"], text: tableText(most) });
  const begin = `${MAKER}=require`;
  const read = (words: string) => `${FILE_VARIABLE}=${MAKER}.read(${words});`;
  const lacks = `if(!${FILE_VARIABLE}||${TEXT}(${at})!=="${digits}")`;
  return (
    `${begin}("Storage");${read(`"${module}"`)}` +
    `${lacks}{${read(SAVED)}if(${FILE_VARIABLE})${read(`${SAVED},${FILE_VARIABLE}.indexOf("${begin}")`)}}` +
    `${lacks}throw new Error("${wrong}");` +
    `${MAKER}=Function;${TABLE_LOADER}=${PART}(${at + 1});`
  );
}

/** An entry that the program adds while it runs is a function. `a>0` is true for one on the engine, `a|0` is 0 (engine 4). */
function tableText(most: number): string {
  const part = made(`a>>${LENGTH_BITS}`, `a&${(1 << LENGTH_BITS) - 1}`, PARAMETERS.slice(0, most));
  return `return a|0?${part}:a`;
}

/** Top-level declarations as assignments to global names. Functions become parts that are made at once. */
function globalsOf(code: string, parts: Part[]): string {
  const text = new MagicString(code);
  for (const node of statementsOf(code)) {
    eachNode(node, (fn, ancestors) => {
      if (!isFunction(fn) || ancestors.slice(0, -1).some(isFunction)) return;
      parts.push(partOf(code, fn, fn.params.map(nameOf)));
      const made = `${PART}(${parts.length - 1})`;
      const declared = fn.type === "FunctionDeclaration";
      text.overwrite(fn.start, fn.end, declared ? `${nameOf(fn.id)}=${made};` : made);
    });
    if (node.type !== "VariableDeclaration") continue;
    text.remove(node.start, node.declarations[0]!.start);
    for (const { end, init } of node.declarations) if (!init) text.appendLeft(end, "=void 0");
  }
  return text.toString();
}

/** Repeats until the places are stable: a place with more digits moves the parts after it. */
function fixed(boot: string, parts: Part[]): string {
  let lengths = [boot, ...parts.map(({ text }) => text)].map((text) => text.length);
  for (;;) {
    const starts = startsOf(lengths);
    const length = (i: string) => lengths[Number(i) + 1]!;
    const fill = (text: string) =>
      text
        .replaceAll(TABLE_CALL, `${TABLE_LOADER}(`)
        .replace(TABLE_ENTRY, (_, i) => `${(starts[i]! << LENGTH_BITS) | length(i)}`)
        .replace(OWN_TEXT, (_, i) => `${FILE_VARIABLE}.substr(${starts[i]},${length(i)})`)
        .replace(CALL, (_, i) => made(starts[i]!, length(i), parts[i]!.names));
    const texts = [boot, ...parts.map(({ text }) => text)].map(fill);
    if (texts.every((text, i) => text.length === lengths[i])) return file(texts, lengths);
    lengths = texts.map((text) => text.length);
  }
}

/** The program's file. The engine skips the comment when it runs the file. */
function file([boot, ...parts]: string[], lengths: number[]): string {
  if (Math.max(0, ...lengths.slice(1)) >> LENGTH_BITS) throw new Error("a part is too long for a table");
  if (boot!.includes(PARTS_BEGIN) || parts.some((part) => part.includes(PARTS_END.trim())))
    throw new BuildError(
      `the program has ${PARTS_BEGIN} or ${PARTS_END.trim()} in a text: write it as two texts`,
    );
  return `${boot}${PARTS_BEGIN}${parts.join("")}${PARTS_END}`;
}

/** The greatest number of parameters of the functions in tables. */
function mostIn(code: string, parts: Part[]): number {
  return Math.max(0, ...[...code.matchAll(TABLE_ENTRY)].map(([, i]) => parts[Number(i)]!.names.length));
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
}

/** Places of the parts in the file. The boot code comes first. */
function startsOf([boot, ...lengths]: number[]): number[] {
  let at = boot! + PARTS_BEGIN.length;
  return lengths.map((length) => {
    at += length;
    return at - length;
  });
}
