// Types of rollup.config.js for the tests that build with it.
import type { Plugin, RollupOptions } from "rollup";

/** The plugins that turn our TypeScript into what runs on the board. */
export function firmware(options?: {
  mangleProperties?: boolean;
  minify?: boolean;
  sourcemap?: boolean;
}): Plugin[];
declare const configuration: RollupOptions[];
export default configuration;
