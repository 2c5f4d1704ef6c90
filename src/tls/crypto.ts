// The functions that the board lends to TLS, and HMAC and the pseudorandom function made of it. On the engine each is a native function
// and is called as it is: a wrapper would cost a call for each hash.

import type { Board, Bytes, Pads } from "../board";
import { BLOCK, padsOf } from "../hmac";

/** Bytes of a hash. */
export const HASH = 32;
export interface Crypto extends Pick<Board, "maskFrame"> {
  /** SHA-256, 32 bytes. */
  sha256(bytes: Bytes): ArrayBuffer;
  /** AES-128-CBC (FIPS 197, SP 800-38A 6.2) without padding: whole blocks of 16 bytes. */
  cipher(bytes: Bytes, key: Bytes, options: CipherOptions): ArrayBuffer;
  /** With an IV of zeros. */
  decipher(bytes: Bytes, key: Bytes): ArrayBuffer;
  /** The bytes of a string; not a copy on the engine (engine 18). */
  bytesOf(text: Bytes): ArrayBuffer;
  /** Puts the free memory in order (engine 48). */
  collect(): unknown;
  /** All bytes in one string. */
  inOne(...bytes: (Bytes | ArrayBuffer)[]): Bytes;
}

/** The engine's names. */
export interface CipherOptions {
  iv: Bytes;
  mode: "CBC";
}

/** A secret of any length as HMAC uses it (RFC 2104 2). */
export function secretOf(crypto: Crypto, secret: Bytes): Pads {
  return padsOf(crypto, secret.length > BLOCK ? crypto.inOne(crypto.sha256(secret)) : secret);
}

/** HMAC-SHA256 (RFC 2104 2), 32 bytes. */
export function hmac(crypto: Crypto, pads: Pads, text: Bytes): Bytes {
  const inner = crypto.sha256(crypto.inOne(pads.inner, text));
  const outer = crypto.sha256(crypto.inOne(pads.outer, inner));
  return crypto.inOne(outer);
}

/** The pseudorandom function of TLS 1.2: P_SHA256 (RFC 5246 5). */
export function prf(crypto: Crypto, secret: Pads, label: Bytes, seed: Bytes, length: number): Bytes {
  const text = label + seed;
  let a = hmac(crypto, secret, text);
  let bytes = hmac(crypto, secret, a + text);
  while (bytes.length < length) {
    a = hmac(crypto, secret, a);
    bytes += hmac(crypto, secret, a + text);
  }
  return bytes.substr(0, length);
}
