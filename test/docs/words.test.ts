// Each line of the log or of a tool that a page quotes is in the sources.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cellsOf } from "../../tools/docs/blocks.ts";
import { filesIn } from "../../tools/docs/comments.ts";

/** Tables whose first cells quote lines, by page and head of the table; generated ones need no test. */
const TABLES: [page: string, head: string][] = [
  ["docs/final-words.md", "| the log says | what to do |"],
  ["docs/final-words.md", "| the log says | what it means |"],
  ["docs/flash.md", "| symptom | cause | what helps |"],
];
/** Words of the engine, which are not in our sources. */
const OF_THE_ENGINE = ["Wi-Fi: NO_AP_FOUND", "AUTH_FAIL", "4WAY_HANDSHAKE_TIMEOUT"];

const PRINTED = ["src", "board/esp32", "tools"]
  .flatMap(filesIn)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n")
  // Texts that continue in the next line.
  .replace(/"\s*\+\s*"/g, "");

for (const [page, head] of TABLES) {
  test(`docs: lines that "${head}" of ${page} quotes are in the sources`, () => {
    const text = readFileSync(page, "utf8");
    const at = text.indexOf(head);
    assert.ok(at >= 0, `no table "${head}" in ${page}`);
    const rows = cellsOf(text.slice(at).split("\n\n")[0]!);
    for (const [quoted] of rows)
      for (const [, phrase] of quoted!.matchAll(/`([^`]+)`/g))
        for (const piece of phrase!.split(/<[^>]*>|\.\.\.|\d+/).map((each) => each.trim()))
          if (piece.length > 3 && !OF_THE_ENGINE.some((own) => own.includes(piece)))
            assert.ok(PRINTED.includes(piece), `${page}: "${phrase}" is printed nowhere: ${piece}`);
  });
}
