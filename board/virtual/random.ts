// The board's random numbers: the interpreter's generator, predictable as on the chip, and the chip's random
// register, fed from a seed so that a test sees the same numbers every time.

/** Largest result of {@link Random.next}. */
const RAND_MAX = 0x7fffffff;

/**
 * Two 16-bit multiply-with-carry generators side by side, as in Espruino. It starts the same after every boot, and a
 * seed with a zero half leaves one of the two stuck at zero.
 */
export class Random {
  private w = 0xdeadbeef;
  private z = 0xcafebabe;

  /** The next number, 0..2^31-1. */
  next(): number {
    this.z = (36969 * (this.z & 0xffff) + (this.z >>> 16)) >>> 0;
    this.w = (18000 * (this.w & 0xffff) + (this.w >>> 16)) >>> 0;
    return ((this.z << 16) + this.w) & RAND_MAX;
  }

  /** What `Math.random()` returns: 0 <= n < 1. */
  fraction(): number {
    return this.next() / (RAND_MAX + 1);
  }

  /** What `E.srand(seed)` does with its 32 bits. */
  seed(seed: number): void {
    const low = seed & 0xffff;
    const high = (seed >>> 16) & 0xffff;
    this.w = (low | (low << 16)) >>> 0;
    this.z = ((high << 16) | high) >>> 0;
  }
}

/** The address of the ESP32's random register, which `peek32` reads. */
export const RANDOM_REGISTER = 0x3ff75144;

/** The random register: another 32 bits at each reading, the same series for the same seed (an integer > 0). */
export function entropy(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state;
  };
}
