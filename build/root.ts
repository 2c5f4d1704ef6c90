import { fileURLToPath } from "node:url";

/** The folder of this repo. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));
