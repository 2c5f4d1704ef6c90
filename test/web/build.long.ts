// The built pages: whole in themselves, and nothing runs in them but their own script.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Script } from "node:vm";
import { ensurePage, fileOf, PAGES, webFiles } from "../../build/web/pages.ts";

for (const page of PAGES)
  test(`page ${page.name}: one file, one classic script, and a policy for these alone`, async () => {
    await ensurePage(page, () => {});
    const html = readFileSync(fileOf(page), "utf8");
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => code!);
    assert.equal(scripts.length, 1);
    // Throws at an import or an export.
    new Script(scripts[0]!);
    const head = html.slice(0, html.indexOf("<style>"));
    assert.doesNotMatch(head.replace('href="data:,"', ""), /\b(src|href)=/);
    const hash = createHash("sha256").update(scripts[0]!).digest("base64");
    assert.ok(head.includes(`script-src 'sha256-${hash}'`));
    assert.equal(head.includes("'unsafe-eval'"), page.evaluates);
    assert.ok(head.includes("default-src 'none'"));
  });

test("pages: the list of files for a release has them all", () => {
  assert.deepEqual(webFiles(), ["dist/web/dashboard.html", "dist/web/install.html"]);
});
