// Paths: of this repository or package, of the user's files, of the user's cache.

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { ROOT } from "../build/root.ts";

export { ROOT };

/** Whether this is the package from npm, which has no sources of the tools, and not a clone of the repository. */
export const INSTALLED = !existsSync(join(ROOT, "tools"));

/** The version of this package. */
export function version(): string {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version;
}

/**
 * A path as the user meant it. In a clone npm and flash.sh change to the repository's folder, and keep the user's in INIT_CWD.
 * The package is called from the user's own folder, also by the scripts of the user's package.json.
 */
export function userPath(file: string): string {
  return resolve((!INSTALLED && process.env.INIT_CWD) || process.cwd(), file);
}

/** A file of the user's own, such as config.json: in a clone it is in board/, elsewhere where the user stands. */
export function ownFile(name: string): string {
  return INSTALLED ? userPath(name) : join(ROOT, "board", name);
}

/** The same as the user would write it. */
export function ownFileSays(name: string): string {
  return INSTALLED ? name : `board/${name}`;
}

/** Our folder in the user's cache, where the operating system wants it. */
export function cacheFolder(env = process.env, platform: string = process.platform): string {
  const home = homedir();
  const base =
    env.XDG_CACHE_HOME ||
    (platform === "darwin" && join(home, "Library", "Caches")) ||
    (platform === "win32" && env.LOCALAPPDATA) ||
    join(home, ".cache");
  return join(base, "espruino-mqtt-ws");
}
