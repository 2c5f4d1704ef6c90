// `npm run docs`: writes every generated part of the docs anew.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.ts";
import { UNWRITTEN } from "./annotated.ts";
import { partOf, withPart } from "./blocks.ts";
import { PARTS } from "./parts.ts";

for (const { page, name, make } of PARTS) {
  const file = join(ROOT, page);
  const before = readFileSync(file, "utf8");
  const text = await make(partOf(before, name));
  writeFileSync(file, withPart(before, name, text));
  console.log(`${page}: ${name}${partOf(before, name) === text ? "" : ", new"}`);
  if (text.includes(UNWRITTEN)) console.log(`  ${page}: write the cells that say ${UNWRITTEN}`);
}
