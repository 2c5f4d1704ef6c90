// A user of the package: an empty folder, npm, and no network but 127.0.0.1.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { registryOf } from "./registry.ts";

export interface Result {
  code: number | null;
  out: string;
  err: string;
}

export interface User {
  /** The user's empty folder. */
  folder: string;
  /** Runs a line in a shell there, or in a folder below. Each line of the dialogue is typed when its pattern is printed. */
  run(
    line: string,
    options?: { in?: string; input?: string; dialogue?: [RegExp, string][] },
  ): Promise<Result>;
  /** Hosts that were asked for beyond 127.0.0.1. */
  strayed(): string;
}

/** The package as `npm publish` would send it; packed once for all tests of a file. */
export function tarball(): string {
  const folder = mkdtempSync(join(tmpdir(), "package-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--json", "--pack-destination", folder], {
    encoding: "utf8",
    env: environment(),
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stderr);
  return join(folder, JSON.parse(stdout.slice(stdout.indexOf("[\n")))[0].filename);
}

/** @param t what ends the registry, and removes the folder */
export async function newUser(t: Pick<TestContext, "after">, file: string): Promise<User> {
  const home = mkdtempSync(join(tmpdir(), "user-"));
  const folder = join(home, "project");
  mkdirSync(folder);
  const noted = join(home, "strayed");
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const registry = await registryOf(t, [file]);
  writeFileSync(
    join(home, ".npmrc"),
    `registry=${registry.url}\naudit=false\nfund=false\nupdate-notifier=false\n`,
  );
  const env = {
    ...environment(),
    HOME: home,
    npm_config_cache: join(home, "cache"),
    npm_config_userconfig: join(home, ".npmrc"),
    XDG_CACHE_HOME: join(home, "xdg"),
    NODE_OPTIONS: `--import ${resolve("test/package/only-here.mjs")}`,
    ONLY_HERE: noted,
  };
  return {
    folder,
    strayed: () => (existsSync(noted) ? readFileSync(noted, "utf8") : ""),
    async run(line, { in: below = ".", input, dialogue = [] } = {}) {
      const child = spawn("bash", ["-c", line], { cwd: join(folder, below), env });
      const left = [...dialogue];
      let [out, err] = ["", ""];
      child.stdout.on("data", (bytes) => {
        out += bytes;
        while (left[0]?.[0].test(out)) child.stdin.write(`${left.shift()![1]}\n`);
      });
      child.stderr.on("data", (bytes) => (err += bytes));
      child.stdin.on("error", () => {});
      if (!left.length) child.stdin.end(input);
      const code = await new Promise<number | null>((done) => child.on("close", done));
      return { code, out, err };
    },
  };
}

/** Without what npm and the test runner tell their children. */
function environment(): NodeJS.ProcessEnv {
  const own = ([name]: [string, unknown]) => !/^(npm_|NODE_|INIT_CWD$|ESPRUINO)/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(own));
}
