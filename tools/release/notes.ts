// Prints the section of a version in CHANGELOG.md: `node --import tsx tools/release/notes.ts v0.2.0`. Fails where the version is
// not that of package.json, or its section has no date.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, version } from "../paths.ts";

/** The lines of a version's section. Throws if there is none, or none with a date. */
export function notesOf(changelog: string, wanted: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${wanted}]`));
  if (!section) throw new Error(`CHANGELOG.md has no section ## [${wanted}]`);
  const [head, ...lines] = section.split("\n");
  if (!/^\[\S+\] - \d{4}-\d{2}-\d{2}$/.test(head!))
    throw new Error(`CHANGELOG.md: expected ## [${wanted}] - YYYY-MM-DD, got ## ${head}`);
  return `${lines.join("\n").trim()}\n`;
}

const [tag] = process.argv.slice(2);
if (tag !== undefined) {
  if (tag !== `v${version()}`) throw new Error(`the tag is ${tag}: expected v${version()}`);
  process.stdout.write(notesOf(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"), version()));
}
