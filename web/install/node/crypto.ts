// `node:crypto` in the page: hashes, and AES as the engine has it.
import { cbc } from "@noble/ciphers/aes.js";
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

/** The whole text comes in one piece; `final` has nothing more. */
function cipher(direction: "encrypt" | "decrypt") {
  return (_name: string, key: Uint8Array, iv: Uint8Array) => ({
    setAutoPadding: () => {},
    update: (text: Uint8Array) =>
      Buffer.from(
        cbc(Uint8Array.from(key), Uint8Array.from(iv), { disablePadding: true })[direction](
          Uint8Array.from(text),
        ),
      ),
    final: () => Buffer.alloc(0),
  });
}

export const createCipheriv = cipher("encrypt");
export const createDecipheriv = cipher("decrypt");
