// A pass of rollup: TypeScript with and without JSX to JavaScript, file by file. Types are checked by `npm run check`.

import type { Plugin } from "rollup";
import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  jsx: ts.JsxEmit.ReactJSX,
  jsxImportSource: "preact",
  // `import { type X }` leaves nothing, so that no file is loaded for its types.
  verbatimModuleSyntax: false,
};

export function transpile(): Plugin {
  return {
    name: "transpile",
    transform(code, id) {
      if (!/\.tsx?$/.test(id)) return undefined;
      const { outputText } = ts.transpileModule(code, { compilerOptions: OPTIONS, fileName: id });
      return { code: outputText, map: null };
    },
  };
}
