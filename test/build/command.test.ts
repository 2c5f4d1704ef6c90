// `npm run build` as its user sees it, on a copy of the sources: what it builds, what it skips, and how it fails.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "build-"));
for (const part of ["build", "src", "board", "package.json", "package-lock.json", "tsconfig.json"])
  cpSync(part, join(folder, part), { recursive: true });
// Links to the installed packages, with a cache of its own.
cpSync("node_modules/.package-lock.json", join(folder, "node_modules/.package-lock.json"));
for (const name of ["typescript", "rollup", "terser", "acorn", "acorn-walk", "magic-string", "tsx", "@types"])
  symlinkSync(join(process.cwd(), "node_modules", name), join(folder, "node_modules", name));
after(() => rmSync(folder, { recursive: true }));

function build(...args: string[]): { code: number | null; out: string; err: string } {
  const { NODE_V8_COVERAGE: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const all = ["--import", "tsx", "build/build.ts", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { cwd: folder, env, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

/** Changes a file, and returns a function that undoes the change. */
function change(file: string, to: (text: string) => string): () => void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, to(text));
  return () => writeFileSync(path, text);
}

test("build: an unknown name is refused with all names, an unknown option with a hint", () => {
  const { code, err } = build("nosuch");
  assert.equal(code, 1);
  assert.match(err, /^there is no bundle nosuch: choose device, .*hello-lean, .*signed$/m);
  assert.match(build("--nonsense").err, /^Unknown option '--nonsense': see --help\.$/m);
  assert.match(build("--help").out, /^ {2}hello-lean +The same/m);
});

test("build: one bundle is built and its residents are listed, the second time it is up to date", () => {
  const first = build("hello-tiny", "--residents");
  assert.equal(first.err, "");
  assert.match(first.out, /^dist\/hello-tiny\.js: [\d,]+ \+ [\d,]+ bytes, \d+ functions stay in memory$/m);
  assert.match(first.out, /^ {2}publish, src\/mqtt\/request\.ts: @resident$/m);
  assert.match(first.out, /^ {2}drained, board\/esp32\/line\.ts: its value is used$/m);
  assert.match(build("hello-tiny").out, /^dist\/hello-tiny\.js: up to date, /);
});

test("build: a change of a source, of the build or of the bundle makes it stale, any other change does not", async () => {
  // The copy's own check, in this process: each build would compile all sources again.
  const { freshStamp } = await import(join(folder, "build/stamp.ts"));
  const isFresh = () => freshStamp("hello-tiny") !== undefined;
  const freshAfter = (file: string, to: (text: string) => string) => {
    const back = change(file, to);
    const fresh = isFresh();
    back();
    assert.ok(isFresh(), "the change is undone");
    return fresh;
  };
  assert.ok(freshAfter("src/app/signed.ts", (text) => `${text}// Of another bundle.\n`));
  assert.ok(!freshAfter("src/board.ts", (text) => `${text}// Types only.\n`), "a file of types");
  assert.ok(!freshAfter("build/minify.ts", (text) => `${text}// The build itself.\n`), "the build itself");
  assert.ok(!freshAfter("dist/hello-tiny.js", (text) => text.slice(0, 100)), "it is cut off");
  unlinkSync(join(folder, "dist/hello-tiny.js"));
  assert.ok(!isFresh(), "its file is gone");
  assert.doesNotMatch(build("hello-tiny").out, /up to date/);
  assert.ok(isFresh(), "it was built again");
});

test("build: a type error is printed with its place, and ends the command", () => {
  const back = change("src/log.ts", (text) => `${text}export const wrong: number = "text";\n`);
  const { code, err, out } = build("hello-tiny");
  back();
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /^src\/log\.ts\(\d+,\d+\): error TS2322: /);
});
