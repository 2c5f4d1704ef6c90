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

/** Settings of the passes for one bundle. */
export interface Shape {
  format: "es" | "iife" | "cjs";
  /** Whether rare functions go into a file beside the bundle (parts.ts). Otherwise the bundle has them in groups (rare.ts). */
  parts: boolean;
  /** Whether a function that stays in memory only because of its number of parameters is an error. */
  strict: boolean;
  /** Approximate number of tokens in a group, see rare.ts. */
  group?: number;
  /** Whether properties get short names, and methods are called by name (direct.ts). */
  mangle: boolean;
  /** Conditions of package.json's imports that hold: `five` in builds that speak MQTT 5. */
  conditions: string[];
  minify: boolean;
  /** For counting bytes: the bundle stays in one piece. */
  sourcemap: boolean;
}

/** A program, inside a function so that it defines no global names. */
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
 * A module, without a function around it (engine 17). Its groups of rare functions are larger, because the user's program
 * needs the memory: 20 JsVars less, and 0.3 million more instructions for each call.
 */
export const AS_MODULE: Shape = { ...PROGRAM, format: "es", parts: false, group: 2800 };

/** @param report called with the functions that stay in memory */
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
