// The passes that a bundle goes through, in their order.

import type { Plugin } from "rollup";
import type { Compiled } from "./compile.ts";
import { direct } from "./direct.ts";
import { minified } from "./minify.ts";
import { markParts } from "./parts.ts";
import { GROUP, rare } from "./rare.ts";
import type { Resident } from "./residents.ts";
import { shortNames } from "./short-names.ts";
import { sources } from "./sources.ts";
import { splitParts } from "./split-parts.ts";

/** How a bundle is shaped. */
export interface Shape {
  format: "es" | "iife" | "cjs";
  /** Functions that run rarely go into a file beside the bundle; otherwise it makes them itself, in groups. */
  parts: boolean;
  /** Whether a function that stays in memory only for its number of parameters is a fault. */
  strict: boolean;
  /** Tokens in such a group, about: see rare.ts. */
  group?: number;
  /** Properties get short names, and methods that are one function are called by their names. */
  mangle: boolean;
  /** Conditions of package.json's imports that hold: `five` for what speaks MQTT 5. */
  conditions: string[];
  minify: boolean;
  /** For counting bytes: the bundle stays in one piece. */
  sourcemap: boolean;
}

/** A program stands in a function, so that it leaves no globals behind. */
export const PROGRAM: Shape = {
  format: "iife",
  parts: true,
  strict: true,
  mangle: true,
  conditions: [],
  minify: true,
  sourcemap: false,
};

/**
 * A module gets no function around it: the engine gives it a scope already, and functions in two of them take 3 JsVars
 * more each, 200 in all. Its rare functions come in larger groups, because what is around them is somebody else's and
 * needs the room: 20 JsVars less, and 0.3 million instructions more a call.
 */
export const AS_MODULE: Shape = { ...PROGRAM, format: "es", parts: false, group: 2800 };

/** @param report is told which functions stay in memory */
export function passes(
  compiled: Compiled,
  { parts, strict, group = GROUP, mangle, conditions, minify, sourcemap }: Shape,
  more: Record<string, string> = {},
  report?: (residents: Resident[]) => void,
): Plugin[] {
  const all: Plugin[] = [sources(compiled, more, conditions)];
  if (!minify) return all;
  if (mangle) all.push(direct(compiled.outside, compiled.direct));
  all.push(parts ? markParts({ parts, strict, report }) : rare({ parts, strict, report }, group));
  all.push(minified({ parts, keep: mangle ? compiled.outside : "all" }));
  if (parts) all.push(shortNames(sourcemap));
  if (parts && !sourcemap) all.push(splitParts());
  return all;
}
