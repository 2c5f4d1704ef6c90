// The hypertree (FIPS 205 7): seven layers. In each, chains of WOTS+ (5) lead from the signature to a leaf, and a tree of
// XMSS (6) from the leaf to a root, which the next layer signs. The last root is in the public key.

import type { Bytes } from "../board";
import { FIRST_LAYER } from "./slh-fors";
import {
  CHAIN,
  type Check,
  climb,
  DATA,
  hashList,
  KEY_PAIR,
  LAYER,
  N,
  STEP,
  signedNext,
  TREE,
  TREE_NODE,
  TYPE,
  WOTS_HASH,
  WOTS_PK,
} from "./slh-hash";

/** Layers, and the height of their trees (d and h' in FIPS 205, table 2). */
export const LAYERS = 7;
const HEIGHT = 9;
/** Chains of a layer: 32 for the digits of a hash, 3 for those of the checksum; steps of a whole chain (len and w - 1). */
const DIGITS = 32;
const CHAINS = 35;
const STEPS = 15;
const LAYER_BYTES = (CHAINS + HEIGHT) * N;
/** Steps of chains after which a slice ends. */
const SLICE_STEPS = 100;

/** A few chains of a layer; after the last one, its tree. */
export function climbLayer(check: Check): void {
  const place = FIRST_LAYER + check.layer * LAYER_BYTES;
  climbChains(check, check.piece(place, CHAINS * N));
  if (check.next === CHAINS) climbTree(check, check.piece(place + CHAINS * N, HEIGHT * N));
}

/** Chains (FIPS 205, algorithm 8): each digit of what is signed says how many steps of its chain the signature has done. */
function climbChains(check: Check, chains: Bytes): void {
  const { pair, viewOne, list, signed } = check;
  const hash = check.hash;
  const begins = hash.bytesOf(chains);
  let steps = 0;
  let i = check.next;
  pair[LAYER] = check.layer;
  pair[TYPE] = WOTS_HASH;
  pair[KEY_PAIR - 1] = check.leaf >> 8;
  pair[KEY_PAIR] = check.leaf & 255;
  pair[STEP - 1] = 0;
  for (; i < CHAINS && steps < SLICE_STEPS; i++) {
    let digit = i & 1 ? signed[i >> 1]! & 15 : signed[i >> 1]! >> 4;
    if (i < DIGITS) check.checksum += STEPS - digit;
    else digit = (check.checksum >> ((CHAINS - 1 - i) * 4)) & 15;
    steps += STEPS - digit;
    pair[CHAIN] = i;
    let node: Uint8Array = new Uint8Array(begins, i * N, N);
    // The 32 bytes of a hash are written; those behind the view do not count.
    for (; digit < STEPS; digit++) {
      pair[STEP] = digit;
      pair.set(node, DATA);
      node = hash.sha256(viewOne);
    }
    list.set(node, DATA + i * N);
  }
  check.next = i;
}

/** The end of a layer: the root of its tree, and the place of the next layer (FIPS 205, algorithms 11 and 13). */
function climbTree(check: Check, path: Bytes): void {
  const { pair, leaf } = check;
  const start = hashList(check, WOTS_PK, CHAINS);
  pair[TYPE] = TREE_NODE;
  pair[KEY_PAIR - 1] = 0;
  pair[KEY_PAIR] = 0;
  signedNext(check, climb(check, start, path, leaf));
  // The lowest 9 bits of the tree are the next leaf. The tree has 54 bits, too many for a number: it is shifted in place.
  check.leaf = ((pair[TREE - 1]! & 1) << 8) | pair[TREE]!;
  for (let at = TREE; at > TREE - 6; at--) pair[at] = (pair[at - 1]! >> 1) | ((pair[at - 2]! & 1) << 7);
  pair[TREE - 6] = 0;
  check.layer++;
  check.next = 0;
  check.checksum = 0;
}
