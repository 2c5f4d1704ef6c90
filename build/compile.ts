// TypeScript, once for all bundles: checks the firmware and the entries of the table, and gives each file as ES5.

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { BUNDLES } from "./bundles.ts";
import type { Imports } from "./conditions.ts";
import { entryFile, entryOf } from "./entry.ts";
import { BuildError } from "./failure.ts";
import { marked } from "./mark.ts";
import { namesOutside, OUTSIDE_FILES } from "./outside.ts";
import { ROOT } from "./root.ts";
import { directTags, type ResidentTag, residentTags } from "./tags.ts";

/** What the bundles are made of. Plain data: workers get a copy. */
export interface Compiled {
  /** ES5 by the file that it was, from the folder of this repo. */
  files: Record<string, string>;
  /** What each of them imports, types included, libraries not. */
  imports: Record<string, string[]>;
  /** What package.json says of the names that begin with #. */
  names: Imports;
  /** Methods that are to be linked directly, by name, with the interface that says so. */
  direct: Record<string, string>;
  /** Functions that are to stay in memory. */
  residents: ResidentTag[];
  /** Names of properties that exist outside of the firmware. */
  outside: string[];
  /** The files that they were read from. */
  outsideFiles: string[];
}

/** Compiles the firmware. Throws a {@link BuildError} that lists what is wrong. */
export function compile(): Compiled {
  const program = programOf(new Map(BUNDLES.map((bundle) => [entryFile(bundle), entryOf(bundle)])));
  refuse(ts.getPreEmitDiagnostics(program));
  const files: Record<string, string> = {};
  const imports: Record<string, string[]> = {};
  const direct: Record<string, string> = {};
  const names: Imports = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).imports;
  const residents: ResidentTag[] = [];
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
    const tags = residentTags(program.getSourceFile(fileName)!, file);
    residents.push(...tags);
    files[file] = marked(file, text, new Map(tags.map(({ name, words }) => [name, words])));
  });
  return { files, imports, names, direct, residents, outside: namesOutside(), outsideFiles: OUTSIDE_FILES };
}

/** A file outside of the firmware, of a test: it is not checked. */
export function transpiled(text: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** The firmware's program, with these files as if they were there. */
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

/** What a file imports. A name that begins with # may be any of its files. */
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
