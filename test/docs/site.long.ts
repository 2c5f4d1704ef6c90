// The site builds from docs/ as a clone has it, with what its own lock file says, and a link that leads nowhere stops
// it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { pages } from "../../tools/docs/pages.ts";

const NPM_CI_MS = 300_000;
const BUILD_MS = 180_000;
/** What the site is made of beside the pages at the top. */
const BESIDE = ["docs", "build/README.md", "tools/docs/pages.ts"];
/** How npm says that there is no network. */
const OFFLINE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/;

function npm(cwd: string, args: string[], timeout: number) {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd, timeout, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test("site: it builds, has every page, and refuses a dead link", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "site-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const path of [...pages().filter((page) => !page.startsWith("docs/")), ...BESIDE])
    cpSync(path, join(folder, path), {
      recursive: true,
      filter: (file) => !/^(node_modules|cache|dist)$/.test(basename(file)),
    });
  const docs = join(folder, "docs");
  const installed = npm(docs, ["ci", "--prefer-offline"], NPM_CI_MS);
  if (installed.status !== 0 && OFFLINE.test(installed.output) && !process.env.CI)
    return t.skip("the npm registry cannot be reached");
  assert.equal(installed.status, 0, installed.output);

  const built = npm(docs, ["run", "build"], BUILD_MS);
  assert.equal(built.status, 0, built.output);
  const site = join(docs, ".vitepress/dist");
  for (const page of pages()) {
    const file = page === "README.md" ? "index.html" : page.replace(/\.md$/, ".html");
    assert.ok(existsSync(join(site, file)), `no ${file}`);
  }
  assert.match(readFileSync(join(site, "docs/engine.html"), "utf8"), /id="9-callbacks-receive-their-record"/);

  appendFileSync(join(docs, "flash.md"), "\n[lost](nowhere.md)\n");
  const broken = npm(docs, ["run", "build"], BUILD_MS);
  assert.notEqual(broken.status, 0, "a dead link must fail the build");
  assert.match(broken.output, /dead link .*nowhere/);
});
