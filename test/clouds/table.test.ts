// docs/brokers.md and the tests beside this file have the same rows.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { CLOUDS, rowsOf } from "./program.ts";

const texts = readdirSync(import.meta.dirname).map((file) =>
  readFileSync(new URL(file, import.meta.url), "utf8"),
);
/** Text without quotes and with one kind of blank. */
const plain = (text: string) => text.replace(/["'`\\]/g, "").replace(/\$\{[^}]*\}/g, "");
const code = plain(texts.join("\n"));

for (const cloud of CLOUDS)
  test(`docs/brokers.md: each row of ${cloud} has a test`, () => {
    const rows = [...rowsOf(cloud).keys()];
    assert.ok(rows.length > 0);
    for (const limit of rows) {
      const parts = plain(limit).split(/the path is |the subprotocol /);
      assert.ok(code.includes(parts.at(-1)!), limit);
    }
  });
