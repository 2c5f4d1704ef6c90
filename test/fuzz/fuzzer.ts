// What every kind of fuzz shares: a target is a way to make hostile input and a way to tell whether it did harm; inputs
// come from the corpus, from the target, and from both with something changed. Knows no protocol.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Random, randomOf } from "../support/random.ts";
import { wire } from "../support/wire.ts";

export interface Target {
  name: string;
  /** Cases in the test suite: all targets together take about ten seconds. */
  cases: number;
  /** Makes an input, before anything is changed in it. */
  make(random: Random): string;
  /** Throws if the input does harm. Chance is for cutting it, and what else happens meanwhile. */
  check(bytes: string, random: Random): void;
}

/** Inputs that were written down or found: `.hex` as in test/support/wire.ts, anything else as it is. By name. */
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

/** Bytes that lengths, flags and signs turn upon. */
const EDGES = '\0\x01\x02\x04\x08\x10\x20\x30\x40\x7d\x7e\x7f\x80\x81\x82\x88\x89\xc0\xfe\xff\r\n"{}[]\\';

/** The same with one thing changed. */
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

/** An input: of the corpus or of the target's own making, mostly with something changed. */
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

/** What is thrown over an input, cut as in that case. */
export function harmOf(target: Target, bytes: string, number: number): unknown {
  try {
    target.check(bytes, randomOf(number ^ 0x5eed));
    return undefined;
  } catch (error) {
    return error ?? new Error("thrown: nothing");
  }
}

/** A shorter input that does harm as well: what can be left out is. */
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
