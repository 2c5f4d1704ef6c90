// About ten seconds of fuzzing: a fixed number of cases for each target, and the whole corpus. Most of it is done on
// the minified build (test/bundle/minified.test.ts), some on the sources. FUZZ_SEED repeats a run; `npm run fuzz`
// goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../support/random.ts";
import { hex } from "../support/wire.ts";
import { corpusOf, harmOf, runCase } from "./fuzzer.ts";
import { TARGETS } from "./targets.ts";

/** The sources get this many times fewer cases. */
const SHARE = import.meta.resolve("#subject").endsWith(".js") ? 1 : 5;

for (const target of TARGETS) {
  const cases = target.cases / SHARE;
  const corpus = corpusOf(target);

  test(`fuzz: ${target.name}: the corpus does no harm`, () => {
    for (const [name, bytes] of corpus) {
      for (let number = 0; number < 5; number++)
        assert.ifError(harmOf(target, bytes, number) && new Error(name));
    }
  });

  test(`fuzz: ${target.name}: ${cases} cases do no harm`, (t) => {
    t.diagnostic(`FUZZ_SEED=${SEED}`);
    for (let i = 0; i < cases; i++) {
      const failed = runCase(target, corpus, SEED + i);
      if (!failed) continue;
      const how = `npm run fuzz -- --target ${target.name} --case ${failed.number}`;
      throw new Error(`${how}: ${hex(failed.bytes)}`, { cause: failed.error });
    }
  });
}
