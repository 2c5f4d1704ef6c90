// The minifier: a pass that runs terser, with settings that give code for Espruino.

import type { Plugin } from "rollup";
import { type MinifyOptions, minify } from "terser";
import { PARAMETERS } from "./parts.ts";

/** A word of the engine's language that terser gives to a variable as its name (engine 2). */
export const WORDS_OF_ENGINE = ["of"];

export interface MinifyPass {
  /** Whether some functions are parts in a file beside the bundle. Parts see global names only (engine 11). */
  parts: boolean;
  /** Properties that keep their names: all, or this list. */
  keep: "all" | string[];
}

export function minified({ parts, keep }: MinifyPass): Plugin {
  return {
    name: "minified",
    async renderChunk(code, _chunk, { sourcemap, format }) {
      const { code: text, map } = await minify(code, {
        ...optionsOf(parts, keep),
        module: format === "es" && !parts,
        sourceMap: !!sourcemap,
      });
      return { code: text!, map: map as string | undefined };
    },
  };
}

function optionsOf(parts: boolean, keep: MinifyPass["keep"]): MinifyOptions {
  return {
    ecma: 5,
    // The functions of the file are private, although it has no module wrapper.
    toplevel: !parts,
    compress: {
      toplevel: true,
      // Inlining would move functions that are used once into other functions (engine 12).
      inline: false,
      reduce_funcs: false,
      hoist_funs: true,
      // Keep `if` statements: `a && (b, c())` takes half as much stack again (engine 20).
      sequences: false,
      conditionals: false,
      passes: 3,
      // `void 0` is shorter than `undefined` and cannot be shadowed. There are no getters, so reads have no side effects.
      pure_getters: true,
    },
    mangle:
      keep === "all"
        ? { reserved: WORDS_OF_ENGINE }
        : {
            reserved: [...WORDS_OF_ENGINE, ...(parts ? PARAMETERS : [])],
            // Without `builtins` terser would also keep every name of the browser's DOM.
            properties: { builtins: true, keep_quoted: "strict", reserved: keep },
          },
    // The bundle must be ASCII (engine 6).
    format: { ascii_only: true, comments: false },
  };
}
