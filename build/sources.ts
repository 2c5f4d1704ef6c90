// Sources for rollup: the compiled files by name, relative to the folder of this repo, and entries that are not on disk.

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Plugin } from "rollup";
import type { Compiled } from "./compile.ts";
import { namedFile } from "./conditions.ts";
import { BuildError } from "./failure.ts";
import { ROOT } from "./root.ts";

/** An application of the user's own names the files of the firmware with this in front. */
const PACKAGE = "espruino-mqtt-ws/";

/**
 * @param more TypeScript texts of files that do not exist on disk, by name
 * @param conditions conditions of this bundle: `#five` is one file with MQTT 5, and another one without
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
      const own = id.startsWith("#")
        ? namedFile(names, id, conditions)
        : id.startsWith(PACKAGE)
          ? id.slice(PACKAGE.length)
          : undefined;
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
