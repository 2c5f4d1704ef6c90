// Property names that exist outside this firmware: in the ES5 library, in the Espruino API, and in config.json and its
// types. The minifier shortens every other property (engine 8).

import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./root.ts";

/** Files in which every name exists outside. */
const WHOLE = [
  "board/esp32/espruino.d.ts",
  "src/config/config-file.ts",
  "src/app/config-file.ts",
  "src/module/mqtt-ws.d.ts",
];
/** Types in other files that config.json uses, or another JSON text from outside, by file. */
const TYPES: Record<string, string[]> = {
  "src/board.ts": ["Network"],
  "src/app/device/update/manifest.ts": ["Manifest"],
  "src/mqtt/encode.ts": ["ConnectOptions", "Will"],
  "src/mqtt/state.ts": ["Limits"],
  "src/mqtt/v5/options.ts": ["Options5", "ConnectNames", "WillNames", "WillOptions"],
};

/** The files from which the names are read. Every bundle depends on them, too. */
export const OUTSIDE_FILES = [...WHOLE, ...Object.keys(TYPES)];

export function namesOutside(): string[] {
  const names = new Set(["exports"]);
  const library = ts.getDefaultLibFilePath({ target: ts.ScriptTarget.ES5 });
  collect(names, library.replace(/lib\.d\.ts$/, "lib.es5.d.ts"));
  for (const file of WHOLE) collect(names, join(ROOT, file));
  for (const [file, types] of Object.entries(TYPES)) collect(names, join(ROOT, file), types);
  return [...names];
}

function collect(names: Set<string>, file: string, only?: string[]): void {
  const missing = new Set(only);
  const text = ts.sys.readFile(file);
  if (text === undefined)
    throw new Error(`build/outside.ts names ${file}, and it is not there: correct its path there`);
  const visit = (node: ts.Node): void => {
    const { name } = node as ts.NamedDeclaration;
    // The names of parameters are not names of properties.
    if (name && "text" in name && name.text && !ts.isParameter(node)) names.add(name.text);
    ts.forEachChild(node, visit);
  };
  for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements) {
    const { name } = statement as ts.DeclarationStatement;
    if (only && !(name && "text" in name && only.includes(name.text))) continue;
    if (name && "text" in name) missing.delete(name.text);
    visit(statement);
  }
  if (missing.size)
    throw new Error(
      `build/outside.ts wants ${[...missing]} of ${file}, which has no such type: correct it there`,
    );
}
