// Signatures SLH-DSA-SHA2-128s (FIPS 205) in milliseconds, for tests that sign many manifests. A real signer computes every
// leaf of a tree for the other nodes on the way up, which takes seconds. This one makes those nodes up: whoever checks a
// signature only sees that they lead to a root, and that the layer above signs this root. Only the highest tree is in the
// public key. It has one real leaf, and the signer looks for a randomizer that leads there. Never sign with it outside a
// test: nothing here is secret.
import { createHash } from "node:crypto";

/** FIPS 205, table 2. */
const N = 16;
const LAYERS = 7;
const HEIGHT = 9;
const FORS_TREES = 14;
const FORS_HEIGHT = 12;
const CHAINS = 35;
const DIGITS = 32;
const STEPS = 15;
/** Types of addresses (FIPS 205, table 1). */
const TYPES = { chain: 0, chains: 1, node: 2, fors: 3, forsRoots: 4 } as const;

/** Where a hash stands (FIPS 205 4.2). */
interface Address {
  layer?: number;
  tree: bigint;
  type: keyof typeof TYPES;
  leaf?: number;
  /** Number of the chain, or height in the tree. */
  chain?: number;
  /** Place in the chain, or among the nodes of that height. */
  step?: number;
}

const sha256 = (...pieces: Buffer[]) => createHash("sha256").update(Buffer.concat(pieces)).digest();

const PRODUCT = Buffer.from("espruino-mqtt-ws");

/** A key of this signer, from any text. */
export class QuickSigner {
  /** The public key: seed and root (FIPS 205, figure 16). */
  readonly publicKey: Buffer;
  private readonly seed: Buffer;

  constructor(text: string) {
    this.seed = sha256(Buffer.from(text)).subarray(0, N);
    const { root } = this.layer(LAYERS - 1, 0n, 0, Buffer.alloc(N));
    this.publicKey = Buffer.concat([this.seed, root]);
  }

  /** Signs `00 || length of the context || context || message` (FIPS 205, algorithm 22). */
  sign(message: Buffer, context = PRODUCT): Buffer {
    const whole = Buffer.concat([Buffer.from([0, context.length]), context, message]);
    const found = this.randomizer(whole);
    let { tree, leaf } = found;
    let { root, proof } = this.forest(found.digest, tree, leaf);
    const proofs = [found.randomizer, proof];
    for (let layer = 0; layer < LAYERS; layer++) {
      ({ root, proof } = this.layer(layer, tree, leaf, root));
      proofs.push(proof);
      leaf = Number(tree & 511n);
      tree >>= 9n;
    }
    return Buffer.concat(proofs);
  }

  /** A randomizer that leads to the first leaf of the highest tree, 1 of 512; and what it makes of the message (11.2.1). */
  private randomizer(message: Buffer) {
    for (let count = 0; ; count++) {
      const randomizer = Buffer.alloc(N);
      randomizer.writeUInt32BE(count);
      const seeds = Buffer.concat([randomizer, this.seed]);
      const inner = sha256(seeds, this.publicKey.subarray(N), message);
      const digest = sha256(seeds, inner, Buffer.alloc(4));
      const tree = BigInt.asUintN(54, digest.readBigUInt64BE(20));
      if (tree >> 45n === 0n) return { randomizer, digest, tree, leaf: digest.readUInt16BE(28) & 511 };
    }
  }

  /** F, H and T (11.2.1). */
  private hash({ layer = 0, tree, type, leaf = 0, chain = 0, step = 0 }: Address, ...data: Buffer[]): Buffer {
    const address = Buffer.alloc(22);
    address[0] = layer;
    address.writeBigUInt64BE(tree, 1);
    address[9] = TYPES[type];
    address.writeUInt32BE(leaf, 10);
    address.writeUInt32BE(chain, 14);
    address.writeUInt32BE(step, 18);
    return sha256(this.seed, Buffer.alloc(64 - N), address, ...data).subarray(0, N);
  }

  /** FORS (algorithms 16 and 17): the leaf that the digest names in each tree, and a way up. */
  private forest(digest: Buffer, tree: bigint, leaf: number) {
    const roots: Buffer[] = [];
    const proof: Buffer[] = [];
    for (let i = 0; i < FORS_TREES; i++) {
      const bits = digest.readUInt16BE((i * 3) >> 1);
      const index = (i << FORS_HEIGHT) | (i & 1 ? bits & 0xfff : bits >> 4);
      const at: Address = { tree, type: "fors", leaf };
      const secret = sha256(this.seed, Buffer.from(`fors ${tree} ${leaf} ${index}`)).subarray(0, N);
      const { root, others } = this.climb(at, this.hash({ ...at, step: index }, secret), index, FORS_HEIGHT);
      roots.push(root);
      proof.push(secret, ...others);
    }
    return { root: this.hash({ tree, type: "forsRoots", leaf }, ...roots), proof: Buffer.concat(proof) };
  }

  /** A layer signs a root: chains of WOTS+ (algorithms 7 and 8), and a way up (algorithms 10 and 11). */
  private layer(layer: number, tree: bigint, leaf: number, signed: Buffer) {
    const digits = [...signed.toString("hex")].map((digit) => Number.parseInt(digit, 16));
    const checksum = digits.reduce((sum, digit) => sum + STEPS - digit, 0);
    for (let i = DIGITS; i < CHAINS; i++) digits.push((checksum >> ((CHAINS - 1 - i) * 4)) & 15);
    const begins: Buffer[] = [];
    const ends: Buffer[] = [];
    for (const [chain, digit] of digits.entries()) {
      let node: Buffer = sha256(this.seed, Buffer.from(`chain ${layer} ${tree} ${leaf} ${chain}`)).subarray(
        0,
        N,
      );
      for (let step = 0; step < STEPS; step++) {
        if (step === digit) begins.push(node);
        node = this.hash({ layer, tree, type: "chain", leaf, chain, step }, node);
      }
      if (digit === STEPS) begins.push(node);
      ends.push(node);
    }
    const start = this.hash({ layer, tree, type: "chains", leaf }, ...ends);
    const { root, others } = this.climb({ layer, tree, type: "node" }, start, leaf, HEIGHT);
    return { root, proof: Buffer.concat([...begins, ...others]) };
  }

  /** The root above a node, with other nodes that are made up. */
  private climb(at: Address, start: Buffer, index: number, height: number) {
    const others: Buffer[] = [];
    let root: Buffer = start;
    for (let level = 1; level <= height; level++) {
      const other = sha256(this.seed, Buffer.from(`node ${level}`)).subarray(0, N);
      const pair = index & 1 ? [other, root] : [root, other];
      index >>= 1;
      root = this.hash({ ...at, chain: level, step: index }, ...pair);
      others.push(other);
    }
    return { root, others };
  }
}
