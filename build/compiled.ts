// The compiled firmware, kept on disk between runs: the same sources are compiled only once.

import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Compiled } from "./compile.ts";
import { ROOT } from "./root.ts";
import { buildFiles, hashesOf, readJson, writeWhole } from "./stamp.ts";

const CACHE = "node_modules/.cache/espruino-mqtt-ws/compiled.json";

let held: Promise<Compiled> | undefined;

/** Throws a BuildError if the sources have errors. */
export function compiled(): Promise<Compiled> {
  held ??= cached();
  return held;
}

async function cached(): Promise<Compiled> {
  const key = keyOfSources();
  const kept = readJson<{ key: string; compiled: Compiled }>(CACHE);
  if (kept?.key === key) return kept.compiled;
  // The compiler is large, so load it only if it is needed.
  const { compile } = await import("./compile.ts");
  const made = compile();
  writeWhole(CACHE, JSON.stringify({ key, compiled: made }));
  return made;
}

/** Every file that the compiler may read, and its options. */
function keyOfSources(): string {
  const sources = ["src", "board/esp32"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  );
  const hashes = hashesOf([...sources, ...buildFiles()].sort());
  return createHash("sha256").update(JSON.stringify(hashes)).digest("hex");
}
