// Where things are: this repo, the user's folder, the user's cache.

import { homedir } from "node:os";
import { join, resolve } from "node:path";

export { ROOT } from "../build/root.ts";

/** Where the user stood: npm and flash.sh go to the repo's folder, and leave the user's in INIT_CWD. */
export function userPath(file: string): string {
  return resolve(process.env.INIT_CWD || process.cwd(), file);
}

/** A folder of ours in the user's cache, by the custom of the system. */
export function cacheFolder(env = process.env, platform: string = process.platform): string {
  const home = homedir();
  const base =
    env.XDG_CACHE_HOME ||
    (platform === "darwin" && join(home, "Library", "Caches")) ||
    (platform === "win32" && env.LOCALAPPDATA) ||
    join(home, ".cache");
  return join(base, "espruino-mqtt-ws");
}
