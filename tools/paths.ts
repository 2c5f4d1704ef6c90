// Paths: of this repository, of the user's files, of the user's cache.

import { homedir } from "node:os";
import { join, resolve } from "node:path";

export { ROOT } from "../build/root.ts";

/** A path as the user meant it. npm and flash.sh change to the repository's folder, and keep the user's in INIT_CWD. */
export function userPath(file: string): string {
  return resolve(process.env.INIT_CWD || process.cwd(), file);
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
