// Signatures of manifests: SLH-DSA-SHA2-128s (FIPS 205) in its pure mode, with the product's name as context. The board
// checks them with src/sign.

import { slh_dsa_sha2_128s as slhDsa } from "@noble/post-quantum/slh-dsa.js";
import { PRODUCT } from "./manifest.ts";

/** Lengths in bytes (FIPS 205, table 2). */
export const PUBLIC_BYTES = 32;
export const PRIVATE_BYTES = 64;
export const SIGNATURE_BYTES = 7_856;

const CONTEXT = new Uint8Array(Buffer.from(PRODUCT));

export interface KeyPair {
  publicKey: Buffer;
  privateKey: Buffer;
}

export function newKeyPair(): KeyPair {
  const { publicKey, secretKey } = slhDsa.keygen();
  return { publicKey: Buffer.from(publicKey), privateKey: Buffer.from(secretKey) };
}

/** Takes seconds. */
export function sign(message: Buffer, privateKey: Buffer): Buffer {
  return Buffer.from(slhDsa.sign(new Uint8Array(message), new Uint8Array(privateKey), { context: CONTEXT }));
}

export function isSigned(message: Buffer, signature: Buffer, publicKey: Buffer): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const [bytes, text, key] = [signature, message, publicKey].map((each) => new Uint8Array(each));
  return slhDsa.verify(bytes!, text!, key!, { context: CONTEXT });
}
