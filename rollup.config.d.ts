// Types of rollup.config.js for the tests that build with it.
import type { Plugin, RollupOptions } from "rollup";
import type { Resident } from "./rollup.rare.js";

/** The plugins that turn our TypeScript into what runs on the board. */
export function firmware(options?: {
  mangleProperties?: boolean;
  minify?: boolean;
  sourcemap?: boolean;
  report?: (residents: Resident[]) => void;
}): Plugin[];
/** The format of the bundle of an entry. */
export function formatOf(file: string): "es" | "iife";
/** Functions that stay in memory. */
export const HOT: string[];
declare const configuration: RollupOptions[];
export default configuration;
