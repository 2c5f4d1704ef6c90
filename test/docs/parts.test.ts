// The generated parts of the docs are what the sources say now.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { UNWRITTEN } from "../../tools/docs/annotated.ts";
import { partOf } from "../../tools/docs/blocks.ts";
import { PARTS } from "../../tools/docs/parts.ts";

for (const { page, name, make } of PARTS) {
  test(`docs: the part "${name}" of ${page} is up to date`, async () => {
    const shown = partOf(readFileSync(page, "utf8"), name);
    assert.equal(shown, await make(shown), `${page} is stale: run "npm run docs"`);
    assert.ok(!shown.includes(UNWRITTEN), `${page}: write the cells that say ${UNWRITTEN}`);
  });
}
