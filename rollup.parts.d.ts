import type { Plugin } from "rollup";
import type { Resident } from "./rollup.rare.js";

/** Names of the parameters of every part. */
export const PARAMETERS: string[];
export function markParts(hot: string[], report?: (residents: Resident[]) => void): Plugin;
export function splitParts(): Plugin;
