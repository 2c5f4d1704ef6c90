// Random numbers that can be repeated. A seeded test prints its seed when it fails; FUZZ_SEED=<number> runs it again.

/** The seed of this run. */
export const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

export interface Random {
  /** A whole number, 0 <= n < below. */
  below(below: number): number;
  /** Random bytes. */
  bytes(length: number): string;
  /** Cuts bytes into pieces of 1 to `most` bytes. */
  split(bytes: string, most: number): string[];
}

/** Random numbers 0 <= n < 1 from a seed, by the mulberry32 generator. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let n = Math.imul(state ^ (state >>> 15), state | 1);
    n ^= n + Math.imul(n ^ (n >>> 7), n | 61);
    return ((n ^ (n >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same, in the forms that fuzz tests need. */
export function randomOf(seed: number): Random {
  const next = chance(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    bytes: (length) => Array.from({ length }, () => String.fromCharCode(below(256))).join(""),
    split(bytes, most) {
      const pieces: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.slice(at, at + 1 + below(most));
        pieces.push(piece);
        at += piece.length;
      }
      return pieces;
    },
  };
}
