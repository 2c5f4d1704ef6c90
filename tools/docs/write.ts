// `npm run docs`: writes the generated parts of the docs again. Names behind the command choose some of them:
// `npm run docs -- keys size`.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.ts";
import { UNWRITTEN } from "./annotated.ts";
import { partOf, withPart } from "./blocks.ts";
import { PARTS } from "./parts.ts";

const wanted = process.argv.slice(2);
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
  writeFileSync(file, withPart(before, name, text));
  console.log(`${page}: ${name}${partOf(before, name) === text ? "" : ", new"}`);
  if (text.includes(UNWRITTEN)) console.log(`  ${page}: write the cells that say ${UNWRITTEN}`);
}
