// HMAC-SHA256 with Node's hash in place of the chip's.
import { createHash } from "node:crypto";
import type { Hmac } from "../../src/board.ts";

const sha256 = (bytes: string) => createHash("sha256").update(bytes, "latin1").digest().toString("latin1");

export const hmac: Hmac = (pads, context, text) => sha256(pads.outer + sha256(pads.inner + context + text));
