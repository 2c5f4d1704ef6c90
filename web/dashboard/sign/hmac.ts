// HMAC-SHA256 (RFC 2104) in a page: the browser's own where it has one, which keeps the key from the page's sight. Pages
// that are neither https nor local have none (W3C Secure Contexts); there a library does it.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** The hash of some bytes under one key. */
export type Mac = (bytes: Uint8Array) => Promise<Uint8Array>;

const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

export async function macOf(key: Uint8Array): Promise<Mac> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return async (bytes) => hmac(sha256, key, bytes);
  const held = await subtle.importKey("raw", new Uint8Array(key), ALGORITHM, false, ["sign"]);
  return async (bytes) => new Uint8Array(await subtle.sign("HMAC", held, new Uint8Array(bytes)));
}
