// The pictures of docs/fleet.md are those of the results.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pictures } from "../../bench/fleet/pictures.ts";

for (const [file, picture] of Object.entries(pictures()))
  test(`fleet: ${file} shows the results`, () => {
    assert.ok(readFileSync(file, "utf8") === picture, "stale: run npm run fleet -- --pictures");
  });
