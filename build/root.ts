import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const above = fileURLToPath(new URL("..", import.meta.url));

/** The folder of this repo, or of the package. Compiled for the package, this file is one folder deeper (build/host.ts). */
export const ROOT = existsSync(join(above, "package.json")) ? above : join(above, "..");
