// `npm run fuzz -- [--seconds 600] [--seed N] [--target NAME] [--case N]`: fuzzes the minified build until the time is
// over. Prints each input that does harm, shortened and ready for the corpus; then the exit code is 1.
import { parseArgs } from "node:util";
import { hex } from "../support/wire.ts";
import { corpusOf, type Failed, harmOf, minimised, runCase, type Target } from "./fuzzer.ts";
import { TARGETS } from "./targets.ts";

/** Cases of one target before the next target. */
const TURN = 50;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
    target: { type: "string" },
    case: { type: "string" },
  },
});
const [seconds, seed, single] = [Number(values.seconds), Number(values.seed), values.case];
const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
if (!targets.length || !(seconds > 0) || !(seed >= 0)) {
  console.error(
    `--seconds and --seed want numbers, --target one of ${TARGETS.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}

function report(target: Target, failed: Failed): void {
  const shortest = minimised(target, failed);
  console.log(
    `\n${target.name}, case ${failed.number}: ${failed.bytes.length} bytes, ${shortest.length} suffice`,
  );
  console.log(hex(shortest));
  console.log(harmOf(target, shortest, failed.number));
}

let found = 0;
const cases = new Map<Target, number>();
if (single !== undefined) {
  for (const target of targets) {
    const failed = runCase(target, corpusOf(target), Number(single));
    if (failed) report(target, failed);
    found += failed ? 1 : 0;
  }
} else {
  console.log(`seed ${seed}, ${seconds} s`);
  const corpora = targets.map(corpusOf);
  const end = Date.now() + seconds * 1000;
  for (let turn = 0; Date.now() < end && found < 10; turn++) {
    const target = targets[turn % targets.length]!;
    const from = cases.get(target) ?? 0;
    for (let i = from; i < from + TURN; i++) {
      const failed = runCase(target, corpora[turn % targets.length]!, seed + i);
      if (failed) report(target, failed);
      found += failed ? 1 : 0;
    }
    cases.set(target, from + TURN);
  }
  console.log(targets.map((target) => `${target.name} ${cases.get(target) ?? 0}`).join(", "));
}
console.log(found ? `${found} found` : "nothing found");
process.exitCode = found ? 1 : 0;
