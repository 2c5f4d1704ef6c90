// Everything that pages point to exists: other pages, headings, files, scripts, numbers of the protocol.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { test } from "node:test";
import * as spec from "../../src/mqtt/spec.ts";
import { anchors, pages, prose } from "../../tools/docs/pages.ts";

const PAGES = [...pages(), "build/README.md"];

/** Paths that pages name although git does not have them. */
const NOT_IN_GIT = /^(board\/(config\.json|update\.key)|dist(\/.*)?|src\/app\/(echo|<name>)\.ts)$/;
/** Paths that pages name before they exist. */
const PENDING = ["src/config/keys.ts"];

for (const page of PAGES) {
  test(`docs: every link of ${page} leads somewhere`, () => {
    for (const [link, target] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!)) continue;
      const [path, anchor] = target!.split("#");
      const file = path ? join(dirname(page), path) : page;
      assert.ok(existsSync(file), `${page}: ${link}: no file ${file}`);
      if (anchor)
        assert.ok(anchors(file).has(anchor), `${page}: ${link}: no heading for #${anchor} in ${file}`);
    }
  });

  test(`docs: every path in ${page} exists`, () => {
    const text = readFileSync(page, "utf8");
    const paths = text.matchAll(/`((?:src|board|tools|build|test|bench|docs|examples|dist)\/[^`\s*]*)`/g);
    for (const [, path] of paths) {
      const known = NOT_IN_GIT.test(path!) || PENDING.includes(path!);
      assert.ok(known || existsSync(path!), `${page}: there is no ${path}`);
    }
  });

  test(`docs: every npm script in ${page} exists`, () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    for (const [, name] of readFileSync(page, "utf8").matchAll(/\bnpm run (?:-s )?([\w:-]+)/g))
      assert.ok(scripts[name!], `${page}: there is no script ${name}`);
  });
}

test("docs: each Reason Code that a page names has its right number", () => {
  const codes: Record<string, number> = { ...spec };
  for (const page of PAGES) {
    for (const [, name, number] of readFileSync(page, "utf8").matchAll(/`([A-Z_]{4,})` (0x[\da-f]+|\d+)\b/g))
      if (name! in codes) assert.equal(codes[name!], Number(number), `${page}: ${name}`);
  }
});

test("docs: the index links to every page", () => {
  const index = readFileSync("docs/index.md", "utf8");
  for (const page of pages().filter((page) => page.startsWith("docs/") && page !== "docs/index.md"))
    assert.ok(index.includes(`](${page.slice("docs/".length)})`), `docs/index.md does not link ${page}`);
});

test("docs: the README stays short", () => {
  const { size } = statSync("README.md");
  assert.ok(size <= 10_240, `${size} bytes: move something into docs/`);
});
