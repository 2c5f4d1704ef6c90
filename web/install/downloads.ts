// A download of Espruino: dropped in as its folder, its files, a zip or a tgz; or named by a manifest beside the page, in
// the format of ESP Web Tools.

import { gunzipSync, unzipSync } from "fflate";
import { Failure } from "../../tools/failures.ts";
import { placesOf } from "../../tools/flash/espruino-files.ts";

export interface Download {
  /** esp32, esp32c3 or esp32s3. */
  chip: string;
  flashFreq: string;
  parts: { address: number; data: Uint8Array; name: string }[];
}

/** Most bytes of a download; a flash has no more. */
const MAX_BYTES = 16 * 1024 * 1024;
const DOWNLOAD = "the download";

/** What people dropped in. Throws a Failure. */
export async function downloadFrom(dropped: File[]): Promise<Download> {
  const files = new Map<string, Uint8Array>();
  for (const file of dropped) {
    if (file.size > MAX_BYTES) continue;
    const bytes = new Uint8Array(await file.arrayBuffer());
    for (const [name, data] of unpacked(file.name, bytes)) files.set(name.split("/").pop()!, data);
  }
  const { chip, places } = placesOf([...files.keys()].sort(), DOWNLOAD);
  const parts = places.map(({ offset, name }) => ({ address: offset, name, data: files.get(name)! }));
  return { chip: chip.name, flashFreq: chip.flashFreq, parts };
}

function unpacked(name: string, bytes: Uint8Array): [string, Uint8Array][] {
  try {
    if (/\.zip$/i.test(name))
      return Object.entries(unzipSync(bytes, { filter: ({ name: each }) => each.endsWith(".bin") }));
    if (/\.(tgz|tar\.gz)$/i.test(name)) return untar(gunzipSync(bytes));
  } catch {
    throw new Failure("file", `${name} is damaged`, "download it again");
  }
  return [[name, bytes]];
}

/** Files of a tar archive (POSIX.1-1988 ustar): blocks of 512 bytes, a header before each file. */
function untar(bytes: Uint8Array): [string, Uint8Array][] {
  const found: [string, Uint8Array][] = [];
  const text = (at: number, length: number) =>
    new TextDecoder().decode(bytes.subarray(at, at + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= bytes.length && bytes[at]; ) {
    const size = Number.parseInt(text(at + 124, 12).trim(), 8) || 0;
    const kind = text(at + 156, 1);
    if (kind === "0" || kind === "") found.push([text(at, 100), bytes.subarray(at + 512, at + 512 + size)]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

/** A manifest of ESP Web Tools. */
export interface Manifest {
  name?: string;
  version?: string;
  builds: { chipFamily: string; parts: { path: string; offset: number }[] }[];
}

/** The manifest beside the page; undefined where there is none. */
export async function findManifest(): Promise<Manifest | undefined> {
  if (!/^https?:$/.test(location.protocol)) return undefined;
  try {
    const response = await fetch("manifest.json");
    const manifest = (await response.json()) as Manifest;
    return response.ok && Array.isArray(manifest.builds) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** The files of a manifest for a chip. Throws a Failure. */
export async function downloadOf(manifest: Manifest, chip: string): Promise<Download> {
  const build = manifest.builds.find(({ chipFamily }) => plain(chipFamily) === chip);
  if (!build)
    throw new Failure(
      "file",
      `manifest.json beside this page has no build for ${chip}`,
      "drop a download of Espruino in",
    );
  const parts = [];
  for (const { path, offset } of build.parts) {
    const response = await fetch(path);
    if (!response.ok)
      throw new Failure("file", `${path} beside this page cannot be read`, "tell whoever hosts this page");
    parts.push({ address: offset, name: path, data: new Uint8Array(await response.arrayBuffer()) });
  }
  return { chip, flashFreq: "keep", parts };
}

/** "ESP32-C3" as esp32c3. */
export function plain(chipFamily: string): string {
  return chipFamily.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
