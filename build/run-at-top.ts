// The last line of the loader: it runs a program at the top level, because the program's names are global.

import type { Plugin } from "rollup";

/** @param name the loader's function: see board/esp32/loader.ts */
export function runAtTop(name: string): Plugin {
  return {
    name: "run-at-top",
    renderChunk: (code) => ({
      code: `${code}\ntry{eval(${name}())}catch(e){if(!${name}(e))throw e}delete ${name};`,
      map: null,
    }),
  };
}
