// Builds one bundle, in memory.

import { type RollupOptions, rollup, type SourceMap } from "rollup";
import { PARTS_BEGIN, PARTS_END } from "../src/program/file.ts";
import { type Bundle, LOADER, MODULE } from "./bundles.ts";
import type { Compiled } from "./compile.ts";
import { entryFile } from "./entry.ts";
import { BuildError } from "./failure.ts";
import { AS_LOADER, AS_MODULE, PROGRAM, passes, type Shape } from "./passes.ts";
import type { Resident } from "./residents.ts";

/** A built bundle. */
export interface Built {
  code: string;
  /** Bytes of its boot code; its parts are behind it. */
  bootBytes: number;
  /** Bytes of code, before minifying, by source file. */
  modules: Record<string, number>;
  /** Functions that stay in memory. */
  residents: Resident[];
  /** Names that a module exports. */
  exports: string[];
  map: SourceMap | null;
}

/** Input of a build. */
export interface Input {
  /** The file of its entry. */
  entry: string;
  shape: Shape;
  /** Texts of files that do not exist on disk, by name. */
  more?: Record<string, string>;
}

/** The conditions of a profile, see Shape.conditions. */
export function conditionsOf(profile: string): string[] {
  return profile === "v5" ? ["five"] : profile === "smallest" ? ["smallest"] : [];
}

/** A row of the table as the input of a build. */
export function inputOf(bundle: Bundle): Input {
  const shape = bundle === LOADER ? AS_LOADER : bundle.app === MODULE ? AS_MODULE : PROGRAM;
  return { entry: entryFile(bundle), shape: { ...shape, conditions: conditionsOf(bundle.profile) } };
}

/** Options of rollup for dist/<name>.js. */
export function rollupOptions(
  compiled: Compiled,
  { entry, shape, more }: Input,
  report?: (residents: Resident[]) => void,
) {
  return {
    input: entry,
    plugins: passes(compiled, shape, more, report),
    output: {
      format: shape.format,
      name: shape.name,
      generatedCode: "es5",
      strict: false,
      sourcemap: shape.sourcemap,
    },
    // The board may not be able to run a bundle that was built with warnings.
    onwarn(warning) {
      throw new BuildError(warning.message);
    },
  } satisfies RollupOptions;
}

export async function build(compiled: Compiled, input: Input): Promise<Built> {
  const residents: Resident[] = [];
  const options = rollupOptions(compiled, input, (found) => residents.push(...found));
  const bundle = await rollup(options);
  const { output } = await bundle.generate({ ...options.output, freeze: false, esModule: false });
  await bundle.close();
  const { code, modules, exports, map } = output[0];
  const begin = code.endsWith(PARTS_END) ? code.indexOf(PARTS_BEGIN) : -1;
  const rendered = Object.entries(modules).map(([file, { renderedLength }]) => [file, renderedLength]);
  return {
    code,
    bootBytes: begin < 0 ? code.length : begin,
    modules: Object.fromEntries(rendered.filter(([, length]) => length)),
    residents,
    exports,
    map,
  };
}
