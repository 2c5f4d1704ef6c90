// A release: the messages that publish a program, in the order in which they must come. A board that sees a manifest finds
// all that the manifest names.

import type { Message } from "./broker.ts";
import { type Manifest, manifestBytes } from "./manifest.ts";
import { blocksOf, manifestTopic, programTopic, signatureTopic } from "./topics.ts";

/** @param signed the signature of the manifest's bytes */
export function releaseOf(
  code: string,
  manifest: Manifest,
  signed: Buffer,
  base: string,
  channel: string,
): Message[] {
  const bytes = manifestBytes(manifest);
  const { sha256 } = manifest;
  const program = blocksOf(Buffer.from(code, "latin1"));
  const signature = blocksOf(signed);
  return [
    ...program.map((block, i): Message => [`${programTopic(base, sha256)}/${i}`, block]),
    // A program that is published again has new signatures under the same topics. Until the manifest follows, boards
    // refuse the old one. The other way round they would refuse the new one, and remember that.
    ...signature.map((block, i): Message => [signatureTopic(base, sha256, i), block]),
    [manifestTopic(base, channel), bytes],
  ];
}
