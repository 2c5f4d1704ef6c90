// The hashes of SLH-DSA-SHA2-128s (FIPS 205 11.2.1): F, H and T are SHA-256 over the key's seed, an address, and what is
// hashed. Seed and address lie in front of a view, and the engine's native SHA-256 reads the view where it is: a step of a
// chain is two native calls.

import type { Bytes } from "../board";

/** Bytes of a hash (n in FIPS 205, table 2): SHA-256 is cut to them. */
export const N = 16;
/** Bytes that SHA-256 needs for its block; the seed is filled up with zeros to it. */
const BLOCK = 64;

/** Places in a view: the compressed address (FIPS 205 11.2), a field a line, lowest byte. What is hashed is behind it. */
export const LAYER = BLOCK;
export const TREE = BLOCK + 8;
export const TYPE = BLOCK + 9;
export const KEY_PAIR = BLOCK + 13;
/** Number of the chain, or height in the tree. */
export const CHAIN = BLOCK + 17;
/** Place in the chain, or place in the tree at that height. */
export const STEP = BLOCK + 21;
export const DATA = BLOCK + 22;

/** Types of addresses (FIPS 205, table 1). */
export const WOTS_HASH = 0;
export const WOTS_PK = 1;
export const TREE_NODE = 2;
export const FORS_TREE = 3;
export const FORS_ROOTS = 4;

/** In place of a layer: the trees of FORS come first. */
const FOREST = -1;
/** Most hashes in a list: the ends of the chains (35). */
const MOST = 35;

/** What the board lends for a check. On the engine all three are native functions: each of them is called as it is. */
export interface Hash {
  /** SHA-256 (FIPS 180-4), 32 bytes. The engine gives an ArrayBuffer; its `set` takes that, too. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** The bytes of a string; not a copy on the engine (engine 18). */
  bytesOf(text: Bytes): ArrayBuffer;
  /** Puts the free memory in order (engine 48). */
  collect(): unknown;
}

/** The bytes of a signature from a place on; fewer where it ends. */
export type ReadSignature = (at: number, length: number) => Bytes;

/** A check under way. */
export interface Check {
  hash: Hash;
  /** Seed, address, and room for two hashes and for the end of a third: SHA-256 gives 32 bytes, of which 16 count. */
  pair: Uint8Array;
  /** The same memory up to the first hash, for F, and up to the second one, for H. */
  viewOne: Uint8Array;
  viewTwo: Uint8Array;
  /** Seed, address, and room for a list of hashes. */
  list: Uint8Array;
  /** Hash of the message; then the root of the tree below, which the next layer signs. */
  signed: Uint8Array;
  piece: ReadSignature;
  /** The second half of the public key: where the signature must lead to. */
  root: Bytes;
  /** Layer that is next, FOREST at the beginning; the next one of its chains or trees. */
  layer: number;
  next: number;
  /** Place of the leaf in the layer's tree. */
  leaf: number;
  /** The checksum of the digits so far (FIPS 205 5). */
  checksum: number;
}

/** @param key the public key (FIPS 205, figure 16): its first half is the seed */
export function newCheck(hash: Hash, key: Bytes, piece: ReadSignature): Check {
  const pair = new Uint8Array(DATA + 3 * N);
  for (let i = 0; i < N; i++) pair[i] = key.charCodeAt(i);
  return {
    hash,
    pair,
    viewOne: new Uint8Array(pair.buffer, 0, DATA + N),
    viewTwo: new Uint8Array(pair.buffer, 0, DATA + 2 * N),
    list: new Uint8Array(DATA + (MOST + 1) * N),
    signed: pair,
    piece,
    root: key.substr(N),
    leaf: 0,
    layer: FOREST,
    next: 0,
    checksum: 0,
  };
}

/** Notes a hash as what is signed next. Throws where the board had no memory for it: its absence would end as a bad signature. */
export function signedNext(check: Check, hashed: Uint8Array): Uint8Array {
  const signed = new Uint8Array(hashed || 0);
  if (signed.length < N) throw new Error("no memory to check the signature");
  check.signed = signed;
  return signed;
}

/** The hash of the first hashes of the list (T in FIPS 205), under the address of `pair` and a type. */
export function hashList(check: Check, type: number, count: number): Uint8Array {
  const list = check.list;
  list.set(new Uint8Array(check.pair.buffer, 0, KEY_PAIR + 1));
  list[TYPE] = type;
  return check.hash.sha256(new Uint8Array(list.buffer, 0, DATA + count * N));
}

/**
 * The root of a tree, from a node and the other nodes on its way up (FIPS 205, algorithms 11 and 17).
 * @param path the other nodes, the lowest first
 * @param index place of the node among those of its height
 */
export function climb(check: Check, leaf: Uint8Array, path: Bytes, index: number): Uint8Array {
  const pair = check.pair;
  const others = check.hash.bytesOf(path);
  let node = leaf;
  for (let height = 0; height * N < path.length; height++) {
    const right = index & 1;
    index >>= 1;
    pair[CHAIN] = height + 1;
    pair[STEP - 1] = index >> 8;
    pair[STEP] = index & 255;
    // The 32 bytes of a node, first: the other node is written over what is too much.
    pair.set(node, right ? DATA + N : DATA);
    pair.set(new Uint8Array(others, height * N, N), right ? DATA : DATA + N);
    node = check.hash.sha256(check.viewTwo);
  }
  return node;
}
