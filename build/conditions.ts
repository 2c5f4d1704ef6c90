// Import names that begin with #: package.json maps each to a file, or to one file for each condition.

import { posix } from "node:path";

/** The imports in package.json by name: a file, or a file by condition. */
export type Imports = Record<string, string | Record<string, string>>;

/** The file of an import name, chosen as Node does: the first condition that holds. */
export function namedFile(names: Imports, id: string, conditions: string[]): string | undefined {
  const entry = names[id];
  if (entry === undefined || typeof entry === "string") return entry && posix.normalize(entry);
  const holds = Object.keys(entry).find(
    (condition) => condition === "default" || conditions.includes(condition),
  );
  return holds && posix.normalize(entry[holds]!);
}
