// A pass that minifies: terser, with the settings under which Espruino runs what comes out.

import type { Plugin } from "rollup";
import { type MinifyOptions, minify } from "terser";
import { PARAMETERS } from "./parts.ts";

export interface MinifyPass {
  /** Whether some functions are parts in a file beside the bundle: then they find only global names. */
  parts: boolean;
  /** Properties that keep their names: all, or those in this list. */
  keep: "all" | string[];
}

export function minified({ parts, keep }: MinifyPass): Plugin {
  return {
    name: "minified",
    async renderChunk(code, _chunk, { sourcemap, format }) {
      const { code: text, map } = await minify(code, {
        ...optionsOf(parts, keep),
        module: format === "es",
        sourceMap: !!sourcemap,
      });
      return { code: text!, map: map as string | undefined };
    },
  };
}

function optionsOf(parts: boolean, keep: MinifyPass["keep"]): MinifyOptions {
  return {
    ecma: 5,
    // The functions of the file are its private names, although no module wrapper surrounds them.
    toplevel: !parts,
    compress: {
      toplevel: true,
      // Inlining makes function expressions of functions that are used once: the engine then defines them anew at
      // each call, 20,000 instructions and 7 JsVars of garbage apiece.
      inline: false,
      reduce_funcs: false,
      hoist_funs: true,
      // `a && (b, c())` takes the chip half as much stack again as `if (a) { b; c(); }`: 966 against 659 bytes a call
      // of the 15,000 that an ESP32-C3 has. It costs 1 % of size.
      sequences: false,
      conditionals: false,
      passes: 3,
      // `void 0` is shorter than `undefined` and cannot be shadowed; no getters here, so reads have no effects.
      pure_getters: true,
    },
    mangle:
      keep === "all"
        ? true
        : {
            reserved: parts ? PARAMETERS : [],
            // `builtins`: terser's own list also keeps every name of the browser's DOM, which we may shorten.
            properties: { builtins: true, keep_quoted: "strict", reserved: keep },
          },
    // Without ascii_only every minified build misbehaved on the engine while Node was happy.
    format: { ascii_only: true, comments: false },
  };
}
