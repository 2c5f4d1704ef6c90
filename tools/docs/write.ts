// `npm run docs`: writes the generated parts of the docs again. Names behind the command choose some of them:
// `npm run docs -- keys size`. With `--check` it writes nothing and ends with 1 where a part is stale.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.ts";
import { UNWRITTEN } from "./annotated.ts";
import { partOf, withPart } from "./blocks.ts";
import { PARTS } from "./parts.ts";

const words = process.argv.slice(2);
const check = words.includes("--check");
const wanted = words.filter((word) => word !== "--check");
const unknown = wanted.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length) {
  console.error(`No part "${unknown.join(", ")}": choose ${PARTS.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}
for (const { page, name, make } of PARTS) {
  if (wanted.length && !wanted.includes(name)) continue;
  const file = join(ROOT, page);
  const before = readFileSync(file, "utf8");
  const text = await make(partOf(before, name));
  const stale = partOf(before, name) !== text;
  if (!check) writeFileSync(file, withPart(before, name, text));
  if (stale)
    console.log(check ? `${page}: "${name}" is stale: run "npm run docs"` : `${page}: "${name}" is new`);
  if (text.includes(UNWRITTEN)) console.log(`${page}: write the cells of "${name}" that say ${UNWRITTEN}`);
  if (check && (stale || text.includes(UNWRITTEN))) process.exitCode = 1;
}
