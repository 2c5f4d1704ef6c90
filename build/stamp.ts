// Whether a bundle in dist/ is what its sources would give today: by the contents of all files that it was made of and
// that it is. Contents, not times: a checkout or a copy changes only times.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Resident } from "./residents.ts";
import { ROOT } from "./root.ts";

/** What is noted of a bundle when it was built. Files by their names from the folder of this repo, with their hashes. */
export interface Stamp {
  inputs: Record<string, string>;
  outputs: Record<string, string>;
  /** Files of the sources that it has code of, with the bytes of it, before it was minified. */
  modules: Record<string, number>;
  residents: Resident[];
  /** Bytes of its boot code, and of its parts where it has some. */
  sizes: number[];
}

/** What every bundle is made with. */
const TOOLS = ["package.json", "package-lock.json", "tsconfig.json"];

/** The files of the build itself. */
export function buildFiles(): string[] {
  const own = readdirSync(join(ROOT, "build")).filter((name) => name.endsWith(".ts"));
  return [...own.map((name) => `build/${name}`), ...TOOLS];
}

/** Hashes by file; "" for one that is not there. */
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

/** What is noted of a bundle, undefined where it has not been built, or where it would not be the same today. */
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

/** The value of a JSON file of ours, undefined where it is not there or is cut off. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a file in one go: another process that reads it sees the old one or the new one. */
export function writeWhole(file: string, text: string, encoding: BufferEncoding = "utf8"): void {
  const path = join(ROOT, file);
  const beside = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(beside, text, encoding);
  renameSync(beside, path);
}
