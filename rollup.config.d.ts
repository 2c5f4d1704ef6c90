// Types of rollup.config.js for the tests that build with it.
import type { Plugin, RollupOptions } from "rollup";
import type { Resident } from "./rollup.rare.js";

/** The plugins that turn our TypeScript into what runs on the board. */
export function firmware(options?: {
  mangleProperties?: boolean;
  minify?: boolean;
  sourcemap?: boolean;
  group?: number;
  report?: (residents: Resident[]) => void;
}): Plugin[];
/** How the bundle of an entry is shaped. */
export function shapeOf(file: string): { format: "es" | "iife"; group?: number };
/** Functions that stay in memory. */
export const HOT: string[];
declare const configuration: RollupOptions[];
export default configuration;
