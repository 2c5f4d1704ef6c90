// Stamps: whether a bundle in dist/ is up to date. A stamp has hashes of its sources and of its own files. It uses contents,
// not times, because a checkout or a copy changes the times.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Resident } from "./residents.ts";
import { ROOT } from "./root.ts";

/** The note about a built bundle. Hashes by file name, relative to the folder of this repo. */
export interface Stamp {
  inputs: Record<string, string>;
  outputs: Record<string, string>;
  /** Bytes of code, before minifying, by source file. */
  modules: Record<string, number>;
  residents: Resident[];
  /** Bytes of its boot code, and of its parts if it has any. */
  sizes: number[];
}

/** Files on which every bundle depends. */
const TOOLS = ["package.json", "package-lock.json", "tsconfig.json"];

/** The files of the build itself. */
export function buildFiles(): string[] {
  // Of this folder: the package has them compiled, in dist/build.
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const own = readdirSync(folder).filter((name) => /(?<!\.d)\.[jt]s$/.test(name));
  return [...own.map((name) => posix.join(relative(ROOT, folder).replaceAll("\\", "/"), name)), ...TOOLS];
}

/** Hashes by file; "" for a file that does not exist. */
export function hashesOf(files: Iterable<string>): Record<string, string> {
  return Object.fromEntries([...files].map((file) => [file, hashOf(file)]));
}

function hashOf(file: string): string {
  try {
    return createHash("sha256")
      .update(readFileSync(join(ROOT, file)))
      .digest("hex")
      .slice(0, 16);
  } catch {
    return "";
  }
}

/** The stamp of a bundle; undefined if it was not built or is out of date. */
export function freshStamp(name: string): Stamp | undefined {
  const stamp = readJson<Stamp>(fileOf(name));
  const holds = (hashes: Record<string, string>) =>
    Object.entries(hashes).every(([file, hash]) => hash !== "" && hashOf(file) === hash);
  return stamp && holds(stamp.inputs) && holds(stamp.outputs) ? stamp : undefined;
}

export function writeStamp(name: string, stamp: Stamp): void {
  writeWhole(fileOf(name), JSON.stringify(stamp));
}

function fileOf(name: string): string {
  return `dist/.built/${name}.json`;
}

/** The value of a JSON file; undefined if it does not exist or is not complete. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
  } catch {
    return undefined;
  }
}

/** Replaces a file atomically: another process reads the old text or the new one. */
export function writeWhole(file: string, text: string, encoding: BufferEncoding = "utf8"): void {
  const path = join(ROOT, file);
  const beside = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(beside, text, encoding);
  renameSync(beside, path);
}
