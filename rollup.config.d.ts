// Types of rollup.config.js for the tests that build with it.
import type { Plugin, RollupOptions } from "rollup";
import type { Resident } from "./rollup.rare.js";

/** The plugins that turn our TypeScript into what runs on the board. */
export function firmware(options?: {
  mangleProperties?: boolean;
  minify?: boolean;
  sourcemap?: boolean;
  /** Functions that run rarely go into a file beside the bundle; otherwise it makes them itself, in groups. */
  parts?: boolean;
  group?: number;
  /** Whether the bundle speaks MQTT 5. */
  five?: boolean;
  report?: (residents: Resident[]) => void;
}): Plugin[];
/** How the bundle of an entry is shaped. */
export function shapeOf(file: string): { format: "es" | "iife"; parts?: boolean; group?: number };
/** Functions that stay in memory. */
export const HOT: string[];
/** The same on connections that speak MQTT 5. */
export const HOT5: string[];
declare const configuration: RollupOptions[];
export default configuration;
