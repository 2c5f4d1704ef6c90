// Everything that comments refer to exists: files, names in {@link}, rules of docs/engine.md.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path/posix";
import { test } from "node:test";
import { filesIn, type Source, sources } from "../../tools/docs/comments.ts";

const SOURCES = sources();
const FILES = filesIn(".");
const BASENAMES = new Set(FILES.map((file) => basename(file)));
const NAMES = new Set(SOURCES.flatMap(({ names }) => [...names]));

/** Files that comments may name although git does not have them, and why. */
const ELSEWHERE: [path: RegExp, why: string][] = [
  [/^board\/(config\.json|client\.(crt|key))$/, "the user's own, ignored by git"],
  [/^dist(\/|$)/, "built"],
  [/^src\/app\/echo\.ts$/, "the example of docs/own-app.md"],
];

/** Broken references that must be corrected. */
const KNOWN: string[] = [];

/** Every broken reference of this kind, as `file:line reference`. */
function broken(pattern: RegExp, leads: (found: string, source: Source) => boolean): string[] {
  return SOURCES.flatMap((source) =>
    source.comments.flatMap(({ text, line }) =>
      [...text.matchAll(pattern)]
        .map(([, found]) => found!)
        .filter((found) => !leads(found, source) && !KNOWN.includes(`${source.file} ${found}`))
        .map((found) => `${source.file}:${line} ${found}`),
    ),
  );
}

test("comments: every path from the root exists", () => {
  const paths =
    /(?<![\w./-])((?:src|board|tools|build|test|bench|docs|examples|dist)\/[\w./-]*[\w/](?![\w*<-])|(?:rollup|flash)\.[\w.]*\w)/g;
  const lost = broken(paths, (path) => existsSync(path) || ELSEWHERE.some(([known]) => known.test(path)));
  assert.deepEqual(lost, [], "say where it is now, or leave the path out");
});

test("comments: every file that is named without a folder exists", () => {
  const lost = broken(/(?<![\w./<>*-])([\w-]+(?:\.d|\.test)?\.(?:ts|md|mjs|sh))\b/g, (name) =>
    BASENAMES.has(name),
  );
  assert.deepEqual(lost, [], "say what it is called now, or leave the name out");
});

test("comments: every relative path exists", () => {
  const lost = broken(/(?<![\w/])(\.\.?\/[\w./-]*\w)/g, (path, { file }) =>
    existsSync(join(dirname(file), path)),
  );
  assert.deepEqual(lost, [], "say where it is now, or leave the path out");
});

test("comments: every {@link} names what the file has or imports", () => {
  const lost = broken(/\{@link ([\w.$]+)\}/g, (link, { names }) => {
    const [first, ...rest] = link.split(".");
    return names.has(first!) && rest.every((name) => NAMES.has(name));
  });
  assert.deepEqual(lost, [], "import the name, or write it without {@link}");
});

test("comments: every cited rule of the engine is in docs/engine.md", () => {
  const rules = new Set(
    [...readFileSync("docs/engine.md", "utf8").matchAll(/^## (\d+)\. /gm)].map(([, n]) => n!),
  );
  const lost = broken(/\bengine (\d+)\b/g, (rule) => rules.has(rule));
  assert.deepEqual(lost, [], "rules are never renumbered: look the number up in docs/engine.md");
  assert.deepEqual(
    [...rules],
    Array.from(rules, (_, i) => `${i + 1}`),
    "numbered from 1 without a gap",
  );
});
