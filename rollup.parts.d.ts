import type { Plugin } from "rollup";
import type { Resident } from "./rollup.rare.js";

/** Names of the parameters of every part. */
export const PARAMETERS: string[];
export function markParts(hot: string[], report?: (residents: Resident[]) => void): Plugin;
export function shortenNames(bare?: boolean): Plugin;
export function splitParts(): Plugin;
/** The name of what stands for the file of parts, as long as the bundle is in one piece. */
export const FILE: string;
