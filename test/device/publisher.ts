// Publishes programs as the tool does: a manifest, its signature and the program in blocks, all retained.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { MqttClient } from "mqtt";
import { nameOf } from "../../board/virtual/program.ts";
import { QuickSigner } from "../update/quick-signer.ts";

const BLOCK = 1024;
const SIGNER = new QuickSigner("owner");
/** The public key, as in `device.update.key`. */
export const PUBLIC_KEY = SIGNER.publicKey.toString("hex");
export const OTHER_KEY = new QuickSigner("other").publicKey.toString("hex");

/** What is published: topics under `<base>/update/`, and payloads. */
export interface Published {
  manifest: string;
  /** 16 hexadecimal digits: the folder of the blocks. */
  folder: string;
  /** Blocks by the last level of their topics. */
  blocks: Map<string, Buffer>;
}

/** A manifest of a program; `change` replaces its values. */
export function manifestOf(code: string, change: object = {}): string {
  return JSON.stringify({
    product: "espruino-mqtt-ws",
    app: "device",
    profile: "full",
    transport: "ws",
    version: "0.2.0",
    counter: 7,
    program: nameOf(code),
    sha256: sumOf(code),
    oldest: "2v20",
    newest: "2v40",
    share: 100,
    ...change,
  });
}

/** The mark by which a board knows a manifest again. */
export function markOf(manifest: string): string {
  return sumOf(manifest).slice(0, 16);
}

/** SHA-256 of a file, as the manifest has it. */
export function sumOf(code: string): string {
  return createHash("sha256").update(Buffer.from(code, "latin1")).digest("hex");
}

/** A program as it is published. */
export function published(code: string, change: object = {}): Published {
  const manifest = manifestOf(code, change);
  const blocks = new Map<string, Buffer>();
  for (const [letter, all] of [
    ["s", SIGNER.sign(Buffer.from(manifest))],
    ["", Buffer.from(code, "latin1")],
  ] as const)
    for (let at = 0; at < all.length; at += BLOCK)
      blocks.set(`${letter}${at / BLOCK}`, all.subarray(at, at + BLOCK));
  return { manifest, folder: sumOf(code).slice(0, 16), blocks };
}

/** Publishes it: blocks first, so that a board which knows the manifest finds them. */
export async function publish(client: MqttClient, it: Published, channel = "stable"): Promise<void> {
  const retained = { retain: true, qos: 1 } as const;
  for (const [name, bytes] of it.blocks)
    await client.publishAsync(`devices/update/${it.folder}/${name}`, bytes, retained);
  await client.publishAsync(`devices/update/${channel}`, it.manifest, retained);
}

/** A program that works: the built one with a word more in its comment, so that its name differs. */
export function nextProgram(file: string, word = "next"): string {
  const code = readFileSync(file, "latin1");
  return code.replace(/\*\/\n$/, ` ${word}*/\n`);
}
