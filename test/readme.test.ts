// The README's numbers are printed by commands of the repo, and are not stale.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { sizeReport } from "../bench/size.ts";

const readme = readFileSync("README.md", "utf8");

test("the size table is what `npm run size` prints (`npm run size -- --write` renews it)", async () => {
  const shown = readme.match(/<!-- size -->\n([\s\S]*?)\n<!-- \/size -->/)?.[1];
  assert.equal(shown, await sizeReport());
});

test("every file that the README points to is there", () => {
  for (const [, path] of readme.matchAll(/`((?:src|board|test|docs)\/[\w./-]+)`/g)) {
    if (path !== "board/config.json") assert.ok(existsSync(path!), path);
  }
});
