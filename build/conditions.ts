// Names that begin with #: package.json says which file each is, under which condition.

import { posix } from "node:path";

/** What package.json says of the names that begin with #: a file, or a file by condition. */
export type Imports = Record<string, string | Record<string, string>>;

/** The file of a name that begins with #, as Node would find it: the first condition that holds. */
export function namedFile(names: Imports, id: string, conditions: string[]): string | undefined {
  const entry = names[id];
  if (entry === undefined || typeof entry === "string") return entry && posix.normalize(entry);
  const holds = Object.keys(entry).find(
    (condition) => condition === "default" || conditions.includes(condition),
  );
  return holds && posix.normalize(entry[holds]!);
}
