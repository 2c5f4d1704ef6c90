// The files of a program in Espruino's Storage: its boot code, and the parts that this reads (rollup.parts.js).
// Knows how a boot code names its parts, nothing of what is in either.
import { readFileSync } from "node:fs";
import type { RollupOutput } from "rollup";

/** The program that Espruino runs at power-on. */
export const BOOT_CODE = ".bootcde";

/** Files by their names in Storage, as byte strings. */
export type Program = Record<string, string>;

/** The file of parts that a boot code wants, undefined if it wants none. */
export function partsNameIn(code: string): string | undefined {
  return /\bread\("(parts\.[0-9a-f]{8})"\)/.exec(code)?.[1];
}

/** A program of dist/x.js and, where that has one, dist/x.parts; `before` is put in front of its boot code. */
export function programOf(file: string, before = ""): Program {
  const code = readFileSync(file, "latin1");
  const name = partsNameIn(code);
  const parts = name && { [name]: readFileSync(file.replace(/\.js$/, ".parts"), "latin1") };
  return { ...parts, [BOOT_CODE]: before + code };
}

/** A program that rollup has just made. */
export function programIn(output: RollupOutput["output"]): Program {
  const { code } = output[0];
  const name = partsNameIn(code);
  const asset = output.find((file) => file.type === "asset");
  return { ...(name && asset?.type === "asset" && { [name]: `${asset.source}` }), [BOOT_CODE]: code };
}
