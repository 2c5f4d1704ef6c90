// Builds what is in no row of the table, as the rows are built: applications of tests and benches, and variants of rows.

import { type Built, build, conditionsOf, inputOf } from "./bundle.ts";
import { rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { entryThatStarts, type Start } from "./entry.ts";
import { PROGRAM, type Shape } from "./passes.ts";

/** A program with an application that may lie anywhere; nobody counts its memory. @param files those that are not there, by name */
export async function buildOwn(start: Start, files: Record<string, string> = {}): Promise<Built> {
  const entry = `entry/own-${start.app}.ts`;
  return build(await compiled(), {
    entry,
    shape: { ...PROGRAM, conditions: conditionsOf(start.profile), strict: false },
    more: { ...files, [entry]: entryThatStarts(start) },
  });
}

/** A bundle of the table, in its own shape but for what is given. */
export async function buildRow(name: string, shape: Partial<Shape> = {}): Promise<Built> {
  const input = inputOf(rowOf(name));
  return build(await compiled(), { ...input, shape: { ...input.shape, ...shape } });
}

/** Any file of this repo, or text in place of one. */
export async function buildFile(entry: string, shape: Partial<Shape>, text?: string): Promise<Built> {
  const more = text === undefined ? {} : { [entry]: text };
  return build(await compiled(), { entry, shape: { ...PROGRAM, ...shape }, more });
}
