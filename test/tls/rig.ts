// The crypto that TLS borrows from the board, made of Node's, which shares no code with ours.
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { Crypto } from "../../src/tls/crypto.ts";
import { FakeBoard } from "../support/fake-board.ts";

export function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

export function text(data: Uint8Array): string {
  return Buffer.from(data).toString("latin1");
}

/** Memory of its own, as the engine gives it: Node's small buffers share theirs. */
function own(data: Uint8Array): ArrayBuffer {
  return Uint8Array.from(data).buffer;
}

export const crypto: Crypto = {
  maskFrame: new FakeBoard().maskFrame,
  sha256: (data) => own(createHash("sha256").update(bytes(data)).digest()),
  cipher(data, key, { iv }) {
    const aes = createCipheriv("aes-128-cbc", bytes(key), bytes(iv)).setAutoPadding(false);
    return own(Buffer.concat([aes.update(bytes(data)), aes.final()]));
  },
  decipher(data, key) {
    const aes = createDecipheriv("aes-128-cbc", bytes(key), Buffer.alloc(16)).setAutoPadding(false);
    return own(Buffer.concat([aes.update(bytes(data)), aes.final()]));
  },
  bytesOf: (data) => own(bytes(data)),
  collect() {},
  inOne: (...parts) =>
    parts.map((part) => (typeof part === "string" ? part : text(new Uint8Array(part)))).join(""),
};
