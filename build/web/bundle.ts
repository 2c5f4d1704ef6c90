// A page's program as one classic script: a page that is opened as a file cannot import anything.

import { join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import { type Plugin, rollup } from "rollup";
import { minify } from "terser";
import { BuildError } from "../failure.ts";
import { ROOT } from "../root.ts";
import { json } from "./json.ts";
import { transpile } from "./transpile.ts";

export interface Script {
  code: string;
  /** The files that it is made of, relative to the folder of this repository. */
  sources: string[];
}

/** @param more passes of the page itself, before all others */
export async function scriptOf(entry: string, more: Plugin[] = []): Promise<Script> {
  const bundle = await rollup({
    input: join(ROOT, entry),
    plugins: [
      ...more,
      resolve({ browser: true, preferBuiltins: false, extensions: [".mjs", ".js", ".ts", ".tsx"] }),
      json(),
      commonjs(),
      transpile(),
    ],
    onwarn(warning) {
      // Circles inside of a library are the library's.
      if (warning.code === "CIRCULAR_DEPENDENCY" && warning.ids?.every((id) => id.includes("node_modules")))
        return;
      if (warning.id?.includes("node_modules")) return;
      throw new BuildError(warning.message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", inlineDynamicImports: true });
  await bundle.close();
  const { code } = await minify(output[0].code, { ecma: 2020, format: { comments: false } });
  const sources = bundle.watchFiles
    .filter((file) => !file.includes("\0") && !file.includes("node_modules"))
    .map((file) => file.slice(ROOT.length).replaceAll("\\", "/").replace(/^\//, ""));
  return { code: code!, sources };
}
