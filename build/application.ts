// Builds an application that is in a file outside of this repo. Its types are checked as those of the firmware are.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Built } from "./bundle.ts";
import { programOf } from "./compile.ts";
import type { Start } from "./entry.ts";
import { BuildError } from "./failure.ts";
import { buildOwn } from "./own.ts";
import { ROOT } from "./root.ts";

/** Throws a {@link BuildError} that lists the mistakes in the file. */
export async function buildApp(start: Start): Promise<Built> {
  const name = `${start.file}.ts`;
  const program = programOf(new Map([[name, readFileSync(join(ROOT, name), "utf8")]]));
  const errors = ts.getPreEmitDiagnostics(program, program.getSourceFile(join(ROOT, name)));
  const format = { getCanonicalFileName: String, getCurrentDirectory: () => ROOT, getNewLine: () => "\n" };
  if (errors.length) throw new BuildError(ts.formatDiagnostics(errors, format).trimEnd());
  return buildOwn(start);
}
