// The firmware's bundle: which file, whether it is stale, building it, which modules it wants. Knows no board.

import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type Program, programOf } from "../../board/virtual/program.ts";
import { Failure } from "../failures.ts";
import { BUILD_MS } from "../limits.ts";
import { ROOT } from "../paths.ts";

export interface Choice {
  app: string;
  profile: string;
  transport: string;
  /** A bundle of the user's own making; nothing is built then. */
  bundle?: string;
}

/** What a build depends on. */
const SOURCES = [
  "src",
  "board/esp32",
  "rollup.config.js",
  "rollup.parts.js",
  "rollup.direct.js",
  "tsconfig.json",
  "package.json",
];

/** dist/<app>[-<profile>][-lean].js, or the user's own. */
export function bundleFile({ app, profile, transport, bundle }: Choice): string {
  if (bundle !== undefined) return bundle;
  const name = [app, profile === "full" ? "" : profile, transport === "ws" ? "" : transport];
  return join(ROOT, "dist", `${name.filter(Boolean).join("-")}.js`);
}

/** Whether a source is newer than the bundle, or the bundle is not there. */
export function isStale(file: string): boolean {
  try {
    const built = statSync(file).mtimeMs;
    return SOURCES.some((source) => newest(join(ROOT, source)) > built);
  } catch {
    return true;
  }
}

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** The bundle's files, built anew if it is stale. */
export function readBundle(choice: Choice, say: (text: string) => void): Program {
  const file = bundleFile(choice);
  const shown = relative(process.cwd(), file);
  if (choice.bundle === undefined) checkName(basename(file, ".js"));
  if (choice.bundle === undefined && isStale(file)) {
    say(`building ${shown}`);
    build();
  }
  try {
    return programOf(file);
  } catch (error) {
    const { path = file } = error as NodeJS.ErrnoException;
    throw new Failure(
      "build",
      `there is no ${relative(process.cwd(), path)}`,
      "build it with npm run build, or name another with --bundle",
    );
  }
}

/** Every bundle has a main file of its name; a wrong name is said before anything is built for it. */
function checkName(name: string): void {
  const names = readdirSync(join(ROOT, "board/esp32")).flatMap(
    (file) => /^main-(.*)\.ts$/.exec(file)?.[1] ?? [],
  );
  if (names.includes(name)) return;
  throw new Failure(
    "build",
    `there is no board/esp32/main-${name}.ts`,
    `choose ${names.sort().join(", ")} by --app, --profile and --transport`,
  );
}

function build(): void {
  const options = { cwd: ROOT, timeout: BUILD_MS, killSignal: "SIGKILL", encoding: "utf8" } as const;
  const windows = process.platform === "win32";
  const result = spawnSync("npm", ["run", "-s", "build"], { ...options, shell: windows });
  if (result.error) throw new Failure("build", `npm run build did not end well (${result.error.message})`);
  if (result.status !== 0)
    throw new Failure("build", `npm run build failed:\n${result.stdout}${result.stderr}`);
}

/** Names of the modules that some code asks for. */
export function modulesIn(...files: string[]): string[] {
  const code = files.join("\n");
  return [...new Set([...code.matchAll(/\brequire\((["'])([\w-]+)\1\)/g)].map((found) => found[2]!))];
}
