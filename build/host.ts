// Compiles what runs on a PC for the package: dist/tools, and what the tools import, in folders of the same names. The sources
// name their imports as bundlers do. Node needs the file of each, so this pass puts it there, in code and in types.

import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import ts from "typescript";
import { BuildError } from "./failure.ts";
import { ROOT } from "./root.ts";
import { writeWhole } from "./stamp.ts";

/** The doors of the package into compiled code. */
const ENTRIES = ["tools/cli.ts", "testing/index.ts"];
/** Folders of dist/ that this writes. */
const FOLDERS = ["tools", "testing", "board", "build", "src"];
/** Files that are not compiled, but read where they stand. */
const COPIED = ["board/virtual/tcp-worker.js", "board/chips"];

export function compileHost(): void {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.host.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const entries = ENTRIES.map((file) => join(ROOT, file)).filter((file) => existsSync(file));
  const program = ts.createProgram(entries, {
    ...options,
    // Without MQTT 5: #five is chosen by a condition of the bundles, and the tools decode without it.
    customConditions: [],
    noEmit: false,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    rootDir: ROOT,
    outDir: join(ROOT, "dist"),
  });
  const errors = ts.getPreEmitDiagnostics(program);
  if (errors.length) throw new BuildError(ts.formatDiagnostics(errors, FORMAT).trimEnd());
  for (const folder of FOLDERS) rmSync(join(ROOT, "dist", folder), { recursive: true, force: true });
  const renamed = renamer(program.getCompilerOptions());
  program.emit(undefined, (file, text) => writeWhole(slashed(relative(ROOT, file)), text), undefined, false, {
    after: [renamed as ts.TransformerFactory<ts.SourceFile>],
    afterDeclarations: [renamed],
  });
  for (const file of COPIED) {
    mkdirSync(dirname(join(ROOT, "dist", file)), { recursive: true });
    cpSync(join(ROOT, file), join(ROOT, "dist", file), { recursive: true });
  }
}

/** A pass that puts the compiled file's name in place of each name of a file of ours. */
function renamer(options: ts.CompilerOptions): ts.TransformerFactory<ts.SourceFile | ts.Bundle> {
  return (context) => (root) => {
    if (ts.isBundle(root)) return root;
    const from = ts.getOriginalNode(root).getSourceFile().fileName;
    const visit = (node: ts.Node): ts.Node => {
      const at = ts.isStringLiteral(node) && node.parent && namesFile(node) ? node : undefined;
      const name = at && compiledName(at.text, from, options);
      return name === undefined
        ? ts.visitEachChild(node, visit, context)
        : context.factory.createStringLiteral(name);
    };
    return ts.visitEachChild(root, visit, context);
  };
}

/** Whether a text is what an import or an export names. */
function namesFile(node: ts.StringLiteral): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent);
  return ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function compiledName(name: string, from: string, options: ts.CompilerOptions): string | undefined {
  if (!/^[.#]/.test(name)) return undefined;
  const { resolvedModule } = ts.resolveModuleName(name, from, options, ts.sys);
  if (!resolvedModule) return undefined;
  const path = slashed(relative(dirname(from), resolvedModule.resolvedFileName));
  const file = path.replace(/(\.d)?\.ts$/, ".js");
  return file.startsWith(".") ? file : `./${file}`;
}

function slashed(path: string): string {
  return path.replaceAll("\\", posix.sep);
}

const FORMAT = { getCanonicalFileName: String, getCurrentDirectory: () => ROOT, getNewLine: () => "\n" };
