// FORS (FIPS 205 8): 14 trees of 4,096 leaves. The hash of the message names a leaf of each; the signature shows the leaf and
// the way up to the root.

import {
  CHAIN,
  type Check,
  climb,
  DATA,
  FORS_ROOTS,
  FORS_TREE,
  hashList,
  KEY_PAIR,
  N,
  STEP,
  signedNext,
  TYPE,
} from "./slh-hash";

/** Trees, and their height (k and a in FIPS 205, table 2). */
const FORS_TREES = 14;
const FORS_HEIGHT = 12;
const FORS_BYTES = (1 + FORS_HEIGHT) * N;
/** Places in a signature (FIPS 205, figure 17): the trees behind the randomizer, then the layers. */
const FORS = N;
export const FIRST_LAYER = FORS + FORS_TREES * FORS_BYTES;
/** Trees in a slice. */
const SLICE_TREES = 5;

/** A few trees of FORS; after the last one, what their roots sign (FIPS 205, algorithm 17). */
export function climbForest(check: Check): void {
  const { pair, signed } = check;
  pair[KEY_PAIR - 1] = check.leaf >> 8;
  pair[KEY_PAIR] = check.leaf & 255;
  const end = check.next + SLICE_TREES < FORS_TREES ? check.next + SLICE_TREES : FORS_TREES;
  for (let i = check.next; i < end; i++) {
    // 12 bits of the hash for each tree: three bytes are two numbers.
    const at = (i * 3) >> 1;
    const low =
      i & 1 ? ((signed[at]! & 15) << 8) | signed[at + 1]! : (signed[at]! << 4) | (signed[at + 1]! >> 4);
    const index = (i << FORS_HEIGHT) | low;
    const place = FORS + i * FORS_BYTES;
    pair[TYPE] = FORS_TREE;
    pair[CHAIN] = 0;
    pair[STEP - 1] = index >> 8;
    pair[STEP] = index & 255;
    pair.set(new Uint8Array(check.hash.bytesOf(check.piece(place, N))), DATA);
    const leaf = check.hash.sha256(check.viewOne);
    const root = climb(check, leaf, check.piece(place + N, FORS_BYTES - N), index);
    check.list.set(root, DATA + i * N);
  }
  check.next = end;
  if (end < FORS_TREES) return;
  signedNext(check, hashList(check, FORS_ROOTS, FORS_TREES));
  check.layer = 0;
  check.next = 0;
}
