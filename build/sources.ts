// Gives rollup the compiled files by their names from the folder of this repo, and entries that are no files at all.

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Plugin } from "rollup";
import type { Compiled } from "./compile.ts";
import { BuildError } from "./failure.ts";
import { ROOT } from "./root.ts";

/** What package.json says of the names that begin with #: a file, or a file by condition. */
export type Imports = Record<string, string | Record<string, string>>;

/**
 * @param more files that are not there, by name: TypeScript
 * @param conditions that hold for this bundle: `#five` is one file with MQTT 5, and another one without
 */
export function sources(
  { files, names }: Compiled,
  more: Record<string, string>,
  conditions: string[],
): Plugin {
  const isThere = (id: string) => id in files || id in more || existsSync(join(ROOT, id));
  return {
    name: "sources",
    resolveId(id, importer) {
      const own = id.startsWith("#") ? namedFile(names, id, conditions) : undefined;
      const path = own ?? (importer === undefined ? id : posix.join(posix.dirname(importer), id));
      const found = [`${path}.ts`, path].find(isThere);
      if (found !== undefined) return found;
      throw new BuildError(`${importer ?? "the build"} imports ${id}, and there is no such file`);
    },
    async load(id) {
      if (files[id] !== undefined) return files[id];
      const { transpiled } = await import("./compile.ts");
      return transpiled(more[id] ?? readFileSync(join(ROOT, id), "utf8"));
    },
  };
}

/** The file of a name that begins with #, as Node would find it: the first condition that holds. */
export function namedFile(names: Imports, id: string, conditions: string[]): string | undefined {
  const entry = names[id];
  if (entry === undefined || typeof entry === "string") return entry && posix.normalize(entry);
  const holds = Object.keys(entry).find(
    (condition) => condition === "default" || conditions.includes(condition),
  );
  return holds && posix.normalize(entry[holds]!);
}
