// Property names that exist outside this firmware: in the ES5 library, in the Espruino API, and in config.json with the
// types it is made of. Every other property is ours and gets a short name, because a field's name of more than 4
// characters costs the board memory, and the bundle bytes.

import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./root.ts";

/** Files whose every name is known outside. */
const WHOLE = [
  "board/esp32/espruino.d.ts",
  "src/config/config-file.ts",
  "src/app/config-file.ts",
  "src/module/mqtt-ws.d.ts",
];
/** Types elsewhere that config.json uses, by their file. */
const TYPES: Record<string, string[]> = {
  "src/board.ts": ["Network"],
  "src/mqtt/encode.ts": ["ConnectOptions", "Will"],
  "src/mqtt/state.ts": ["Limits"],
  "src/mqtt/v5/state.ts": ["Options5", "ConnectNames", "WillNames", "WillOptions"],
};

/** The files that the names are read from: every bundle is made of them, too. */
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
    // Parameters have names, too, but no property has them.
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
