// Chance that can be repeated: a seeded test prints its seed when it fails, FUZZ_SEED=<number> runs it again.

/** The seed of this run. */
export const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));

export interface Random {
  /** A whole number, 0 <= n < below. */
  below(below: number): number;
  /** Random bytes. */
  bytes(length: number): string;
  /** Cuts bytes into pieces of 1 to `most` bytes. */
  split(bytes: string, most: number): string[];
}

/** The mulberry32 generator. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  function below(below: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }
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
