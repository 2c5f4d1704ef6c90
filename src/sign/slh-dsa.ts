// The check of a signature SLH-DSA-SHA2-128s (FIPS 205), in slices. A signature is a hash of the message, then proofs that
// lead from it to the public key: 14 trees of FORS (8), and 7 layers, each of 35 chains of WOTS+ (5) and a tree (6). Each of
// the about 2,100 hashes takes the chip a millisecond, so a check takes two seconds: keep alive, watchdog and pins go on
// between its slices.

import type { Bytes } from "../board";
import { chars } from "../mqtt/bytes";
import { climbForest } from "./slh-fors";
import { type Check, type Hash, N, newCheck, type ReadSignature, signedNext, TREE } from "./slh-hash";
import { climbLayer, LAYERS } from "./slh-layers";

/** Bytes of a public key and of a signature (FIPS 205, table 2). */
export const PUBLIC_KEY = 2 * N;
export const SIGNATURE = 7856;
/** Most bytes of a context (FIPS 205 10.3). */
export const MAX_CONTEXT = 255;

/** Places in the hash of the message: the tree and the leaf, behind what FORS signs (FIPS 205, algorithm 20). */
const TREE_AT = 21;
const LEAF_AT = 28;

/** Verdicts of {@link goOn}. */
export const CHECKING = 0;
export const GOOD = 1;
export const BAD = -1;

/**
 * Begins to check a signature over `00 || length of the context || context || message` (FIPS 205, algorithm 24).
 * @returns undefined where key, context or signature have a length that none has
 */
export function beginCheck(
  key: Bytes,
  message: Bytes,
  context: Bytes,
  piece: ReadSignature,
  hash: Hash,
): Check | undefined {
  if (context.length > MAX_CONTEXT) return undefined;
  return beginInternal(key, chars(0, context.length) + context + message, piece, hash);
}

/** The same over exactly these bytes (FIPS 205, algorithm 20). */
export function beginInternal(
  key: Bytes,
  message: Bytes,
  piece: ReadSignature,
  hash: Hash,
): Check | undefined {
  if (key.length !== PUBLIC_KEY || piece(0, SIGNATURE + 1).length !== SIGNATURE) return undefined;
  const check = newCheck(hash, key, piece);
  // H_msg (FIPS 205 11.2.1): MGF1 has one block, with the counter 0.
  const seeds = piece(0, N) + key.substr(0, N);
  const inner = hashText(hash, seeds + key.substr(N) + message);
  const outer = new Uint8Array(2 * N + 2 * N + 4);
  outer.set(new Uint8Array(hash.bytesOf(seeds)));
  outer.set(inner, 2 * N);
  const signed = signedNext(check, hash.sha256(outer));
  const pair = check.pair;
  for (let i = 0; i < LEAF_AT - TREE_AT; i++) pair[TREE - i] = signed[LEAF_AT - 1 - i]!;
  // The tree has 54 bits.
  pair[TREE - 6]! &= 63;
  check.leaf = ((signed[LEAF_AT]! & 1) << 8) | signed[LEAF_AT + 1]!;
  return check;
}

function hashText(hash: Hash, text: Bytes): Uint8Array {
  // In one piece of memory: the engine would copy other bytes onto the stack (engine 21).
  const bytes = new Uint8Array(text.length);
  bytes.set(new Uint8Array(hash.bytesOf(text)));
  return hash.sha256(bytes);
}

/**
 * Does a slice of a check: at most 20 million instructions. Throws where the board has no memory for a hash; then
 * {@link endCheck} it, and nothing is known about the signature.
 * @returns GOOD or BAD at the end, which empties the record; CHECKING before
 */
export function goOn(check: Check): number {
  if (check.layer < 0) climbForest(check);
  else climbLayer(check);
  check.hash.collect();
  if (check.layer < LAYERS) return CHECKING;
  let wrong = 0;
  for (let i = 0; i < N; i++) wrong |= check.signed[i]! ^ check.root.charCodeAt(i);
  endCheck(check);
  return wrong ? BAD : GOOD;
}

/** Empties the record, which cannot be used again: a cycle through it would stay (engine 15). */
export function endCheck(check: Partial<Check>): void {
  delete check.piece;
  delete check.hash;
  delete check.pair;
  delete check.viewOne;
  delete check.viewTwo;
  delete check.list;
  delete check.signed;
}
