import type { Plugin } from "rollup";

/** A function that stays in memory, and why. */
export interface Resident {
  name: string;
  why: string;
}

export const GROUP: number;
export function rare(hot: string[], report?: (residents: Resident[]) => void, group?: number): Plugin;
