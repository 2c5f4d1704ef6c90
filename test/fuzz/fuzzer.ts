// The fuzzer for all targets. A target makes hostile input and checks whether it did harm. Inputs come from the corpus,
// from the target, and from both with mutations.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Random, randomOf } from "../support/random.ts";
import { wire } from "../support/wire.ts";

export interface Target {
  name: string;
  /** Cases in the test suite: all targets together take about ten seconds. */
  cases: number;
  /** Makes an input; mutations come later. */
  make(random: Random): string;
  /** Throws if the input does harm. `random` cuts it into chunks, and decides other events. */
  check(bytes: string, random: Random): void;
}

/** Inputs of the corpus by name: `.hex` files as in test/support/wire.ts, other files as they are. */
export function corpusOf(target: Target): [name: string, bytes: string][] {
  const folder = join("test/fuzz/corpus", target.name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), "latin1");
      const bytes = name.endsWith(".hex")
        ? wire(Object.assign([text], { raw: [text] }) as unknown as TemplateStringsArray)
        : text;
      return [name, bytes];
    });
}

/** Bytes at the limits of lengths, flags and signs. */
const EDGES = '\0\x01\x02\x04\x08\x10\x20\x30\x40\x7d\x7e\x7f\x80\x81\x82\x88\x89\xc0\xfe\xff\r\n"{}[]\\';

/** The input with one mutation. */
function changed(bytes: string, other: string, random: Random): string {
  const at = random.below(bytes.length + 1);
  const from = random.below(other.length + 1);
  const length = 1 + random.below(random.below(4) ? 4 : 60);
  const edge = EDGES[random.below(EDGES.length)]!;
  const [before, behind] = [bytes.slice(0, at), bytes.slice(at)];
  const flipped = String.fromCharCode((behind.charCodeAt(0) || 0) ^ (1 << random.below(8)));
  const changes = [
    before + edge + behind.slice(1),
    before + edge + behind,
    before + flipped + behind.slice(1),
    before + random.bytes(length) + behind.slice(length),
    before + behind.slice(length),
    before + behind.slice(0, length).repeat(1 + random.below(6)) + behind.slice(length),
    before + other.slice(from, from + length) + behind,
    before + other.slice(from),
    before,
  ];
  return changes[random.below(changes.length)]!;
}

/** An input of the corpus or of the target, mostly with mutations. */
export function inputOf(target: Target, corpus: [string, string][], random: Random): string {
  const pick = () =>
    corpus.length && random.below(3) === 0 ? corpus[random.below(corpus.length)]![1] : target.make(random);
  let bytes = pick();
  for (let n = random.below(6) - 1; n > 0; n--) bytes = changed(bytes, pick(), random);
  return bytes;
}

/** One case: its input, and whether it did harm. The same number is the same case. */
export function runCase(target: Target, corpus: [string, string][], number: number): Failed | undefined {
  const bytes = inputOf(target, corpus, randomOf(number));
  const error = harmOf(target, bytes, number);
  return error ? { number, bytes, error } : undefined;
}

export interface Failed {
  number: number;
  bytes: string;
  error: unknown;
}

/** The exception for an input, cut as in that case. */
export function harmOf(target: Target, bytes: string, number: number): unknown {
  try {
    target.check(bytes, randomOf(number ^ 0x5eed));
    return undefined;
  } catch (error) {
    return error ?? new Error("thrown: nothing");
  }
}

/** Shortens an input as long as it still does harm. */
export function minimised(target: Target, { bytes, number }: Failed): string {
  for (let size = bytes.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < bytes.length; ) {
      const shorter = bytes.slice(0, at) + bytes.slice(at + size);
      if (harmOf(target, shorter, number)) bytes = shorter;
      else at += size;
    }
  }
  return bytes;
}
