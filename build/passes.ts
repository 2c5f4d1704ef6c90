// The passes that a bundle goes through, in their order.

import type { Plugin } from "rollup";
import { braces } from "./braces.ts";
import { MODULE } from "./bundles.ts";
import type { Compiled } from "./compile.ts";
import { direct } from "./direct.ts";
import { inlineTails } from "./inline.ts";
import { minified } from "./minify.ts";
import { markParts } from "./parts.ts";
import { placeParts } from "./place-parts.ts";
import type { Resident } from "./residents.ts";
import { runAtTop } from "./run-at-top.ts";
import { shortNames } from "./short-names.ts";
import { sources } from "./sources.ts";

/** Settings of the passes for one bundle. */
export interface Shape {
  format: "es" | "iife" | "cjs";
  /** Whether functions that need not stay in memory become parts (parts.ts). */
  parts: boolean;
  /** Name of a module in Storage. */
  module?: string;
  /** Name of what an `iife` gives. */
  name?: string;
  /** Whether a function that stays in memory only because of its number of parameters is an error. */
  strict: boolean;
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

/** A module, without a function around it (engine 17). It reads its own file. */
export const AS_MODULE: Shape = { ...PROGRAM, format: "es", module: MODULE };

/** The loader: one function, which nothing keeps. */
export const AS_LOADER: Shape = { ...PROGRAM, parts: false, name: "$load" };

/** @param report called with the functions that stay in memory */
export function passes(
  compiled: Compiled,
  { module, name, parts, strict, mangle, conditions, minify, sourcemap }: Shape,
  more: Record<string, string> = {},
  report?: (residents: Resident[]) => void,
): Plugin[] {
  const all: Plugin[] = [sources(compiled, more, conditions)];
  if (!minify) return all;
  if (mangle) all.push(direct(compiled.outside, compiled.direct), inlineTails());
  if (parts) all.push(markParts({ strict, report }));
  if (name) all.push(runAtTop(name));
  all.push(minified({ parts: parts || !!name, keep: mangle ? compiled.outside : "all" }));
  if (parts) all.push(braces(), shortNames(sourcemap));
  if (parts && !sourcemap) all.push(placeParts(module));
  return all;
}
