// Finds `@resident` tags without effect. A tag may matter in one bundle only, so this looks at all bundles.

import { BuildError } from "./failure.ts";
import type { Resident } from "./residents.ts";
import type { FunctionTag } from "./tags.ts";

/** Throws a {@link BuildError} that names each tag without effect. @param residents of all bundles */
export function refuseIdleTags(tags: FunctionTag[], residents: Resident[]): void {
  const faults = tags.flatMap(({ file, line, name, tag }) => {
    // An `@inline` that has no effect is an error of its pass.
    if (tag === "inline") return [];
    const found = residents.filter((one) => one.file === file && one.name === name);
    if (found.some(({ why }) => why === "@resident")) return [];
    const [other] = found;
    const reason = other ? `${other.why}, so it stays anyway` : "no bundle calls a function of this name";
    return [`${file}:${line}: @resident of ${name} has no effect: ${reason}. Remove the tag.`];
  });
  if (faults.length) throw new BuildError(faults.join("\n"));
}
