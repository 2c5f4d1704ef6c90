import type { Plugin } from "rollup";

export function direct(reserved: string[]): Plugin;
