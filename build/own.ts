// Builds bundles that have no row in the table: applications of tests and benches, and variants of rows.

import { type Built, build, conditionsOf, inputOf } from "./bundle.ts";
import { rowOf } from "./bundles.ts";
import { compiled } from "./compiled.ts";
import { entryThatStarts, type Start } from "./entry.ts";
import { PROGRAM, type Shape } from "./passes.ts";

/**
 * Builds a program whose application may be anywhere. Its memory is not checked.
 * @param files texts of files that do not exist on disk, by name
 */
export async function buildOwn(start: Start, files: Record<string, string> = {}): Promise<Built> {
  const entry = `entry/own-${start.app}.ts`;
  return build(await compiled(), {
    entry,
    shape: { ...PROGRAM, conditions: conditionsOf(start.profile), strict: false },
    more: { ...files, [entry]: entryThatStarts(start) },
  });
}

/** A bundle of the table, with some fields of its shape replaced. */
export async function buildRow(name: string, shape: Partial<Shape> = {}): Promise<Built> {
  const input = inputOf(rowOf(name));
  return build(await compiled(), { ...input, shape: { ...input.shape, ...shape } });
}

/** Builds any file of this repo, or a text in place of one. */
export async function buildFile(entry: string, shape: Partial<Shape>, text?: string): Promise<Built> {
  const more = text === undefined ? {} : { [entry]: text };
  return build(await compiled(), { entry, shape: { ...PROGRAM, ...shape }, more });
}
