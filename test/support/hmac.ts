// The tag of signed messages with Node's SHA-256 in place of the chip's.
import { createHash } from "node:crypto";
import type { TagOf } from "../../src/sign/signer.ts";

const sha256 = (bytes: string) => createHash("sha256").update(bytes, "latin1").digest().toString("latin1");

export const tagOf: TagOf = (pads, context, text) =>
  sha256(pads.outer + sha256(pads.inner + context + text)).slice(0, 16);
