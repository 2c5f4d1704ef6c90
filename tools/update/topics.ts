// Topics of updates. Everything is retained, under <base>/update: a manifest for each channel, and for each program its
// blocks and the blocks of its signature.

import { OWN_TOPICS } from "../../src/app/device/rules.ts";

/** Bytes of a block, of a program or of a signature. */
export const BLOCK_BYTES = 1_024;
/** Digits of a program's SHA-256 in its topics. */
const HASH_DIGITS = 16;

/** Form of a channel's name. */
export const CHANNEL = /^[A-Za-z0-9-]{1,32}$/;
/** Names that a device uses for topics of its own, and so cannot be channels. */
export const RESERVED = OWN_TOPICS.trim().split(" ");

export function manifestTopic(base: string, channel: string): string {
  return `${base}/update/${channel}`;
}

/** Where the blocks of a program are; the last level is the number of the block. */
export function programTopic(base: string, sha256: string): string {
  return `${base}/update/${sha256.slice(0, HASH_DIGITS)}`;
}

export function signatureTopic(base: string, sha256: string, number: number): string {
  return `${programTopic(base, sha256)}/s${number}`;
}

/** The status of each device. */
export function statusFilter(base: string): string {
  return `${base}/+/update`;
}

/** All that is published. */
export function everythingFilter(base: string): string {
  return `${base}/update/#`;
}

/** What a topic below <base>/update is: the manifest of a channel, or a block of a program. */
export function placeOf(
  base: string,
  topic: string,
): { channel: string } | { program: string; block: string } | undefined {
  if (!topic.startsWith(`${base}/update/`)) return undefined;
  const [first, block, ...rest] = topic.slice(base.length + "/update/".length).split("/");
  if (block === undefined) return CHANNEL.test(first!) ? { channel: first! } : undefined;
  const known = /^[0-9a-f]{16}$/.test(first!) && /^s?\d{1,5}$/.test(block) && !rest.length;
  return known ? { program: `${base}/update/${first}`, block } : undefined;
}

/** Bytes in blocks. */
export function blocksOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / BLOCK_BYTES) }, (_, i) =>
    bytes.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES),
  );
}
