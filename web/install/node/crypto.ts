// `node:crypto` in the page: hashes.
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

const HASHES = { sha1, sha256, sha512 };

export function createHash(name: keyof typeof HASHES) {
  const hash = HASHES[name].create();
  const it = {
    update(data: Uint8Array | string) {
      hash.update(typeof data === "string" ? new TextEncoder().encode(data) : Uint8Array.from(data));
      return it;
    },
    digest(encoding?: BufferEncoding) {
      const bytes = Buffer.from(hash.digest());
      return encoding ? bytes.toString(encoding) : bytes;
    },
  };
  return it;
}
