// The compiler: checks the firmware and the entries of the table, once for all bundles, and compiles each file to ES5.

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { BUNDLES, LOADER } from "./bundles.ts";
import type { Imports } from "./conditions.ts";
import { entryFile, entryOf } from "./entry.ts";
import { BuildError } from "./failure.ts";
import { marked } from "./mark.ts";
import { namesOutside, OUTSIDE_FILES } from "./outside.ts";
import { ROOT } from "./root.ts";
import { directTags, type FunctionTag, functionTags } from "./tags.ts";

/** Input of all bundles. Plain data, because workers get a copy. */
export interface Compiled {
  /** ES5 by source file, relative to the folder of this repo. */
  files: Record<string, string>;
  /** Imports of each file, with types, without libraries. */
  imports: Record<string, string[]>;
  /** The imports in package.json: names that begin with #. */
  names: Imports;
  /** Interfaces with `@direct` by the names of their methods (tags.ts). */
  direct: Record<string, string>;
  /** Functions with `@resident` or `@inline` (tags.ts). */
  tags: FunctionTag[];
  /** Names of properties that exist outside the firmware. */
  outside: string[];
  /** The files that have those names. */
  outsideFiles: string[];
}

/** Compiles the firmware. Throws a {@link BuildError} that lists the errors. */
export function compile(): Compiled {
  const program = programOf(
    new Map([...BUNDLES, LOADER].map((bundle) => [entryFile(bundle), entryOf(bundle)])),
  );
  refuse(ts.getPreEmitDiagnostics(program));
  const files: Record<string, string> = {};
  const imports: Record<string, string[]> = {};
  const direct: Record<string, string> = {};
  const names: Imports = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).imports;
  const tags: FunctionTag[] = [];
  for (const source of program.getSourceFiles()) {
    if (program.isSourceFileFromExternalLibrary(source) || program.isSourceFileDefaultLibrary(source))
      continue;
    const file = shown(source.fileName);
    imports[file] = importsOf(program, source, names);
    Object.assign(direct, directTags(source, file));
  }
  program.emit(undefined, (_, text, __, ___, emitted) => {
    const { fileName } = emitted![0]!;
    const file = shown(fileName);
    const own = functionTags(program.getSourceFile(fileName)!, file);
    tags.push(...own);
    files[file] = marked(file, text, new Map(own.map(({ name, tag }) => [name, tag])));
  });
  return { files, imports, names, direct, tags, outside: namesOutside(), outsideFiles: OUTSIDE_FILES };
}

/** Compiles a file of a test to ES5, without checking it. */
export function transpiled(text: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** The firmware's program. `more` has texts of files that do not exist on disk. */
export function programOf(more: Map<string, string>): ts.Program {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  const absolute = new Map([...more].map(([file, text]) => [slashed(join(ROOT, file)), text]));
  host.fileExists = (name) => absolute.has(name) || fileExists.call(host, name);
  host.readFile = (name) => absolute.get(name) ?? readFile.call(host, name);
  return ts.createProgram([...fileNames, ...absolute.keys()], { ...options, noEmit: false }, host);
}

function refuse(diagnostics: readonly ts.Diagnostic[]): void {
  if (!diagnostics.length) return;
  const format = { getCanonicalFileName: String, getCurrentDirectory: () => ROOT, getNewLine: () => "\n" };
  throw new BuildError(ts.formatDiagnostics(diagnostics, format).trimEnd());
}

/** The imports of a file. For a name that begins with #, all of its files. */
function importsOf(program: ts.Program, source: ts.SourceFile, names: Imports): string[] {
  const options = program.getCompilerOptions();
  return ts.preProcessFile(source.text).importedFiles.flatMap(({ fileName }) => {
    const named = names[fileName];
    if (named !== undefined)
      return typeof named === "string" ? named.slice(2) : Object.values(named).map((file) => file.slice(2));
    const { resolvedModule } = ts.resolveModuleName(fileName, source.fileName, options, ts.sys);
    return resolvedModule ? [shown(resolvedModule.resolvedFileName)] : [];
  });
}

function shown(file: string): string {
  return slashed(relative(ROOT, file));
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
