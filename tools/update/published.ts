// What is published on a channel, and whether it is signed with a key.

import type { Broker } from "./broker.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { isSigned, SIGNATURE_BYTES } from "./signature.ts";
import { BLOCK_BYTES, manifestTopic, signatureTopic } from "./topics.ts";

export interface Published {
  /** The manifest as it was published. */
  bytes: Buffer;
  manifest: Manifest;
  /** undefined if blocks of it are missing. */
  signature: Buffer | undefined;
}

/** What is published on a channel; undefined if nothing is, and what is wrong with it if it is no manifest. */
export async function publishedOn(
  broker: Broker,
  base: string,
  channel: string,
): Promise<Published | { wrong: string } | undefined> {
  const topic = manifestTopic(base, channel);
  const bytes = (await broker.kept([topic], (found) => found.has(topic))).get(topic);
  if (!bytes) return undefined;
  const manifest = parseManifest(bytes);
  if ("wrong" in manifest) return manifest;
  return { bytes, manifest, signature: await signatureOf(broker, base, manifest.sha256) };
}

async function signatureOf(broker: Broker, base: string, sha256: string): Promise<Buffer | undefined> {
  const topics = Array.from({ length: Math.ceil(SIGNATURE_BYTES / BLOCK_BYTES) }, (_, i) =>
    signatureTopic(base, sha256, i),
  );
  const found = await broker.kept(topics, (all) => topics.every((topic) => all.has(topic)));
  const blocks = topics.flatMap((topic) => found.get(topic) ?? []);
  return blocks.length === topics.length ? Buffer.concat(blocks) : undefined;
}

/** Why something that is published is not this key's; "" if it is. */
export function notSigned({ bytes, signature }: Published, publicKey: Buffer): string {
  if (!signature) return "blocks of its signature are missing";
  return isSigned(bytes, signature, publicKey) ? "" : "its signature is not of this key";
}
