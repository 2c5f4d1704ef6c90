// A package registry on 127.0.0.1, for tests that install a package as users do. It has the packages of this repo's
// node_modules, as package-lock.json lists them, and the tarballs that a test adds. It has nothing else.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A version of a package: its package.json, and its tarball when it is asked for. */
interface Version {
  manifest: { name: string; version: string };
  tarball(): Buffer;
}

export interface Registry {
  url: string;
  /** Names of packages that were asked for and are not there. */
  missing: string[];
}

/** @param tarballs files made by `npm pack` */
export async function registryOf(t: Pick<TestContext, "after">, tarballs: string[]): Promise<Registry> {
  const versions = [...tarballs.map(packed), ...installed()];
  const missing: string[] = [];
  const server = createServer(({ url = "/" }, response) => {
    const [, name, version] = /^\/([^?]+?)(?:\/-\/([^/]+)\.tgz)?$/.exec(decodeURIComponent(url)) ?? [];
    const found = versions.filter(({ manifest }) => manifest.name === name);
    if (!found.length) missing.push(`${name}`);
    if (version === undefined) answer(response, packument(found, root()));
    else response.end(found.find(({ manifest }) => manifest.version === version)?.tarball());
  });
  const root = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  return { url: root(), missing };
}

function answer(response: ServerResponse, body: object | undefined): void {
  response.writeHead(body ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(body ?? { error: "not found" }));
}

/** What a registry says about a package. */
function packument(versions: Version[], root: string): object | undefined {
  const name = versions[0]?.manifest.name;
  if (name === undefined) return undefined;
  const rows = versions.map(({ manifest, tarball }) => {
    const integrity = `sha512-${createHash("sha512").update(tarball()).digest("base64")}`;
    const dist = { tarball: `${root}/${name}/-/${manifest.version}.tgz`, integrity };
    return [manifest.version, { ...manifest, dist }] as const;
  });
  return { name, "dist-tags": { latest: rows[0]![0] }, versions: Object.fromEntries(rows) };
}

/** The packages of node_modules, those inside of others, too. */
function installed(): Version[] {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: object };
  const found = new Map<string, Version>();
  for (const folder of Object.keys(packages)) {
    if (folder === "" || !existsSync(join(folder, "package.json"))) continue;
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    found.set(`${manifest.name} ${manifest.version}`, { manifest, tarball: once(() => tarOf(folder)) });
  }
  return [...found.values()];
}

function tarOf(folder: string): Buffer {
  const names = ["--transform", "s,^\\./,package/,", "--exclude", "./node_modules"];
  const { stdout, status } = spawnSync("tar", ["-czf", "-", ...names, "-C", folder, "."], {
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`tar fails for ${folder}`);
  return stdout;
}

function packed(file: string): Version {
  const text = spawnSync("tar", ["-xzOf", file, "package/package.json"], { encoding: "utf8" }).stdout;
  return { manifest: JSON.parse(text), tarball: once(() => readFileSync(file)) };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
